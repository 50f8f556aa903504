/** @file What is in a data file, as plain JSON for `jetsdk data info`. */
import { isJetError } from '../errors.js';
import { sliceSource } from '../source/sliceSource.js';
import type { JetSource } from '../source/source.js';
import type { FileContents, FileFormat, OpenJetsOptions } from './format.js';
import type { FileInput } from './host.js';
import { withOpened } from './open.js';

/** The jets of a file, as `openJets` gives them. */
export interface JetsDescription {
  readonly kind: 'constituents' | 'images';
  readonly count: number;
  /** [constituents, 4] or [height, width, channels] */
  readonly jetShape: readonly number[];
  readonly classes?: readonly string[];
  /** jets of each label */
  readonly labels?: Readonly<Record<string, number>>;
  /** why the labels cannot be read */
  readonly notLabels?: string;
  readonly charge: boolean;
  readonly ids: boolean;
}

/** What is in a file, and how it would be read. */
export interface FileDescription extends FileContents {
  readonly path: string;
  readonly format: FileFormat;
  readonly bytes: number;
  readonly jets?: JetsDescription;
  /** why `openJets` cannot open it */
  readonly notJets?: string;
}

/**
 * Looks into an HDF5, `.npy`, `.npz`, ROOT or Parquet file; of the jets only the first and the labels are read.
 *
 * @param options as of `openJets`
 * @throws {JetError} FILE_NOT_FOUND, BAD_FILE, LIMIT_EXCEEDED if it cannot be read at all; BAD_ARGUMENT
 */
export async function describeFile(input: FileInput, options: OpenJetsOptions = {}): Promise<FileDescription> {
  return withOpened(input, options, async (opened) => ({
    path: opened.name,
    format: opened.format.name,
    bytes: opened.bytes,
    ...(await opened.contents()),
    ...(await describeJets(async () => sliceSource(await opened.jets(), () => {}, options.padding))),
  }));
}

async function describeJets(open: () => Promise<JetSource>): Promise<Pick<FileDescription, 'jets' | 'notJets'>> {
  try {
    const source = await open();
    try {
      const { kind, count, jetShape, classes } = source;
      const first = await source.read(0, Math.min(1, count));
      const labels = await labelsOf(source);
      const ids = await source.ids?.();
      return {
        jets: {
          kind,
          count,
          jetShape,
          ...(classes ? { classes } : {}),
          ...labels,
          charge: first.kind === 'constituents' && first.charge !== undefined,
          ids: ids !== undefined,
        },
      };
    } finally {
      source.close();
    }
  } catch (error) {
    if (isJetError(error)) return { notJets: error.message };
    throw error;
  }
}

async function labelsOf(source: JetSource): Promise<Pick<JetsDescription, 'labels' | 'notLabels'>> {
  try {
    const labels = await source.labels();
    return labels ? { labels: countLabels(labels) } : {};
  } catch (error) {
    if (isJetError(error)) return { notLabels: error.message };
    throw error;
  }
}

function countLabels(labels: Uint8Array): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
