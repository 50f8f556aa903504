/** @file Taggers with more than two classes, seen two classes at a time. */
import { isJetError, JetError } from '@jetsdk/jets';
import { type ClassJets, type ClassOptions, type ClassScores, checkClasses } from '../core/classScores.js';
import { type CountedJets, countJets } from '../core/cutCounts.js';
import type { RejectionEstimator } from '../core/estimator.js';
import type { OptionNames } from '../core/inputs.js';
import { ONE_SIGMA } from '../uncertainty/binomial.js';
import {
  type AucInterval,
  clippedInterval,
  influences,
  type PairedDelong,
  pairedTest,
  placementsOf,
  rootOfSquares,
} from '../uncertainty/delong.js';
import { type BackgroundRejection, backgroundRejectionOf, type RejectionOptions } from './backgroundRejection.js';
import { type Confusion, confusionOf } from './confusion.js';

/** An AUC with DeLong's error; that of a mean has the correlation of its parts in it. */
export interface AucWithError {
  readonly auc: number;
  readonly stdErr: number;
  readonly interval: AucInterval;
}

/** One class against all others together, scored by its own column. */
export interface OneVsRest extends AucWithError {
  readonly class: number;
  /** jets of the class */
  readonly jets: number;
}

/** The jets of two classes, scored by p_S / (p_S + p_B). */
export interface OneVsOne extends AucWithError {
  readonly signal: number;
  readonly background: number;
  /** one per signal efficiency; none where no background passes */
  readonly rejection: readonly BackgroundRejection[];
}

export interface MultiClass {
  readonly name: string;
  readonly jets: number;
  /** names, in the order of the columns of the scores */
  readonly classes: readonly string[];
  readonly oneVsRest: readonly OneVsRest[];
  /** unweighted mean over the classes */
  readonly macroOneVsRest: AucWithError;
  readonly oneVsOne: readonly OneVsOne[];
  /** unweighted mean over these pairs */
  readonly macroOneVsOne: AucWithError;
  readonly confusion: Confusion;
}

export interface MultiClassOptions extends ClassOptions {
  /** default `scores` */
  readonly name?: string | undefined;
  /** classes that the others are set against one by one; default: every pair of classes, the later one as signal */
  readonly backgrounds?: readonly number[] | undefined;
  /** where to give 1/ε_B, each in (0, 1]; default 0.5 */
  readonly signalEfficiencies?: readonly number[] | undefined;
  /** of 1/ε_B; default `interpolated` */
  readonly estimator?: RejectionEstimator | undefined;
  /** confidence level of all intervals, in (0, 1); default one standard deviation */
  readonly level?: number | undefined;
}

const OPTIONS: OptionNames<MultiClassOptions> = {
  classes: true,
  name: true,
  backgrounds: true,
  signalEfficiencies: true,
  estimator: true,
  level: true,
  weights: true,
};

/**
 * Everything that is worth knowing of a tagger with several classes, as plain JSON.
 *
 * @param labels (n,) numbers of the classes, every class present; not modified
 * @param scores (n, k) ≥ 0, such as probabilities; not modified
 * @throws {JetError} BAD_ARGUMENT for what is no array or no table, or if every class is background; SHAPE_MISMATCH if
 *   lengths differ; OUT_OF_RANGE for a label that is no class or a score below 0; NOT_FINITE; DEGENERATE_METRIC if a class
 *   has fewer than two (effective) jets
 * @example
 * multiClass([0, 1, 2, 0, 1, 2], { shape: [6, 3], data }).macroOneVsRest.auc
 */
export function multiClass(
  labels: ArrayLike<number>,
  scores: ClassScores,
  options: MultiClassOptions = {},
): MultiClass {
  const { name = 'scores', level = ONE_SIGMA, signalEfficiencies = [0.5], estimator = 'interpolated' } = options;
  const jets = checkClasses('multiClass', labels, scores, options, OPTIONS);
  const pairs = pairsOf(jets.classes.length, options.backgrounds);
  const ofRest = oneVsRestOf(jets, level);
  const ofPairs = new MeanAuc(jets.jets, pairs.length);
  const oneVsOne = pairs.map(({ signal, background }): OneVsOne => {
    const { rows, counted } = twoClasses(jets, signal, background);
    const placed = placementsOf(counted);
    const shares = influences(placed);
    ofPairs.add(placed.auc, shares, rows);
    return {
      signal,
      background,
      ...withError(placed.auc, shares, level),
      rejection: signalEfficiencies.flatMap((signalEfficiency) =>
        rejectionOf(counted, { signalEfficiency, estimator, level }),
      ),
    };
  });
  return {
    name,
    jets: jets.jets,
    classes: jets.classes,
    oneVsRest: ofRest.oneVsRest,
    macroOneVsRest: withError(ofRest.macro.auc, ofRest.macro.shares, level),
    oneVsOne,
    macroOneVsOne: withError(ofPairs.auc, ofPairs.shares, level),
    confusion: confusionOf(jets, { level }),
  };
}

/**
 * Whether two taggers differ in the macro average of one against the rest, on the same jets.
 *
 * @param labels (n,) numbers of the classes, every class present; not modified
 * @param a (n, k) @param b (n, k), not modified
 * @throws {JetError} as `multiClass` and `pairedDelong`
 */
export function pairedMultiClass(
  labels: ArrayLike<number>,
  a: ClassScores,
  b: ClassScores,
  options: ClassOptions = {},
): PairedDelong {
  const [ofA, ofB] = [a, b].map(
    (scores) =>
      oneVsRestOf(
        checkClasses('pairedMultiClass', labels, scores, options, { classes: true, weights: true }),
        ONE_SIGMA,
      ).macro,
  );
  return pairedTest(
    ofA.auc - ofB.auc,
    ofA.shares.map((share, jet) => share - ofB.shares[jet]),
  );
}

/**
 * The jets of two classes with the score p_S / (p_S + p_B), for any metric of two classes.
 * Where both scores are 0 the result is 0.5: the network prefers neither.
 *
 * @param labels (n,) numbers of the classes, every class present; not modified
 * @param scores (n, k) ≥ 0; not modified
 * @throws {JetError} as `multiClass`
 */
export function oneVsOne(
  labels: ArrayLike<number>,
  scores: ClassScores,
  options: ClassOptions & { readonly signal: number; readonly background: number },
): CountedJets {
  const jets = checkClasses('oneVsOne', labels, scores, options, {
    classes: true,
    signal: true,
    background: true,
    weights: true,
  });
  checkClass(options.signal, jets.classes.length);
  checkClass(options.background, jets.classes.length);
  return twoClasses(jets, options.signal, options.background).counted;
}

function oneVsRestOf(
  { jets, classes, labels, scores, weights }: ClassJets,
  level: number,
): { readonly oneVsRest: OneVsRest[]; readonly macro: MeanAuc } {
  const macro = new MeanAuc(jets, classes.length);
  const oneVsRest = classes.map((_, c): OneVsRest => {
    const is = Uint8Array.from({ length: jets }, (__, i) => (labels[i] === c ? 1 : 0));
    const column = Float64Array.from({ length: jets }, (__, i) => scores[i * classes.length + c]);
    const counted = countJets('multiClass', is, column, { weights }, { weights: true });
    const placed = placementsOf(counted);
    const shares = influences(placed);
    macro.add(placed.auc, shares);
    return { class: c, jets: counted.signal, ...withError(placed.auc, shares, level) };
  });
  return { oneVsRest, macro };
}

function twoClasses(
  { jets, classes, labels, scores, weights }: ClassJets,
  signal: number,
  background: number,
): { readonly rows: Uint32Array; readonly counted: CountedJets } {
  const rows = Uint32Array.from({ length: jets }, (_, i) => i).filter(
    (i) => labels[i] === signal || labels[i] === background,
  );
  const share = Float64Array.from(rows, (i) => {
    const s = scores[i * classes.length + signal];
    const b = scores[i * classes.length + background];
    return s + b === 0 ? 0.5 : s / (s + b);
  });
  const is = Uint8Array.from(rows, (i) => (labels[i] === signal ? 1 : 0));
  const own = weights && Float64Array.from(rows, (i) => weights[i]);
  return { rows, counted: countJets('multiClass', is, share, { weights: own }, { weights: true }) };
}

function rejectionOf(counted: CountedJets, options: RejectionOptions): BackgroundRejection[] {
  try {
    return [backgroundRejectionOf(counted, options)];
  } catch (error) {
    if (!isJetError(error, 'DEGENERATE_METRIC')) throw error;
    return [];
  }
}

function withError(auc: number, shares: Float64Array, level: number): AucWithError {
  const stdErr = rootOfSquares(shares);
  return { auc, stdErr, interval: clippedInterval(auc, stdErr, level) };
}

/** A mean of AUCs on the same jets, with the share of each jet in its error. */
class MeanAuc {
  auc = 0;
  /** (jets,) */
  readonly shares: Float64Array;
  private readonly parts: number;

  constructor(jets: number, parts: number) {
    this.shares = new Float64Array(jets);
    this.parts = parts;
  }

  /** @param rows jets that the AUC was taken on; all where left out */
  add(auc: number, shares: Float64Array, rows?: Uint32Array): void {
    this.auc += auc / this.parts;
    shares.forEach((share, i) => {
      this.shares[rows === undefined ? i : rows[i]] += share / this.parts;
    });
  }
}

function pairsOf(
  classes: number,
  backgrounds: readonly number[] | undefined,
): { readonly signal: number; readonly background: number }[] {
  const all = Array.from({ length: classes }, (_, c) => c);
  if (backgrounds === undefined)
    return all.flatMap((background) => all.slice(background + 1).map((signal) => ({ signal, background })));
  for (const b of backgrounds) checkClass(b, classes);
  const signals = all.filter((c) => !backgrounds.includes(c));
  if (signals.length === 0 || backgrounds.length === 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `multiClass: ${backgrounds.length} of ${classes} classes are background; expected at least one signal and one background class`,
      { classes, backgrounds },
    );
  return signals.flatMap((signal) => backgrounds.map((background) => ({ signal, background })));
}

function checkClass(c: number, classes: number): void {
  if (!Number.isInteger(c) || c < 0 || c >= classes)
    throw new JetError('OUT_OF_RANGE', `multiClass: class ${c}; expected an integer from 0 to ${classes - 1}`, {
      class: c,
      classes,
    });
}
