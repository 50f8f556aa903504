/** @file Everything that is measured of generated showers or jets beside simulated ones, and the same for a card. */
import type { GeneratorMetrics } from '@jetsdk/jets';
import { JetError } from '@jetsdk/jets';
import { type ConditionBin, conditionalMoments } from './conditional.js';
import { type Memorisation, memorisation, type Nearest, nearestRows } from './coverage.js';
import { type JetImageSample, jetImageUnit, observablesOfJetImages } from './jetImages.js';
import { type ObservableDistance, type Observables, observableDistances, tableOf } from './observables.js';
import type { Sample } from './sample.js';
import { type SampleDistances, sampleDistances } from './sampleDistances.js';
import { observablesOfShowers, type ShowerSample, showerUnit } from './showers.js';
import { spreadOf } from './spread.js';
import { type TwoSampleResult, twoSampleTest } from './twoSample.js';

/** A sample as it is measured. */
export interface Measured {
  readonly observables: Observables;
  /** the unit of an observable, where it has one */
  readonly unitOf: (name: string) => string | undefined;
  /** (n, cells or pixels) */
  readonly cells: Sample;
  /** (n,) what was asked for: energy or class */
  readonly condition: ArrayLike<number>;
}

/** @throws {JetError} as `observablesOfShowers` */
export function measuredShowers(sample: ShowerSample): Measured {
  const observables = observablesOfShowers(sample);
  return { observables, unitOf: showerUnit, cells: showerCells(sample), condition: sample.energy };
}

/** The cells of all layers as columns. */
export function showerCells(sample: ShowerSample): Sample {
  const widths = sample.layers.map(({ shape }) => shape[1] * shape[2]);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const data = new Float64Array(sample.energy.length * width);
  let start = 0;
  sample.layers.forEach((layer, k) => {
    for (let row = 0; row < sample.energy.length; row++)
      for (let i = 0; i < widths[k]; i++) data[row * width + start + i] = layer.data[row * widths[k] + i];
    start += widths[k];
  });
  return { shape: [sample.energy.length, width], data };
}

/** @throws {JetError} as `observablesOfJetImages` */
export function measuredJetImages(sample: JetImageSample): Measured {
  const observables = observablesOfJetImages(sample);
  return { observables, unitOf: jetImageUnit, cells: jetImageCells(sample), condition: sample.signal };
}

/** The pixels as columns. */
export function jetImageCells({ image: { shape, data } }: JetImageSample): Sample {
  return { shape: [shape[0], shape[1] * shape[2]], data };
}

/** Rows of the simulated and of the generated sample whose nearest neighbours are looked for. */
const COMPARED = 1000;

/**
 * Whether generated rows are copies of training rows: distances between the square roots of cells or pixels, so that hard ones
 * do not decide alone.
 *
 * @param training all that was trained on @param simulated others @param generated of the last two the first 1,000 rows count
 * @throws {JetError} as `memorisation`
 */
export function memorisedCells(training: Sample, simulated: Sample, generated: Sample): Memorisation {
  return memorisation(roots(training), roots(simulated, COMPARED), roots(generated, COMPARED));
}

/** The nearest other row of each, by the square roots of cells or pixels. @throws {JetError} as `nearestRows` */
export function nearestCells(others: Sample, rows: Sample): Nearest {
  return nearestRows(roots(others), roots(rows));
}

function roots({ shape: [rows, columns], data }: Sample, most = rows): Sample {
  const count = Math.min(rows, most);
  return {
    shape: [count, columns],
    data: Float64Array.from({ length: count * columns }, (_, i) => Math.sqrt(data[i])),
  };
}

export interface GenerationFigures {
  readonly simulated: number;
  readonly generated: number;
  /** of boosted trees on the observables and the condition */
  readonly twoSample: TwoSampleResult;
  /** of boosted trees on all cells or pixels and the condition, of the first 4,000 rows of each */
  readonly cells: TwoSampleResult;
  /** how much generated cells or pixels differ among each other, in units of simulated ones */
  readonly spread: number;
  /** of the observables */
  readonly distances: SampleDistances;
  readonly observables: readonly ObservableDistance[];
  /** energy found / energy asked for in quarters of the latter; empty for what has no response */
  readonly response: readonly ConditionBin[];
}

/** Trees on some hundred cells take half a minute: three folds are enough of them, and these rows of each sample. */
const [FOLDS_OF_CELLS, ROWS_OF_CELLS] = [3, 4000];

/**
 * Compares a generated with a simulated sample in every way. What was asked for should be distributed alike in both: best are
 * the conditions of the simulated ones.
 *
 * @throws {JetError} as `twoSampleTest`, `sampleDistances` and `observableDistances`; SHAPE_MISMATCH for other numbers of cells
 */
export function generationFigures(simulated: Measured, generated: Measured): GenerationFigures {
  const tables = [simulated, generated].map(({ observables, condition }) =>
    tableOf([...observables.values(), condition]),
  );
  const [cells, others] = [simulated, generated].map(withCondition);
  if (cells.shape[1] !== others.shape[1])
    throw new JetError(
      'SHAPE_MISMATCH',
      `generated sample: ${others.shape[1] - 1} cells; the simulated one has ${cells.shape[1] - 1}`,
      { simulated: cells.shape[1] - 1, generated: others.shape[1] - 1 },
    );
  const [real, made] = [simulated, generated].map(({ observables }) => tableOf([...observables.values()]));
  return {
    simulated: simulated.condition.length,
    generated: generated.condition.length,
    twoSample: twoSampleTest(tables[0], tables[1]),
    cells: twoSampleTest(cells, others, { folds: FOLDS_OF_CELLS }),
    spread: spreadOf(generated.cells) / spreadOf(simulated.cells),
    distances: sampleDistances(real, made),
    observables: observableDistances(simulated.observables, generated.observables),
    response: responseOf(simulated, generated),
  };
}

function responseOf(simulated: Measured, generated: Measured): ConditionBin[] {
  const [real, made] = [simulated, generated].map(({ observables, condition }) => {
    const value = observables.get('response');
    return value && { condition, value };
  });
  const sorted = Float64Array.from(simulated.condition).sort();
  const edges = [0, 0.25, 0.5, 0.75, 1].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return real && made && new Set(edges).size === edges.length ? conditionalMoments(real, made, edges) : [];
}

function withCondition({ cells: { shape, data }, condition }: Measured): Sample {
  const width = shape[1];
  const rows = Math.min(shape[0], ROWS_OF_CELLS);
  const all = new Float64Array(rows * (width + 1));
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) all[row * (width + 1) + i] = data[row * width + i];
    all[row * (width + 1) + width] = condition[row];
  }
  return { shape: [rows, width + 1], data: all };
}

/** The figures as a card holds them. */
export function generatorMetrics({
  twoSample,
  cells,
  spread,
  distances,
  observables,
}: GenerationFigures): Omit<GeneratorMetrics, 'dataset' | 'datasetHash' | 'rows' | 'seed'> {
  const { frechet, kernel, coverage } = distances;
  return {
    twoSampleAuc: twoSample.auc,
    twoSampleAucStdErr: twoSample.stdErr,
    cellsAuc: cells.auc,
    cellsAucStdErr: cells.stdErr,
    spread,
    frechet,
    kernel,
    precision: coverage.precision.value,
    recall: coverage.recall.value,
    density: coverage.density,
    coverage: coverage.coverage.value,
    observables: observables.map(({ name, wasserstein, wassersteinStdErr, separation }) => ({
      name,
      wasserstein,
      wassersteinStdErr,
      separation,
    })),
  };
}
