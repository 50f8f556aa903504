/** @file The receiver operating characteristic. */
import { JetError } from '@jetsdk/jets';
import { type CutCounts, CutCursor, countJets } from '../core/cutCounts.js';
import { checkOptions, type OptionNames, type Weighted } from '../core/inputs.js';

/**
 * A ROC curve: three columns of equal length, from (0, 0) to (1, 1). Neither efficiency ever falls, unless there are
 * weights below 0: then the curve may turn back, and leave the unit square.
 */
export interface Roc {
  /** jets with a score ≥ this pass; at the first, which lies above the highest score, none does */
  readonly threshold: Float64Array;
  /** ε_S */
  readonly signalEfficiency: Float64Array;
  /** ε_B */
  readonly backgroundEfficiency: Float64Array;
}

/** How much of a curve is kept. */
export interface RocOptions {
  /** keeps no more than these, as `thinRoc` does, without ever holding the whole curve; 2 or more */
  readonly points?: number;
}

const OPTIONS: OptionNames<RocOptions & Weighted> = { points: true, weights: true };

/**
 * The corners of the ROC curve. A distinct score inside a vertical or a horizontal stretch, where one class alone
 * goes on passing, lies on the line between its neighbours and is left out: the curve is the same without it.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @throws {JetError} as `cutCounts`; OUT_OF_RANGE if fewer than 2 points are asked for
 */
export function roc(labels: ArrayLike<number>, scores: ArrayLike<number>, options: RocOptions & Weighted = {}): Roc {
  return rocOf(countJets('roc', labels, scores, options, OPTIONS), options);
}

/** As `roc`. */
export function rocOf(cuts: CutCounts, options: RocOptions = {}): Roc {
  checkOptions('roc', options, OPTIONS);
  const { points } = options;
  if (points !== undefined) checkPoints('roc', points);
  let corners = 0;
  let firstPassing = 0;
  walkCorners(cuts, (_, __, background) => {
    if (firstPassing <= 0) firstPassing = background;
    corners++;
  });
  const keeps = points === undefined || corners <= points ? everything : thinner(points, corners, firstPassing);
  const length = Math.min(corners, points ?? corners);
  const curve = {
    threshold: new Float64Array(length),
    signalEfficiency: new Float64Array(length),
    backgroundEfficiency: new Float64Array(length),
  };
  let kept = 0;
  walkCorners(cuts, (threshold, signal, background) => {
    if (!keeps(signal, background)) return;
    curve.threshold[kept] = threshold;
    curve.signalEfficiency[kept] = signal;
    curve.backgroundEfficiency[kept] = background;
    kept++;
  });
  return firstOf(curve, kept);
}

/**
 * At most `points` points of a curve, for plots: both ends, and between them those that are first to reach equal steps
 * along the curve in ε_S and log ε_B together, so that neither end of a logarithmic axis loses its shape.
 *
 * @param points 2 or more
 * @throws {JetError} OUT_OF_RANGE if fewer than 2 points are asked for
 */
export function thinRoc(curve: Roc, points: number): Roc {
  checkPoints('thinRoc', points);
  const corners = curve.threshold.length;
  if (corners <= points) return curve;
  const { signalEfficiency, backgroundEfficiency } = curve;
  const keeps = thinner(points, corners, backgroundEfficiency.find((b) => b > 0) ?? 1);
  const kept = Uint32Array.from(signalEfficiency.keys()).filter((i) =>
    keeps(signalEfficiency[i], backgroundEfficiency[i]),
  );
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (at) => column[at]);
  return {
    threshold: pick(curve.threshold),
    signalEfficiency: pick(signalEfficiency),
    backgroundEfficiency: pick(backgroundEfficiency),
  };
}

type Keeps = (signalEfficiency: number, backgroundEfficiency: number) => boolean;

const everything: Keeps = () => true;

/** Decides on the corners one after the other; `firstPassing` is the smallest ε_B above 0. */
function thinner(points: number, corners: number, firstPassing: number): Keeps {
  const decades = Math.log10(firstPassing);
  const height = (b: number): number => (b <= 0 || decades === 0 ? 0 : 1 - Math.log10(b) / decades);
  const step = (1 + height(1)) / (points - 1);
  let seen = 0;
  let reached = 0;
  return (s, b) => {
    seen++;
    if (seen === 1 || seen === corners) return true;
    const steps = Math.min(points - 2, Math.floor((s + height(b)) / step));
    if (steps <= reached) return false;
    reached = steps;
    return true;
  };
}

function walkCorners(cuts: CutCounts, visit: (threshold: number, s: number, b: number) => void): void {
  const cursor = new CutCursor(cuts);
  const signal = cuts.ofSignal.weight;
  const background = cuts.ofBackground.weight;
  let s = 0;
  let b = 0;
  let score = above(Math.max(cuts.ofSignal.scores[0], cuts.ofBackground.scores[0]));
  let direction = NOWHERE;
  while (cursor.next()) {
    const next = directionOf(cursor.signal - s, cursor.background - b);
    if (next === NOWHERE) continue;
    if (next !== direction || next === SLOPING) visit(score, s / signal, b / background);
    s = cursor.signal;
    b = cursor.background;
    score = cursor.score;
    direction = next;
  }
  visit(score, s / signal, b / background);
}

const NOWHERE = 0;
const SLOPING = 3;
/** Up and down are 1 and −1, right and left 2 and −2. */
function directionOf(signalStep: number, backgroundStep: number): number {
  if (signalStep !== 0 && backgroundStep !== 0) return SLOPING;
  return Math.sign(signalStep) + 2 * Math.sign(backgroundStep);
}

/** A float64 just above a number, or the number itself where that would not be finite. */
function above(score: number): number {
  const next = score + Math.max(Number.MIN_VALUE, Math.abs(score) * Number.EPSILON);
  return Number.isFinite(next) ? next : score;
}

function firstOf(curve: Roc, length: number): Roc {
  if (curve.threshold.length === length) return curve;
  return {
    threshold: curve.threshold.slice(0, length),
    signalEfficiency: curve.signalEfficiency.slice(0, length),
    backgroundEfficiency: curve.backgroundEfficiency.slice(0, length),
  };
}

function checkPoints(where: string, points: number): void {
  if (!Number.isInteger(points) || points < 2)
    throw new JetError('OUT_OF_RANGE', `${where}: ${points} points; expected an integer of 2 or more`, { points });
}
