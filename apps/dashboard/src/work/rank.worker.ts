/** @file The worker that ranks submissions; it is ended when it has answered, or to cancel. */
import { type Leaderboard, rank } from '@jetsdk/eval/challenge';
import { JetError } from '@jetsdk/jets';
import type { Dropped } from './dropped.js';
import { serve, type Task } from './rpc.js';
import { readEntries } from './submissions.js';
import { openTruth } from './truth.js';

/** A ranking as `jetsdk challenge rank --json` prints it, and which file it was held against. */
export interface Ranked {
  readonly ranking: Leaderboard & { readonly board: 'all' | 'private' };
  readonly labelsFile: string;
}

const ranker = {
  async rank({ files }: { readonly files: readonly Dropped[] }, { progress }: Task): Promise<Ranked> {
    const { labelsFile, labels, jets, marks, rules, title, key, submissions } = await openTruth(files);
    const { entries, rejected } = await readEntries(submissions, files, jets, key);
    if (entries.length === 0)
      throw new JetError(
        'BAD_DATASET',
        `leaderboard: 0 of ${files.length} files can be ranked; expected <group>__<network>.npy, .npz or .csv with ${labels.length} scores${rejected.length > 0 ? `; ${rejected[0].reason}` : ''}`,
        { files: files.length },
      );
    const ranked = rank(entries, labels, {
      onProgress: progress,
      ...(rules !== undefined && { rules }),
      ...(title !== undefined && { title }),
      ...(marks !== undefined && { board: marks.map((mark) => 1 - mark) }),
    });
    const byName = [...rejected, ...ranked.rejected].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
    return { ranking: { ...ranked, board: marks === undefined ? 'all' : 'private', rejected: byName }, labelsFile };
  },
};

export type Ranker = typeof ranker;

serve(ranker);
