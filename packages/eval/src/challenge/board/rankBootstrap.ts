/** @file How certain the places of a ranking are: the same resampled jets for every entry, again and again. */
import { type Progress, type Random, random } from '@jetsdk/jets';
import { type CutCounts, passing } from '../../core/cutCounts.js';
import { descendingOrder } from '../../core/sort.js';

/** What is drawn again for every entry. */
export interface Resampled {
  /** [replica × entries + entry] */
  readonly auc: Float64Array;
  /** ε_B at the signal efficiency, interpolated; [replica × entries + entry] */
  readonly backgroundEfficiency: Float64Array;
}

/** An entry on the jets that count. */
export interface Resamplable {
  readonly scores: ArrayLike<number>;
  readonly cuts: CutCounts;
}

/**
 * Stratified bootstrap: each replica draws as many signal and as many background jets as there are, with replacement,
 * and measures every entry on the same draw. The values of an entry depend on its scores, the labels and the seed only.
 *
 * @param labels (n,) 0 or 1, both present; not modified
 * @param entries with scores (n,); not modified
 * @param onProgress called after each replica
 */
export function resampleEntries(
  labels: ArrayLike<number>,
  entries: readonly Resamplable[],
  options: {
    readonly signalEfficiency: number;
    readonly replicas: number;
    readonly seed: number;
    readonly onProgress?: (progress: Progress) => void;
  },
): Resampled {
  const { replicas, signalEfficiency, seed, onProgress } = options;
  const jets = numberByClass(labels);
  const sorted = entries.map((entry) => sortPairs(entry, labels, jets.number));
  const drawnSignal = new Uint8Array(jets.signal);
  const drawnBackground = new Uint8Array(labels.length - jets.signal);
  const passed = new Float64Array(jets.signal + 1);
  const stream = random(seed);
  const auc = new Float64Array(replicas * entries.length);
  const backgroundEfficiency = new Float64Array(replicas * entries.length);
  for (let replica = 0, at = 0; replica < replicas; replica++) {
    draw(stream, drawnSignal);
    draw(stream, drawnBackground);
    for (const pairs of sorted) {
      countPassing(pairs.signal, drawnSignal, passed);
      auc[at] = twicePairs(pairs, drawnBackground, passed) / 2 / drawnSignal.length / drawnBackground.length;
      const kept = signalEfficiency * drawnSignal.length;
      backgroundEfficiency[at] = falsePositives(pairs, drawnBackground, passed, kept) / drawnBackground.length;
      at++;
    }
    onProgress?.({ done: replica + 1, total: replicas });
  }
  return { auc, backgroundEfficiency };
}

/** Numbers the jets of each class from 0. */
function numberByClass(labels: ArrayLike<number>): { number: Int32Array; signal: number } {
  const number = new Int32Array(labels.length);
  const next = [0, 0];
  for (let i = 0; i < labels.length; i++) number[i] = next[labels[i]]++;
  return { number, signal: next[1] };
}

/** What stays the same of an entry in every replica. */
interface SortedPairs {
  readonly cuts: CutCounts;
  /** numbers of the signal jets by falling score */
  readonly signal: Int32Array;
  /** numbers of the background jets by falling score */
  readonly background: Int32Array;
  /** for each of these, how many signal jets score higher, and at least as high */
  readonly higher: Int32Array;
  readonly atLeast: Int32Array;
}

function sortPairs({ scores, cuts }: Resamplable, labels: ArrayLike<number>, number: Int32Array): SortedPairs {
  const classes = [new Int32Array(cuts.background), new Int32Array(cuts.signal)];
  const next = [0, 0];
  for (const jet of descendingOrder(scores)) classes[labels[jet]][next[labels[jet]]++] = number[jet];
  const higher = new Int32Array(cuts.background);
  const atLeast = new Int32Array(cuts.background);
  let above = 0;
  let notBelow = 0;
  for (let i = 0; i < cuts.background; i++) {
    const score = cuts.ofBackground.scores[i];
    while (above < cuts.signal && cuts.ofSignal.scores[above] > score) above++;
    while (notBelow < cuts.signal && cuts.ofSignal.scores[notBelow] >= score) notBelow++;
    higher[i] = above;
    atLeast[i] = notBelow;
  }
  return { cuts, signal: classes[1], background: classes[0], higher, atLeast };
}

/** Draws as many jets as there are, with replacement, and counts how often each came. */
function draw(stream: Random, counts: Uint8Array): void {
  const n = counts.length;
  counts.fill(0);
  for (let i = 0; i < n; i++) counts[Math.floor((stream.uint32() / 4294967296) * n)]++;
}

/** passed[k] = how many of the draw are among the k signal jets of highest score. */
function countPassing(signal: Int32Array, drawn: Uint8Array, passed: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < signal.length; i++) {
    sum += drawn[signal[i]];
    passed[i + 1] = sum;
  }
}

/** Twice the number of pairs in the right order, ties counting half. */
function twicePairs({ background, higher, atLeast }: SortedPairs, drawn: Uint8Array, passed: Float64Array): number {
  let pairs = 0;
  for (let i = 0; i < background.length; i++) pairs += drawn[background[i]] * (passed[higher[i]] + passed[atLeast[i]]);
  return pairs;
}

/** Background jets that pass where `kept` signal jets do, on the straight line between two cuts. */
function falsePositives(
  { cuts, background }: SortedPairs,
  drawn: Uint8Array,
  passed: Float64Array,
  kept: number,
): number {
  if (passed[cuts.signal] <= kept) return background.length;
  let low = 1;
  let high = cuts.signal;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passed[middle] > kept) high = middle;
    else low = middle + 1;
  }
  const cut = cuts.ofSignal.scores[low - 1];
  const before = passed[passing(cuts.ofSignal, cut, true)];
  const after = passed[passing(cuts.ofSignal, cut)];
  const tiedFrom = passing(cuts.ofBackground, cut, true);
  const tiedTo = passing(cuts.ofBackground, cut);
  let passes = 0;
  for (let i = 0; i < tiedFrom; i++) passes += drawn[background[i]];
  let tied = 0;
  for (let i = tiedFrom; i < tiedTo; i++) tied += drawn[background[i]];
  return passes + (tied * (kept - before)) / (after - before);
}

/** Where an entry stood in the replicas. */
export interface PlaceStatistics {
  readonly rankInterval: { readonly level: number; readonly low: number; readonly high: number };
  /** share of the replicas in which it was first; equal firsts share */
  readonly firstProbability: number;
}

/**
 * Ranks the entries in every replica.
 *
 * @param values [replica × entries + entry], higher is better
 * @param level of the central rank interval, in (0, 1)
 */
export function placesOf(values: Float64Array, entries: number, level: number): PlaceStatistics[] {
  const replicas = values.length / entries;
  const times = Array.from({ length: entries }, () => new Uint32Array(entries));
  const first = new Float64Array(entries);
  for (let replica = 0; replica < replicas; replica++) {
    const row = values.subarray(replica * entries, (replica + 1) * entries);
    const falling = row.slice().sort().reverse();
    let equalFirsts = 1;
    while (equalFirsts < entries && falling[equalFirsts] === falling[0]) equalFirsts++;
    for (let entry = 0; entry < entries; entry++) {
      const place = falling.indexOf(row[entry]);
      times[entry][place]++;
      if (place === 0) first[entry] += 1 / equalFirsts;
    }
  }
  return times.map((at, entry) => ({
    rankInterval: { level, ...quantilePlaces(at, replicas * ((1 - level) / 2)) },
    firstProbability: first[entry] / replicas,
  }));
}

/** The lowest and the highest place after cutting off this many replicas at either end. */
function quantilePlaces(times: Uint32Array, tail: number): { low: number; high: number } {
  let low = 0;
  let high = times.length - 1;
  for (let left = times[low]; left <= tail; left += times[++low]);
  for (let left = times[high]; left <= tail; left += times[--high]);
  return { low: low + 1, high: high + 1 };
}
