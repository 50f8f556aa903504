/** @file The public board of a running challenge, guarded by the Ladder. */
import { auc } from '../../metrics/auc.js';
import { groupKey } from '../entry/entryName.js';
import type { Rules } from '../rules.js';
import { countedJets, pick } from './countedJets.js';
import { ladder } from './ladder.js';
import type { Entry } from './measuredEntry.js';
import { byTime, type Rejected, withinLimit } from './submissionOrder.js';

/** What is told of a group while the challenge runs. */
export interface PublicBoardRow {
  /** from 1; groups of equal AUC share a rank, the first to have it comes first */
  readonly rank: number;
  readonly group: string;
  /** number of its submissions */
  readonly submissions: number;
  /** the best so far, rounded to the step; it changes only by an improvement of more than the step */
  readonly auc: number;
}

/** A public board: nothing else of the labels gets out. */
export interface PublicBoard {
  readonly format: 'jetsdk-public-board/1';
  readonly ladderStep: number;
  readonly leaderboard: readonly PublicBoardRow[];
  readonly rejected: readonly Rejected[];
}

/**
 * The board that may be shown again and again without telling the labels away.
 *
 * @param entries with scores of all jets; not modified
 * @param labels (jets,) 0 = background, 1 = signal; not modified
 * @param board (jets,) 1 = public; not modified
 * @param options.step η of the Ladder, in units of AUC
 * @throws {JetError} as `ladder` and `auc`
 */
export function publicBoard(
  entries: readonly Entry[],
  labels: ArrayLike<number>,
  board: ArrayLike<number>,
  options: Pick<Rules, 'limitPerGroup' | 'perDay'> & { readonly step: number },
): PublicBoard {
  const { kept, rejected } = withinLimit(entries, options);
  const counted = countedJets(labels, board);
  const onBoard = Uint8Array.from(counted, (jet) => labels[jet]);
  const groups = new Map<string, Entry[]>();
  for (const entry of kept.sort(byTime)) {
    const key = groupKey(entry.group);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const best = [...groups.values()].map((sent) => {
    const released = ladder(
      sent.map(({ scores }) => auc(onBoard, pick(scores, counted))),
      options.step,
    );
    const last = released[sent.length - 1];
    const row = { group: sent[0].group, submissions: sent.length, auc: last };
    return { row, entry: sent[released.indexOf(last)] };
  });
  const rows = best.sort((a, b) => b.row.auc - a.row.auc || byTime(a.entry, b.entry)).map(({ row }) => row);
  return {
    format: 'jetsdk-public-board/1',
    ladderStep: options.step,
    leaderboard: rows.map((row) => ({ rank: 1 + rows.findIndex(({ auc: best }) => best === row.auc), ...row })),
    rejected,
  };
}
