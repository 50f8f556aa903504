/** @file The two-sample test: can a classifier tell generated from real? */
import { JetError, random } from '@jetsdk/jets';
import { type Calibration, calibration } from '../metrics/calibration.js';
import { type Delong, delong } from '../uncertainty/delong.js';
import { type BoostOptions, boostTrees } from './boostedTrees.js';
import { pickRows, type Rows, rawPair, type Sample } from './sample.js';

export interface TwoSampleOptions extends BoostOptions {
  /** default 5, at least 2 */
  readonly folds?: number;
  /** of the parting into folds, one repetition each; default [1] */
  readonly seeds?: readonly number[];
  /** confidence level of the interval, in (0, 1); default one standard deviation */
  readonly level?: number;
}

export interface TwoSampleResult extends Delong {
  /** one per seed; `auc` is of the mean score over the seeds */
  readonly aucs: readonly number[];
  readonly calibration: Calibration;
  /** (real rows + generated rows,) probability of being generated, by classifiers that never saw the row; real rows first */
  readonly scores: Float64Array;
}

/**
 * Trains boosted trees on all folds but one and scores the one left out, so that every row is judged by a classifier that did
 * not see it. An AUC of 0.5 means that these features tell nothing apart.
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE; DEGENERATE_METRIC for fewer rows than 2 per fold
 */
export function twoSampleTest(real: Sample, generated: Sample, options: TwoSampleOptions = {}): TwoSampleResult {
  const { folds = 5, seeds = [1], level } = options;
  if (!Number.isInteger(folds) || folds < 2 || seeds.length === 0)
    throw new JetError(
      'OUT_OF_RANGE',
      `twoSampleTest: ${folds} folds, ${seeds.length} seeds; expected 2 or more folds and at least one seed`,
      { folds, seeds: seeds.length },
    );
  const pair = rawPair('twoSampleTest', real, generated, 2 * folds);
  const { features } = pair.real;
  const all: Rows = {
    rows: pair.real.rows + pair.generated.rows,
    features,
    data: new Float64Array(pair.real.data.length + pair.generated.data.length),
  };
  all.data.set(pair.real.data);
  all.data.set(pair.generated.data, pair.real.data.length);
  const labels = new Uint8Array(all.rows).fill(1, pair.real.rows);
  const runs = seeds.map((seed) =>
    outOfFold(all, labels, foldsOf(pair.real.rows, pair.generated.rows, folds, seed), folds, options),
  );
  const scores = Float64Array.from(labels, (_, i) => runs.reduce((sum, run) => sum + run[i], 0) / runs.length);
  return {
    ...delong(labels, scores, level === undefined ? {} : { level }),
    aucs: runs.map((run) => delong(labels, run).auc),
    calibration: calibration(labels, scores),
    scores,
  };
}

/** The fold of each row; each class is parted evenly. */
function foldsOf(real: number, generated: number, folds: number, seed: number): Uint8Array {
  const { shuffle } = random(seed);
  const part = (rows: number): Uint32Array => shuffle(Uint32Array.from({ length: rows }, (_, i) => i % folds));
  return Uint8Array.from([...part(real), ...part(generated)]);
}

function outOfFold(
  all: Rows,
  labels: Uint8Array,
  fold: Uint8Array,
  folds: number,
  options: BoostOptions,
): Float64Array {
  const scores = new Float64Array(all.rows);
  for (let k = 0; k < folds; k++) {
    const numbers = Uint32Array.from(fold.keys());
    const learnt = numbers.filter((i) => fold[i] !== k);
    const judged = numbers.filter((i) => fold[i] === k);
    const trees = boostTrees(
      pickRows(all, learnt),
      Uint8Array.from(learnt, (i) => labels[i]),
      options,
    );
    trees.predict(pickRows(all, judged)).forEach((score, i) => {
      scores[judged[i]] = score;
    });
  }
  return scores;
}
