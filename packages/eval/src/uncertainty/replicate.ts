/** @file One bootstrap replicate: jets drawn with replacement within each class, and every tagger's metric on them. */
import { JetError, random } from '@jetsdk/jets';
import type { RejectionEstimator } from '../core/estimator.js';
import { descendingOrder } from '../core/sort.js';

/**
 * What to resample. The background efficiency ε_B stands for the rejection 1/ε_B: it has a value also in a replicate
 * where no background passes, and its quantiles, inverted, are those of the rejection.
 */
export type BootstrapMetric =
  | { readonly name: 'auc' }
  | {
      readonly name: 'backgroundEfficiency';
      /** in (0, 1] */
      readonly signalEfficiency: number;
      readonly estimator?: RejectionEstimator;
    };

/** Jets renumbered so that the signal comes first, with the order that each tagger puts them in. */
export interface BootstrapSample {
  readonly signal: number;
  readonly background: number;
  /** for each tagger, from the highest score: 2 · jet + (1 if it is the last of its score) */
  readonly orders: readonly Uint32Array[];
  /** (n,) in the new numbering */
  readonly weights?: Float64Array;
  /** some weights are below 0: what passes need not grow as a cut is loosened */
  readonly signed: boolean;
  readonly metric: BootstrapMetric;
}

/** Where the arrays of a sample are kept: in plain memory, or shared with workers. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

/** Sorts every tagger's jets once. Labels, scores and weights are checked already. */
export function bootstrapSample(
  labels: ArrayLike<number>,
  entries: readonly ArrayLike<number>[],
  weights: ArrayLike<number> | undefined,
  metric: BootstrapMetric,
  allocate: Allocate,
): BootstrapSample {
  const n = labels.length;
  let signal = 0;
  for (let i = 0; i < n; i++) signal += labels[i];
  const renumbered = new Uint32Array(n);
  const next = [signal, 0];
  for (let i = 0; i < n; i++) renumbered[i] = next[labels[i]]++;
  const orders = entries.map((scores) => {
    const order = descendingOrder(scores);
    const packed = new Uint32Array(allocate(4 * n));
    for (let i = 0; i < n; i++) {
      const last = i === n - 1 || scores[order[i + 1]] !== scores[order[i]];
      packed[i] = 2 * renumbered[order[i]] + (last ? 1 : 0);
    }
    return packed;
  });
  if (weights === undefined) return { signal, background: n - signal, orders, signed: false, metric };
  const moved = new Float64Array(allocate(8 * n));
  for (let i = 0; i < n; i++) moved[renumbered[i]] = weights[i];
  return { signal, background: n - signal, orders, weights: moved, signed: moved.some((w) => w < 0), metric };
}

/** Draws replicates one after the other, in the same memory. */
export class Replicator {
  private readonly sample: BootstrapSample;
  /** (n,) how often each jet was drawn, times its weight */
  private readonly drawn: Uint32Array | Float64Array;

  constructor(sample: BootstrapSample) {
    this.sample = sample;
    const jets = sample.signal + sample.background;
    this.drawn = sample.weights === undefined ? new Uint32Array(jets) : new Float64Array(jets);
  }

  /** The metric of every tagger on the jets that this seed draws. */
  replicate(seed: number): number[] {
    const { drawn } = this;
    const { signal, background, weights } = this.sample;
    const stream = random(seed);
    for (let tries = 0; tries < TRIES; tries++) {
      drawn.fill(0);
      for (let i = 0; i < signal; i++) drawn[Math.floor(stream.uniform() * signal)]++;
      for (let i = 0; i < background; i++) drawn[signal + Math.floor(stream.uniform() * background)]++;
      if (weights !== undefined) for (let i = 0; i < drawn.length; i++) drawn[i] *= weights[i];
      if (!this.sample.signed || (sumOf(drawn, 0, signal) > 0 && sumOf(drawn, signal, drawn.length) > 0))
        return this.metrics();
    }
    throw new JetError(
      'DEGENERATE_METRIC',
      `bootstrap: the weights of a class sum to 0 or less in ${TRIES} draws of ${drawn.length} jets; expected more weight above 0 than below; use more jets`,
      { tries: TRIES, jets: drawn.length },
    );
  }

  /** The metric of every tagger on the jets as they are. */
  original(): number[] {
    const { weights } = this.sample;
    if (weights === undefined) this.drawn.fill(1);
    else this.drawn.set(weights);
    return this.metrics();
  }

  private metrics(): number[] {
    const { metric, orders, signal } = this.sample;
    if (metric.name === 'auc') return orders.map((order) => aucAlong(order, this.drawn, signal));
    const { signalEfficiency, estimator = 'interpolated' } = metric;
    const total = {
      signal: sumOf(this.drawn, 0, signal),
      background: sumOf(this.drawn, signal, this.drawn.length),
    };
    const along = this.sample.signed ? turningAlong : efficiencyAlong;
    return orders.map((order) => along(order, this.drawn, signal, total, signalEfficiency, estimator));
  }
}

/** Draws of signed weights until both classes have a positive sum. */
const TRIES = 100;

function sumOf(values: ArrayLike<number>, start: number, stop: number): number {
  let sum = 0;
  for (let i = start; i < stop; i++) sum += values[i];
  return sum;
}

function aucAlong(order: Uint32Array, drawn: Uint32Array | Float64Array, signalJets: number): number {
  let signal = 0;
  let background = 0;
  let lastSignal = 0;
  let lastBackground = 0;
  let twicePairs = 0;
  for (let i = 0; i < order.length; i++) {
    const packed = order[i];
    const jet = packed >>> 1;
    if (jet < signalJets) signal += drawn[jet];
    else background += drawn[jet];
    if ((packed & 1) === 0) continue;
    twicePairs += (background - lastBackground) * (lastSignal + signal);
    lastSignal = signal;
    lastBackground = background;
  }
  return twicePairs / (2 * signal * background);
}

/** ε_B at ε_S as `backgroundRejection` has it, on jets that are drawn any number of times. */
function efficiencyAlong(
  order: Uint32Array,
  drawn: Uint32Array | Float64Array,
  signalJets: number,
  total: { readonly signal: number; readonly background: number },
  signalEfficiency: number,
  estimator: RejectionEstimator,
): number {
  let signal = 0;
  let background = 0;
  // the last cut below ε_S, and the tightest that keeps as much signal as it does
  let lastSignal = 0;
  let lastBackground = 0;
  let tightestBackground = 0;
  let hit = false;
  for (let i = 0; i < order.length; i++) {
    const packed = order[i];
    const jet = packed >>> 1;
    if (jet < signalJets) signal += drawn[jet];
    else background += drawn[jet];
    if ((packed & 1) === 0) continue;
    const kept = signal / total.signal;
    if (hit && signal > lastSignal) return lastBackground / total.background;
    if (!hit && kept >= signalEfficiency) {
      if (estimator === 'conservative') return background / total.background;
      const keptBefore = lastSignal / total.signal;
      if (estimator === 'nearest') {
        const before = keptBefore > 0 && signalEfficiency - keptBefore < kept - signalEfficiency;
        return (before ? tightestBackground : background) / total.background;
      }
      if (kept > signalEfficiency) {
        const share = (signalEfficiency - keptBefore) / (kept - keptBefore);
        return (lastBackground + share * (background - lastBackground)) / total.background;
      }
      hit = true;
    }
    if (signal > lastSignal) tightestBackground = background;
    lastSignal = signal;
    lastBackground = background;
  }
  return lastBackground / total.background;
}

/** The same with weights below 0: where the curve, which may turn back, first reaches ε_S. */
function turningAlong(
  order: Uint32Array,
  drawn: Uint32Array | Float64Array,
  signalJets: number,
  total: { readonly signal: number; readonly background: number },
  signalEfficiency: number,
  estimator: RejectionEstimator,
): number {
  let signal = 0;
  let background = 0;
  let keptBefore = 0;
  let passedBefore = 0;
  for (let i = 0; i < order.length; i++) {
    const jet = order[i] >>> 1;
    if (jet < signalJets) signal += drawn[jet];
    else background += drawn[jet];
    if ((order[i] & 1) === 0) continue;
    const kept = signal / total.signal;
    const passed = background / total.background;
    if (kept >= signalEfficiency) {
      if (estimator === 'interpolated')
        return passedBefore + ((signalEfficiency - keptBefore) / (kept - keptBefore)) * (passed - passedBefore);
      const nearer = keptBefore > 0 && signalEfficiency - keptBefore < kept - signalEfficiency;
      return estimator === 'nearest' && nearer ? passedBefore : passed;
    }
    keptBefore = kept;
    passedBefore = passed;
  }
  return passedBefore;
}
