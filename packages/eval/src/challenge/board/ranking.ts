/** @file The leaderboard: who is better, by how much, and whether that is more than luck. */
import { JetError, type Progress } from '@jetsdk/jets';
import { checkLabels, checkLength } from '../../core/inputs.js';
import { normalTwoSided } from '../../core/special.js';
import { groupKey } from '../entry/entryName.js';
import { lookAlikes } from '../entry/lookAlikes.js';
import { dateFlags } from '../entry/receipt.js';
import type { Flag } from '../entry/scoreFlags.js';
import { inspectEntries } from '../forensics/forensics.js';
import { completeRules, type Rules } from '../rules.js';
import { countedJets, pick } from './countedJets.js';
import { type Entry, type EntryFigures, type MeasuredEntry, measureEntry } from './measuredEntry.js';
import { type PlaceStatistics, placesOf, resampleEntries } from './rankBootstrap.js';
import { aucDistance, replicaDistance, SEPARATED_68, SEPARATED_95, tieGroups } from './separation.js';
import { byTime, isProven, type Rejected, withinLimit } from './submissionOrder.js';

/** One line of the leaderboard. */
export interface LeaderboardRow extends EntryFigures, PlaceStatistics {
  /** from 1; equal values are ordered by submission time, then by file name */
  readonly rank: number;
  readonly group: string;
  readonly network: string;
  readonly file: string;
  /** ISO 8601, where known */
  readonly submitted?: string;
  /** after the deadline of the rules */
  readonly late: boolean;
  /** the first row of its group */
  readonly bestOfGroup: boolean;
  /** place by AUC, and by 1/ε_B at the signal efficiency of the rules */
  readonly aucRank: number;
  readonly rejectionRank: number;
  /** rows of one number are not separated from the first of them at 68% (95%) by the paired test */
  readonly tieGroup68: number;
  readonly tieGroup95: number;
  /** two-sided, of the paired test against the row above, at least 1e-300; not in the first row */
  readonly pValueToAbove?: number;
  readonly flags: readonly Flag[];
}

/** A ranking with all that is needed to read it; nothing in it is told jet by jet. */
export interface Leaderboard {
  readonly format: 'jetsdk-leaderboard/1';
  /** of the challenge, where there is one */
  readonly title?: string;
  readonly rules: Rules;
  /** jets that the metrics are taken on */
  readonly jets: number;
  readonly signal: number;
  readonly background: number;
  readonly bootstrap: { readonly replicas: number; readonly seed: number };
  readonly leaderboard: readonly LeaderboardRow[];
  readonly rejected: readonly Rejected[];
}

export interface RankOptions {
  readonly rules?: Partial<Rules>;
  /** of the challenge */
  readonly title?: string;
  /** (jets,) 1 where a jet counts; all count where left out. The order of the jets is judged on all of them. */
  readonly board?: ArrayLike<number>;
  /** ε_S of the 1/ε_B shown beside that of the rules; default 0.3, 0.5, 0.7 */
  readonly signalEfficiencies?: readonly number[];
  /** bootstrap replicas, default 1000 */
  readonly replicas?: number;
  /** default 1 */
  readonly seed?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** Below this a p-value says no more, and would end as 0. */
const SMALLEST_P = 1e-300;
/** Less than any two AUCs or efficiencies of fewer than 10⁷ jets a class differ by. */
const NEXT_TO_NOTHING = 1e-15;
const RANK_LEVEL = 0.95;
const SIGNAL_EFFICIENCIES = [0.3, 0.5, 0.7];
const REPLICAS = 1000;

/**
 * Ranks submissions. The result does not depend on their order, and the figures of an entry not on the other entries.
 * What a group sent beyond the limits is rejected, the latest first. Entries flagged `changed-after-receipt` or `no-receipt`
 * stand behind all others, copies behind the entry of another group that came before them.
 *
 * @param entries with scores of all jets; not modified
 * @param labels (jets,) 0 = background, 1 = signal; not modified
 * @throws {JetError} SHAPE_MISMATCH if an entry has another number of scores than there are labels, or the board;
 *   OUT_OF_RANGE for other labels or too few replicas; DEGENERATE_METRIC if a class has fewer than two jets
 */
export function rank(entries: readonly Entry[], labels: ArrayLike<number>, options: RankOptions = {}): Leaderboard {
  const { replicas = REPLICAS, seed = 1, signalEfficiencies = SIGNAL_EFFICIENCIES, onProgress } = options;
  const rules = completeRules(options.rules);
  if (!Number.isInteger(replicas) || replicas < 1)
    throw new JetError('OUT_OF_RANGE', `rank: ${replicas} replicas; expected a whole number from 1`, { replicas });
  for (const { file, scores } of entries) checkLength(file, labels.length, 'scores', scores.length);
  const counted = countedJets(labels, options.board);
  const onBoard = Uint8Array.from(counted, (jet) => labels[jet]);
  checkLabels('rank', labels);
  const signal = checkLabels('rank', onBoard);
  const efficiencies = [...new Set([rules.signalEfficiency, ...signalEfficiencies])].sort((a, b) => a - b);

  const { kept, rejected } = withinLimit(entries, rules);
  const measured = kept.map((entry) =>
    measureEntry(entry, onBoard, pick(entry.scores, counted), efficiencies, rules.signalEfficiency),
  );
  const drawn = resampleEntries(onBoard, measured, {
    signalEfficiency: rules.signalEfficiency,
    replicas,
    seed,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const byAuc = rules.metric === 'auc';
  // an entry that no receipt vouches for stands behind every other: no value spans more than 1
  const handicap = measured.map(({ entry }) => (isProven(entry) ? 0 : 2));
  const decisive = (byAuc ? drawn.auc : drawn.backgroundEfficiency.map((efficiency) => -efficiency)).map(
    (value, at) => value - handicap[at % measured.length],
  );
  const { flags, copies } = inspectEntries(
    measured.map(({ entry, cuts, figures }) => ({ ...entry, cuts, auc: figures.auc })),
    labels,
    [rules.signalEfficiency],
  );
  const byArrival = copies.toSorted((a, b) => byTime(measured[a.copy].entry, measured[b.copy].entry));
  /** Values of all entries, those of copies less than those of their originals. */
  const copiesBehind = (values: Float64Array): Float64Array => {
    for (const { copy, original } of byArrival)
      values[copy] = Math.min(values[copy], values[original] - NEXT_TO_NOTHING);
    return values;
  };
  for (let at = 0; at < decisive.length; at += measured.length)
    copiesBehind(decisive.subarray(at, at + measured.length));
  const places = placesOf(decisive, measured.length, RANK_LEVEL);
  const valuesOf = (value: (of: MeasuredEntry) => number): Float64Array =>
    copiesBehind(Float64Array.from(measured, value));
  const aucRanks = ranksBy(
    measured,
    valuesOf(({ figures }) => figures.auc),
  );
  const rejectionRanks = ranksBy(
    measured,
    valuesOf(({ backgroundEfficiency }) => -backgroundEfficiency),
  );
  const ranks = byAuc ? aucRanks : rejectionRanks;
  const order = measured.map((_, i) => i).sort((a, b) => ranks[a] - ranks[b]);
  const distance = (a: number, b: number): number => {
    if (handicap[a] !== handicap[b]) return Number.POSITIVE_INFINITY;
    if (byAuc) return aucDistance(measured[a].placements, measured[b].placements);
    const difference = measured[a].backgroundEfficiency - measured[b].backgroundEfficiency;
    return replicaDistance(difference, decisive, measured.length, a, b);
  };
  const groups68 = tieGroups(order, distance, SEPARATED_68);
  const groups95 = tieGroups(order, distance, SEPARATED_95);

  const dates = measured.map(({ entry }) => dateFlags(rules, entry.submitted));
  const alike = lookAlikes(measured.map(({ entry }) => entry.group));

  const leaderboard = order.map((i, place): LeaderboardRow => {
    const { entry, figures } = measured[i];
    return {
      rank: ranks[i],
      group: entry.group,
      network: entry.network,
      file: entry.file,
      ...(entry.submitted === undefined ? {} : { submitted: new Date(entry.submitted).toISOString() }),
      ...figures,
      aucRank: aucRanks[i],
      rejectionRank: rejectionRanks[i],
      tieGroup68: groups68[place],
      tieGroup95: groups95[place],
      ...(place === 0 ? {} : { pValueToAbove: pValueOf(distance(order[place - 1], i)) }),
      ...places[i],
      late: dates[i].some(({ code }) => code === 'late'),
      bestOfGroup:
        order.findIndex((other) => groupKey(measured[other].entry.group) === groupKey(entry.group)) === place,
      flags: [
        ...(entry.flags ?? []),
        ...dates[i],
        ...lookAlikeFlags(entry.group, alike),
        ...(flags.get(entry.file) ?? []),
      ],
    };
  });
  const jets = onBoard.length;
  return {
    format: 'jetsdk-leaderboard/1',
    ...(options.title === undefined ? {} : { title: options.title }),
    rules,
    jets,
    signal,
    background: jets - signal,
    bootstrap: { replicas, seed },
    leaderboard,
    rejected,
  };
}

function lookAlikeFlags(group: string, alike: ReadonlyMap<string, readonly string[]>): Flag[] {
  const others = alike.get(groupKey(group));
  return others === undefined
    ? []
    : [{ code: 'look-alike-name', evidence: `group ${group} looks like ${others.join(', ')}` }];
}

/** Two-sided; what no longer fits a number, or comes of no spread at all, is the smallest one. */
function pValueOf(distance: number): number {
  return Number.isFinite(distance) ? Math.max(SMALLEST_P, normalTwoSided(distance)) : SMALLEST_P;
}

/** The places, from 1, of entries by falling value. */
function ranksBy(measured: readonly MeasuredEntry[], values: Float64Array): number[] {
  const proven = (i: number): number => Number(isProven(measured[i].entry));
  const order = measured
    .map((_, i) => i)
    .sort((a, b) => proven(b) - proven(a) || values[b] - values[a] || byTime(measured[a].entry, measured[b].entry));
  return measured.map((_, i) => order.indexOf(i) + 1);
}
