/** @file The worker that ranks submissions; it is ended when it has answered, or to cancel. */
import {
  type JetList,
  type Leaderboard,
  namedJets,
  numberedJets,
  parseIds,
  parseManifest,
  parseSubmission,
  type Rejected,
  rank,
} from '@jetsdk/eval';
import { isJetError, JetError } from '@jetsdk/jets';
import { openJetsFile } from '@jetsdk/jets/browser';
import { labelsOf, readNpy } from '@jetsdk/jets/npy';
import { serve, type Task } from './rpc.js';

/** A dropped file with its folders. */
export interface Dropped {
  readonly path: string;
  readonly file: File;
}

/** A ranking, and which file it was held against. */
export interface Ranked {
  readonly ranking: Leaderboard;
  readonly labelsFile: string;
  readonly board: 'all' | 'private';
}

type Entry = Parameters<typeof rank>[0][number];

const nameOf = ({ path }: Dropped): string => path.slice(path.lastIndexOf('/') + 1);
/** Files of a challenge folder, receipts and hidden files are no submissions. */
const isOther = ({ path }: Dropped): boolean =>
  /(^|\/)(\.|public\/|secret\/)|(^|\/)(labels|ids|board)\.\w+$|\.receipt\.json$/i.test(path);

const ranker = {
  async rank({ files }: { readonly files: readonly Dropped[] }, { progress }: Task): Promise<Ranked> {
    const find = (pattern: RegExp): Dropped | undefined => files.find((file) => pattern.test(nameOf(file)));
    const truth = find(/^labels\.(npy|npz|h5|hdf5)$/i);
    if (truth === undefined)
      throw new JetError(
        'BAD_DATASET',
        `leaderboard: no labels among ${files.length} files; expected labels.npy (or .npz, .h5) beside the submissions`,
        { files: files.length },
      );
    const labels = await readLabels(truth.file);
    const ids = find(/^ids\.(csv|txt|npy)$/i);
    const jets = ids === undefined ? numberedJets(labels.length) : namedJets(parseIds(ids.path, await bytesOf(ids)));
    if (jets.count !== labels.length)
      throw new JetError(
        'SHAPE_MISMATCH',
        `${ids?.path}: ${jets.count} ids for ${labels.length} labels; expected one of each a jet`,
        { ids: jets.count, labels: labels.length },
      );
    const { entries, rejected } = await readEntries(
      files.filter((file) => !isOther(file)),
      jets,
    );
    if (entries.length === 0)
      throw new JetError(
        'BAD_DATASET',
        `leaderboard: 0 of ${files.length} files can be ranked; expected <group>__<network>.npy, .npz or .csv with ${labels.length} scores${rejected.length > 0 ? `; ${rejected[0]!.reason}` : ''}`,
        { files: files.length },
      );
    const marks = find(/^board\.npy$/i);
    const board =
      marks === undefined ? undefined : labelsOf(readNpy(await bytesOf(marks)), marks.path).map((mark) => 1 - mark);
    const manifest = find(/^challenge\.json$/i);
    const ranking = rank(entries, labels, {
      onProgress: progress,
      ...(board !== undefined && { board }),
      ...(manifest !== undefined && { rules: parseManifest(manifest.path, await manifest.file.text()).rules }),
    });
    return {
      ranking: { ...ranking, rejected: [...rejected, ...ranking.rejected] },
      labelsFile: truth.path,
      board: board === undefined ? 'all' : 'private',
    };
  },
};

export type Ranker = typeof ranker;

const bytesOf = async ({ file }: Dropped): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

async function readLabels(file: File): Promise<Uint8Array> {
  if (/\.npy$/i.test(file.name)) return labelsOf(readNpy(new Uint8Array(await file.arrayBuffer())), file.name);
  const source = await openJetsFile(file);
  try {
    const labels = await source.labels();
    if (labels !== undefined) return labels;
    throw new JetError('BAD_DATASET', `${file.name}: no labels beside its ${source.count} jets; expected 0 and 1`, {
      jets: source.count,
    });
  } finally {
    source.close();
  }
}

async function readEntries(
  files: readonly Dropped[],
  jets: JetList,
): Promise<{ entries: Entry[]; rejected: Rejected[] }> {
  const entries: Entry[] = [];
  const rejected: Rejected[] = [];
  for (const dropped of files) {
    try {
      const submission = parseSubmission(nameOf(dropped), await bytesOf(dropped), jets);
      entries.push({ ...submission, submitted: dropped.file.lastModified });
    } catch (error) {
      if (!isJetError(error)) throw error;
      rejected.push({ file: dropped.path, reason: error.message });
    }
  }
  return { entries, rejected };
}

serve(ranker);
