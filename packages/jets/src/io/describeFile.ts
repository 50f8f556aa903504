/** @file What is in a data file, as plain JSON for `jetsdk data info`. */

import { isJetError, type JetError, type JetErrorCode } from '../errors.js';
import { requireSource } from '../source/checks.js';
import { type SliceReader, sliceSource } from '../source/sliceSource.js';
import type { JetSource } from '../source/source.js';
import type { FileContents, FileFormat, OpenJetsOptions } from './format.js';
import type { FileInput } from './host.js';
import { type Opened, withOpened } from './open.js';

/** The jets of a file, as `openJets` gives them. */
export interface JetsDescription {
  readonly kind: 'constituents' | 'images';
  readonly count: number;
  /** [constituents, 4] or [height, width, channels] */
  readonly jetShape: readonly number[];
  readonly classes?: readonly string[];
  /** jets of each label */
  readonly labels?: Readonly<Record<string, number>>;
  /** why these labels are none of background and signal */
  readonly notLabels?: string;
  readonly charge: boolean;
  /** whether it is known from which vertex each constituent comes */
  readonly vertex: boolean;
  readonly ids: boolean;
}

/** What is in a file, and how it would be read. */
export interface FileDescription extends FileContents {
  readonly path: string;
  readonly format: FileFormat;
  readonly bytes: number;
  readonly jets?: JetsDescription;
  /** why it has no jets, or which of several it does not say */
  readonly notJets?: string;
  /** why its jets cannot be read, though it has some, or not as the options say */
  readonly refused?: { readonly code: JetErrorCode; readonly message: string };
}

/** Jets that are looked at. */
const LOOKED_AT = 256;

/**
 * Looks into an HDF5, `.npy`, `.npz`, ROOT or Parquet file; of the jets only the first 256 and the labels are read.
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
    ...(await describeJets(opened, options)),
  }));
}

async function describeJets(
  opened: Opened,
  options: OpenJetsOptions,
): Promise<Pick<FileDescription, 'jets' | 'notJets' | 'refused'>> {
  const { dataset, layout, classes, components, unit, padding } = options;
  const asked = [dataset, layout, classes, components, unit].some((option) => option !== undefined);
  let reader: SliceReader;
  try {
    reader = await opened.jets();
  } catch (error) {
    if (isJetError(error)) return !asked && isAnswer(error) ? { notJets: error.message } : refused(error);
    throw error;
  }
  try {
    return { jets: await describeSource(sliceSource(reader, () => {}, padding)) };
  } catch (error) {
    if (isJetError(error)) return refused(error);
    throw error;
  }
}

/** Whether it says what is in an intact file. */
const isAnswer = (error: JetError): boolean => error.code === 'BAD_DATASET';

const refused = ({ code, message }: JetError): Pick<FileDescription, 'refused'> => ({ refused: { code, message } });

/**
 * Says what the jets of a source are; only the labels and some jets are read.
 *
 * @throws {JetError} what the source throws when it is read
 */
export async function describeSource(source: JetSource): Promise<JetsDescription> {
  requireSource('describeSource', source);
  const { kind, count, jetShape, classes } = source;
  const first = await source.read(0, Math.min(LOOKED_AT, count));
  const labels = await labelsOf(source);
  const ids = await source.ids?.();
  return {
    kind,
    count,
    jetShape,
    ...(classes ? { classes } : {}),
    ...labels,
    charge: first.kind === 'constituents' && first.charge !== undefined,
    vertex: first.kind === 'constituents' && first.vertex !== undefined,
    ids: ids !== undefined,
  };
}

async function labelsOf(source: JetSource): Promise<Pick<JetsDescription, 'labels' | 'notLabels'>> {
  try {
    const labels = await source.labels();
    return labels ? { labels: countLabels(labels) } : {};
  } catch (error) {
    if (isJetError(error) && isAnswer(error)) return { notLabels: error.message };
    throw error;
  }
}

function countLabels(labels: Uint8Array): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
