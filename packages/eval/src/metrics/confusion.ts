/** @file Which class is taken for which. */
import { type ClassJets, type ClassOptions, type ClassScores, checkClasses } from '../core/classScores.js';
import { clopperPearson, type Interval, ONE_SIGMA } from '../uncertainty/binomial.js';

/** A fraction with its Clopper–Pearson interval; effective counts where there are weights. */
export interface Share {
  readonly value: number;
  readonly interval: Interval;
}

/** Row = true class, column = the class of highest score, the first of equal ones. */
export interface Confusion {
  /** names, in the order of the columns of the scores */
  readonly classes: readonly string[];
  /** (classes · classes,) row-major: jets, or their weights */
  readonly counts: readonly number[];
  /** (classes · classes,) row-major: shares of the true class */
  readonly shares: readonly Share[];
  /** share of all jets (of all weight) that are taken for what they are */
  readonly accuracy: Share;
  /** unweighted mean of the shares on the diagonal */
  readonly balancedAccuracy: number;
}

export interface ConfusionOptions extends ClassOptions {
  /** confidence level of the intervals, in (0, 1); default one standard deviation */
  readonly level?: number | undefined;
}

/**
 * Counts which class is taken for which.
 *
 * @param labels (n,) numbers of the classes, every class present; not modified
 * @param scores (n, k) ≥ 0; not modified
 * @throws {JetError} as `multiClass`
 */
export function confusion(labels: ArrayLike<number>, scores: ClassScores, options: ConfusionOptions = {}): Confusion {
  return confusionOf(
    checkClasses('confusion', labels, scores, options, { classes: true, level: true, weights: true }),
    options,
  );
}

/** As `confusion`. */
export function confusionOf(
  { jets, classes, labels, scores, weights }: ClassJets,
  { level = ONE_SIGMA }: ConfusionOptions = {},
): Confusion {
  const size = classes.length;
  const counts = new Float64Array(size * size);
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let i = 0; i < jets; i++) {
    let top = 0;
    for (let c = 1; c < size; c++) if (scores[i * size + c] > scores[i * size + top]) top = c;
    const w = weights === undefined ? 1 : weights[i];
    counts[labels[i] * size + top] += w;
    sum[labels[i]] += w;
    squares[labels[i]] += w * w;
  }
  const shares = Array.from(counts, (count, at) => {
    const row = Math.floor(at / size);
    return share(count, sum[row], squares[row], level);
  });
  const diagonal = classes.map((_, c) => c * (size + 1));
  return {
    classes,
    counts: Array.from(counts),
    shares,
    accuracy: share(total(diagonal.map((at) => counts[at])), total(sum), total(squares), level),
    balancedAccuracy: total(diagonal.map((at) => shares[at].value)) / size,
  };
}

function share(part: number, whole: number, squares: number, level: number): Share {
  const value = Math.min(1, part / whole);
  const trials = (whole / squares) * whole;
  return { value, interval: clopperPearson(value * trials, trials, level) };
}

const total = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
};
