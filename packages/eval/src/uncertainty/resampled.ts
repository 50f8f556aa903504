/** @file The bootstrap of one metric on counted jets, where there is no formula: weights below 0. */
import { random } from '@jetsdk/jets';
import { type CutClass, type CutCounts, CutCursor } from '../core/cutCounts.js';
import type { Interval } from './binomial.js';
import { quantile } from './quantile.js';
import { type BootstrapMetric, Replicator } from './replicate.js';

const REPLICATES = 400;
const SEED = 1;

/**
 * The standard deviation and the central interval over 400 replicates, each drawn with replacement within each class;
 * the same for the same jets.
 *
 * @throws {JetError} DEGENERATE_METRIC if the weights of a class sum to 0 or less in most draws
 */
export function resampled(
  cuts: CutCounts,
  metric: BootstrapMetric,
  level: number,
): { readonly stdErr: number; readonly interval: Interval } {
  const weights = new Float64Array(cuts.jets);
  const put = ({ jets, sums }: CutClass, first: number): void => {
    for (let i = 0; i < jets; i++)
      weights[first + i] = sums === undefined ? 1 : sums.weight[i] - (i === 0 ? 0 : sums.weight[i - 1]);
  };
  put(cuts.ofSignal, 0);
  put(cuts.ofBackground, cuts.signal);
  const replicator = new Replicator({
    signal: cuts.signal,
    background: cuts.background,
    orders: [orderOf(cuts)],
    weights,
    signed: cuts.negative > 0,
    metric,
  });
  const stream = random(SEED);
  const values = Float64Array.from({ length: REPLICATES }, () => replicator.replicate(stream.uint32())[0]).sort();
  const mean = values.reduce((sum, value) => sum + value / REPLICATES, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const tail = (1 - level) / 2;
  return {
    stdErr: Math.sqrt(squares / (REPLICATES - 1)),
    interval: { level, low: quantile(values, tail), high: quantile(values, 1 - tail) },
  };
}

/** From the highest score: 2 · jet + (1 if it is the last of its score), the signal being numbered first. */
function orderOf(cuts: CutCounts): Uint32Array {
  const order = new Uint32Array(cuts.jets);
  const cursor = new CutCursor(cuts);
  let at = 0;
  let signal = 0;
  let background = 0;
  while (cursor.next()) {
    for (; signal < cursor.signalJets; signal++) order[at++] = 2 * signal;
    for (; background < cursor.backgroundJets; background++) order[at++] = 2 * (cuts.signal + background);
    order[at - 1]++;
  }
  return order;
}
