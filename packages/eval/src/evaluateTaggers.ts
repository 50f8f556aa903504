/** @file Several taggers on the same labelled jets, each sorted once. */
import { isJetError } from '@jetsdk/jets';
import { type CutCounts, countJets } from './core/cutCounts.js';
import type { OptionNames, Weighted } from './core/inputs.js';
import { type EvaluateOptions, type EvaluationResult, evaluateOf } from './evaluate.js';
import { rocOf } from './metrics/roc.js';
import { type PairedDelong, type Placements, pairedDelongOf, placementsOf } from './uncertainty/delong.js';

/** Scores of one tagger. */
export interface NamedScores {
  readonly name: string;
  /** (n,) finite, higher is more signal-like; not modified */
  readonly scores: ArrayLike<number>;
}

/** A ROC curve thinned for a plot. */
export interface NamedCurve {
  readonly name: string;
  readonly auc: number;
  readonly signalEfficiency: Float64Array;
  readonly backgroundEfficiency: Float64Array;
}

/** One tagger. */
export interface EvaluatedTagger {
  readonly result: EvaluationResult;
  readonly curve: NamedCurve;
  /** how many jets of each class pass at any cut */
  readonly cuts: CutCounts;
}

/** The paired test of two taggers. */
export interface ComparedTaggers extends PairedDelong {
  readonly a: string;
  readonly b: string;
}

export interface EvaluatedTaggers {
  /** in the order given */
  readonly taggers: readonly EvaluatedTagger[];
  /** every pair whose difference has an error */
  readonly comparisons: readonly ComparedTaggers[];
  /** the other pairs, and why there is no test of them */
  readonly notCompared: readonly { readonly a: string; readonly b: string; readonly reason: string }[];
}

/** What is the same for all taggers. */
export interface EvaluateTaggersOptions extends Omit<EvaluateOptions, 'name'>, Weighted {
  /** of a curve, at most; default 1500, finer than a pixel of a plot */
  readonly points?: number;
}

const OPTIONS: OptionNames<Omit<EvaluateTaggersOptions, 'points'>> = {
  mass: true,
  signalEfficiencies: true,
  estimator: true,
  level: true,
  weights: true,
};

/**
 * Evaluates several taggers on the same jets and compares each two.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param taggers row i of each is jet i
 * @throws {JetError} as `evaluate`, naming the tagger
 */
export function evaluateTaggers(
  labels: ArrayLike<number>,
  taggers: readonly NamedScores[],
  { points = 1500, ...options }: EvaluateTaggersOptions = {},
): EvaluatedTaggers {
  const placed: (Placements & { readonly name: string })[] = [];
  const evaluated = taggers.map(({ name, scores }): EvaluatedTagger => {
    const counted = countJets(`evaluate ${name}`, labels, scores, options, OPTIONS);
    const result = evaluateOf(counted, { ...options, name });
    const { signalEfficiency, backgroundEfficiency } = rocOf(counted, { points });
    if (taggers.length > 1) placed.push({ name, ...placementsOf(counted) });
    const { labels: _labels, scores: _scores, weights: _weights, ...cuts } = counted;
    return {
      result,
      curve: { name, auc: result.auc, signalEfficiency, backgroundEfficiency },
      cuts,
    };
  });
  const comparisons: ComparedTaggers[] = [];
  const notCompared: { a: string; b: string; reason: string }[] = [];
  placed.forEach((first, i) => {
    for (const second of placed.slice(i + 1)) {
      const pair = { a: first.name, b: second.name };
      try {
        comparisons.push({ ...pair, ...pairedDelongOf(first, second) });
      } catch (error) {
        if (!isJetError(error, 'DEGENERATE_METRIC')) throw error;
        notCompared.push({ ...pair, reason: error.message });
      }
    }
  });
  return { taggers: evaluated, comparisons, notCompared };
}
