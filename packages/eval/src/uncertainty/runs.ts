/** @file Several trainings of one network: their spread, and their ensemble. */
import { JetError, requireList, requireMembers } from '@jetsdk/jets';
import { checkFinite } from '../core/inputs.js';
import { quantile } from './quantile.js';

/** A metric over several trainings. Standard deviations are of the runs themselves (divided by their number). */
export interface RunSummary {
  readonly runs: number;
  readonly median: number;
  readonly mean: number;
  readonly std: number;
  /** after the outlier cut; `runs` is how many were kept */
  readonly robust: { readonly runs: number; readonly median: number; readonly mean: number; readonly std: number };
}

/**
 * The landscape's convention: mean and standard deviation of the central two thirds of the runs, then one cut at
 * three of these standard deviations around that mean; what is left gives the robust figures.
 *
 * @param values one figure a training, finite; not modified
 * @throws {JetError} BAD_ARGUMENT for fewer than two runs; NOT_FINITE
 * @see arXiv:1902.09914, table 1, and its published notebook
 */
export function summariseRuns(values: ArrayLike<number>): RunSummary {
  if (values.length < 2)
    throw new JetError('BAD_ARGUMENT', `summariseRuns: ${values.length} runs; expected two or more`, {
      runs: values.length,
    });
  checkFinite('summariseRuns', 'run', values);
  const sorted = Float64Array.from(values).sort();
  const low = quantile(sorted, 1 / 6);
  const high = quantile(sorted, 5 / 6);
  const core = moments(sorted.filter((v) => v >= low && v <= high));
  const kept = sorted.filter((v) => Math.abs(v - core.mean) <= 3 * core.std);
  // of two runs neither lies between their sixth parts; and equal central runs leave no width to cut by
  const robust = kept.length === 0 || core.std === 0 ? sorted : kept;
  return {
    runs: sorted.length,
    median: quantile(sorted, 0.5),
    ...moments(sorted),
    robust: { runs: robust.length, median: quantile(robust, 0.5), ...moments(robust) },
  };
}

function moments(values: Float64Array): { mean: number; std: number } {
  const origin = values[0];
  let sum = 0;
  for (const v of values) sum += v - origin;
  const mean = origin + sum / values.length;
  let squares = 0;
  for (const v of values) squares += (v - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
}

/**
 * The ensemble: the mean score of several trainings, jet by jet.
 *
 * @param runs one or more arrays of the same jets, finite; not modified
 * @returns (n,)
 * @throws {JetError} BAD_ARGUMENT without runs; SHAPE_MISMATCH if lengths differ; NOT_FINITE
 */
export function ensembleScores(runs: readonly ArrayLike<number>[]): Float64Array {
  requireList('ensembleScores', runs, 'a list of the scores of each training');
  for (const scores of runs) requireMembers('ensembleScores', scores, ['length'], 'the scores of a training');
  if (runs.length === 0)
    throw new JetError('BAD_ARGUMENT', 'ensembleScores: 0 runs; expected the scores of one training or more');
  const jets = runs[0].length;
  const mean = new Float64Array(jets);
  runs.forEach((scores, run) => {
    if (scores.length !== jets)
      throw new JetError(
        'SHAPE_MISMATCH',
        `ensembleScores: ${scores.length} scores in run ${run}, ${jets} in run 0; expected the same jets in each`,
        { run, scores: scores.length, jets },
      );
    checkFinite('ensembleScores', `run ${run}, score`, scores);
    for (let i = 0; i < jets; i++) mean[i] += scores[i] / runs.length;
  });
  return mean;
}
