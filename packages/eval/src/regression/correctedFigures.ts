/** @file What a regressor of jet images is worth: the loss of its pixels, and the observables of its jets. */
import { JetError } from '@jetsdk/jets';
import { checkArray, checkFinite } from '../core/inputs.js';
import { compareCorrections } from './compareCorrections.js';
import { type Estimate, type Regression, regression } from './regression.js';

/**
 * Mean over the pixels of (ln((p̂ + pbar) / (p + pbar)))².
 *
 * @param truth GeV, above −pbar; not modified
 * @param predicted as many; not modified
 * @param pbar GeV, above 0: a large one favours all pixels alike, a small one the soft ones
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE; OUT_OF_RANGE for a pixel of −pbar or less
 * @see arXiv:1707.08600, equation 3
 */
export function logRatioLoss(truth: ArrayLike<number>, predicted: ArrayLike<number>, pbar = 10): number {
  for (const [what, values] of [
    ['truth', truth],
    ['predicted', predicted],
  ] as const) {
    checkArray('logRatioLoss', what, values);
    checkFinite('logRatioLoss', what, values);
  }
  if (truth.length !== predicted.length || truth.length === 0)
    throw new JetError(
      'SHAPE_MISMATCH',
      `logRatioLoss: ${predicted.length} predicted pixels for ${truth.length} true ones; expected as many, and some`,
      { truth: truth.length, predicted: predicted.length },
    );
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    const ratio = (predicted[i] + pbar) / (truth[i] + pbar);
    if (!(ratio > 0 && truth[i] > -pbar))
      throw new JetError(
        'OUT_OF_RANGE',
        `logRatioLoss: pixel ${i} is ${predicted[i]}, the true one ${truth[i]}; expected both above −${pbar}`,
        { index: i },
      );
    sum += Math.log(ratio) ** 2;
  }
  return sum / truth.length;
}

/** A quantity of each jet. */
export interface JetObservable {
  readonly name: string;
  /** (n,) above 0 */
  readonly truth: ArrayLike<number>;
  /** (n,) */
  readonly predicted: ArrayLike<number>;
}

const FIGURES = ['medianBias', 'iqr', 'correlation'] as const;

/** Value and bootstrap error of bias, resolution and correlation, relative to the truth. */
export interface ObservableFigures
  extends Readonly<Record<(typeof FIGURES)[number], Pick<Estimate, 'value' | 'stdErr'>>> {
  readonly name: string;
}

/**
 * The figures of a regressor's card.
 *
 * @param images pixels of all jets, not modified
 * @throws {JetError} as `logRatioLoss` and `regression`
 */
export function correctedFigures(
  images: { readonly truth: ArrayLike<number>; readonly predicted: ArrayLike<number>; readonly pbar: number },
  observables: readonly JetObservable[],
): { readonly loss: number; readonly pbar: number; readonly observables: readonly ObservableFigures[] } {
  return {
    loss: logRatioLoss(images.truth, images.predicted, images.pbar),
    pbar: images.pbar,
    observables: observables.map(({ name, truth, predicted }) => ({
      name,
      ...figuresOf(regression(truth, predicted)),
    })),
  };
}

/** Another way of correcting the jets of a regressor. */
export interface OtherWay {
  readonly name: string;
  /** (n,) by the names of the observables */
  readonly predicted: Readonly<Record<string, ArrayLike<number>>>;
  /** (n,) 0 or less where it found no jet */
  readonly found?: ArrayLike<number>;
}

/** Differences of a regressor's figures and those of another way, on the jets that both found. */
export interface WayComparison {
  readonly beside: string;
  readonly jets: number;
  readonly observables: readonly {
    readonly name: string;
    readonly iqr: Pick<Estimate, 'value' | 'stdErr'>;
    readonly correlation: Pick<Estimate, 'value' | 'stdErr'>;
  }[];
}

/**
 * The comparisons of a regressor's card.
 *
 * @throws {JetError} as `compareCorrections`
 */
export function correctedComparisons(
  observables: readonly JetObservable[],
  others: readonly OtherWay[],
): readonly WayComparison[] {
  return others.map(({ name: beside, predicted, found }) => {
    const ways = [{ name: '' }, { name: beside, ...(found && { found }) }];
    const both = observables.map(({ name, truth, predicted: own }) => ({
      name,
      truth,
      predicted: [own, predicted[name] ?? []],
    }));
    const [{ jets, observables: pairs }] = compareCorrections(ways, both).pairs;
    return {
      beside,
      jets,
      observables: pairs.map(({ name, differences: { iqr, correlation } }) => ({
        name,
        iqr: { value: iqr.value, stdErr: iqr.stdErr },
        correlation: { value: correlation.value, stdErr: correlation.stdErr },
      })),
    };
  });
}

function figuresOf(found: Regression): Omit<ObservableFigures, 'name'> {
  const of = (figure: (typeof FIGURES)[number]): Pick<Estimate, 'value' | 'stdErr'> => {
    const { value, stdErr } = found[figure];
    return { value, stdErr };
  };
  return { medianBias: of('medianBias'), iqr: of('iqr'), correlation: of('correlation') };
}
