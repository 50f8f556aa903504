import { random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../jets.testing.js';
import {
  conditionalMoments,
  coverage,
  frechetDistance,
  frechetPhysicsDistance,
  kernelDistance,
  kernelPhysicsDistance,
  memorisation,
  nearestRows,
  type Sample,
  separationPower,
  twoSampleTest,
  wasserstein,
} from './index.js';
import { symmetricEigen } from './symmetricEigen.js';

/** x_ij = frac(i·√p_j), i from 1: known to every language without a file. */
function fractions(rows: number, primes: readonly number[] = [2, 3, 5, 7]): Sample {
  const data = new Float64Array(rows * primes.length);
  for (let i = 0; i < rows; i++)
    primes.forEach((p, j) => {
      data[i * primes.length + j] = ((i + 1) * Math.sqrt(p)) % 1;
    });
  return { shape: [rows, primes.length], data };
}

const raised = ({ shape, data }: Sample, power: number): Sample => ({
  shape,
  data: Float64Array.from(data, (x) => x ** power),
});
const column = ({ shape, data }: Sample, j: number): Float64Array =>
  Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j]);
const constant = (value: number): Sample => ({ shape: [100, 2], data: new Float64Array(200).fill(value) });

function gaussian(rows: number, features: number, seed: number, mean = 0, width = 1): Sample {
  const { normal } = random(seed);
  return {
    shape: [rows, features],
    data: Float64Array.from({ length: rows * features }, () => mean + width * normal()),
  };
}

const x = fractions(50_000);
const y = raised(x, 1.1);

describe('frechetDistance', () => {
  it('gives what jetnet gives, to ten digits', () => {
    expect(frechetDistance(x, y)).toBeCloseTo(0.002336389288, 12);
  });

  it('is the square of the distance of means where nothing varies: 2 for samples of 2 and 0', () => {
    expect(frechetDistance(constant(2), constant(0))).toBe(2);
    const sizes: [number, number] = [20, 50];
    const { value, stdErr } = frechetPhysicsDistance(constant(2), constant(0), { sizes });
    expect(value).toBeCloseTo(2, 12);
    expect(stdErr).toBeLessThan(1e-12);
  });

  it('of Gaussians is what their means and widths say', () => {
    const a = gaussian(60_000, 2, 1);
    const b = gaussian(60_000, 2, 2, 0.5, 1.5);
    const largest = [0, 1].map((j) => column(a, j).reduce((most, v) => Math.max(most, Math.abs(v)), 0));
    const exact = largest.reduce((sum, m) => sum + (0.5 ** 2 + (1.5 - 1) ** 2) / m ** 2, 0);
    expect(Math.abs(frechetDistance(a, b) / exact - 1)).toBeLessThan(0.03);
  });

  it('is 0 within its error between samples of one kind once it is extrapolated, though that of parts is not', () => {
    const [a, b] = [gaussian(5000, 3, 3), gaussian(5000, 3, 4)];
    const { value, stdErr } = frechetPhysicsDistance(a, b, { sizes: [200, 2000], batches: 10 });
    expect(value).toBeLessThan(frechetDistance(a, b) + 3 * stdErr + 1e-4);
    expect(value).toBeLessThan(2e-4);
  });

  it('names what is wrong', () => {
    expect(codeOf(() => frechetDistance(x, { shape: [2, 1], data: [1, 2] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => frechetDistance(x, { shape: [2, 4], data: [1, 2] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => frechetDistance({ shape: [1, 2], data: [1, 2] }, constant(1)))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => frechetDistance({ shape: [1, 2], data: [1, Number.NaN] }, constant(1)))).toBe('NOT_FINITE');
    expect(codeOf(() => frechetPhysicsDistance(constant(1), constant(1), { sizes: [50, 500] }))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => Reflect.apply(frechetDistance, undefined, [x, Promise.resolve(y)]))).toBe('BAD_ARGUMENT');
  });
});

describe('symmetricEigen', () => {
  it('takes a matrix apart so that it can be put together again', () => {
    const n = 6;
    const { normal } = random(5);
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = normal();
    const { values, vectors } = symmetricEigen(matrix, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += vectors[i * n + k] * values[k] * vectors[j * n + k];
        expect(sum).toBeCloseTo(matrix[i * n + j], 12);
      }
  });
});

describe('kernelDistance', () => {
  const first = ({ data }: Sample): Sample => ({ shape: [2000, 4], data: Array.from(data).slice(0, 8000) });

  it('gives what jetnet gives, to ten digits', () => {
    // scaled by all of x, taken of its first 2,000 rows
    const scale = [0, 1, 2, 3].map((j) => column(x, j).reduce((most, v) => Math.max(most, v), 0));
    expect(kernelDistance(first(x), first(y), { scale })).toBeCloseTo(0.005894446109, 12);
    expect(codeOf(() => kernelDistance(x, y, { scale: [1] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => kernelDistance(x, y, { scale: [1, 0, 1, 1] }))).toBe('OUT_OF_RANGE');
  });

  it('is 15 for samples of 2 and 0', () => {
    expect(kernelDistance(constant(2), constant(0))).toBeCloseTo(15, 12);
    expect(kernelPhysicsDistance(constant(2), constant(0)).value).toBeCloseTo(15, 12);
  });

  it('is 0 within its error between samples of one kind', () => {
    const { value, stdErr } = kernelPhysicsDistance(gaussian(2000, 3, 6), gaussian(2000, 3, 7), { size: 400 });
    expect(Math.abs(value)).toBeLessThan(4 * stdErr);
    expect(codeOf(() => kernelPhysicsDistance(constant(1), constant(1), { size: 101 }))).toBe('OUT_OF_RANGE');
  });
});

describe('wasserstein', () => {
  it('gives what SciPy gives, to ten digits', () => {
    const known = [0.0238098394, 0.0238098042, 0.0238098796, 0.0238096246];
    known.forEach((value, j) => {
      expect(wasserstein(column(x, j), column(y, j), { replicates: 2 }).value).toBeCloseTo(value, 10);
    });
  });

  it('is a shift, and its error that of the difference of means', () => {
    const a = column(gaussian(4000, 1, 8), 0);
    const shifted = column(gaussian(4000, 1, 9, 1), 0);
    expect(
      wasserstein(
        a,
        a.map((v) => v + 3),
      ).value,
    ).toBeCloseTo(3, 10);
    const { value, stdErr, interval } = wasserstein(a, shifted, { replicates: 300 });
    expect(Math.abs(stdErr / Math.sqrt(2 / 4000) - 1)).toBeLessThan(0.2);
    expect(Math.abs(value - 1)).toBeLessThan(4 * stdErr);
    expect(interval.low).toBeLessThan(value + stdErr);
    expect(codeOf(() => wasserstein([], [1]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => wasserstein([1], [Number.NaN]))).toBe('NOT_FINITE');
  });
});

describe('separationPower', () => {
  it('gives what NumPy histograms give', () => {
    expect(separationPower(column(x, 0), column(y, 0), { bins: 20, range: [0, 1] }).value).toBeCloseTo(
      0.00212310637,
      11,
    );
  });

  it('goes from 0 to 1, and knows what chance alone would give', () => {
    expect(separationPower([1, 2, 3], [1, 2, 3]).value).toBe(0);
    expect(separationPower([1, 2], [8, 9]).value).toBe(1);
    const trials = Array.from({ length: 40 }, (_, seed) =>
      separationPower(column(gaussian(2000, 1, seed), 0), column(gaussian(2000, 1, seed + 100), 0), { range: [-2, 2] }),
    );
    const mean = trials.reduce((sum, { value }) => sum + value / 40, 0);
    const chance = trials.reduce((sum, { ofChance }) => sum + ofChance / 40, 0);
    expect(Math.abs(mean - chance)).toBeLessThan((4 * trials[0].stdErrOfChance) / Math.sqrt(40));
    expect(codeOf(() => separationPower([1], [1], { range: [5, 6] }))).toBe('DEGENERATE_METRIC');
  });
});

describe('coverage', () => {
  /** By sorting all distances. */
  function slow(
    real: number[],
    generated: number[],
    k: number,
  ): { density: number; coverage: number; precision: number; recall: number } {
    const ball = (of: number[]): number[] => of.map((a) => of.map((b) => Math.abs(a - b)).sort((p, q) => p - q)[k]);
    const [r, g] = [ball(real), ball(generated)];
    const within = generated.map((b) => real.filter((a, i) => Math.abs(a - b) < r[i]).length);
    return {
      density: within.reduce((a, b) => a + b) / (k * generated.length),
      precision: within.filter((n) => n > 0).length / generated.length,
      recall: real.filter((a) => generated.some((b, j) => Math.abs(a - b) < g[j])).length / real.length,
      coverage: real.filter((a, i) => generated.some((b) => Math.abs(a - b) < r[i])).length / real.length,
    };
  }

  it('is what its definition says, for each of its four figures', () => {
    const [a, b] = [column(gaussian(120, 1, 10), 0), column(gaussian(90, 1, 11, 1, 0.5), 0)];
    const table = (values: Float64Array): Sample => ({ shape: [values.length, 1], data: values });
    for (const neighbours of [1, 5]) {
      const found = coverage(table(a), table(b), { neighbours });
      const expected = slow([...a], [...b], neighbours);
      expect(found.density).toBeCloseTo(expected.density, 12);
      for (const key of ['precision', 'recall', 'coverage'] as const)
        expect(found[key].value).toBeCloseTo(expected[key], 12);
      expect(found.coverage.interval.low).toBeLessThan(found.coverage.value);
    }
  });

  it('sees modes that are left out, and rows that are real nowhere', () => {
    const real = gaussian(300, 2, 12);
    expect(coverage(real, gaussian(300, 2, 13)).coverage.value).toBeGreaterThan(0.9);
    expect(coverage(real, gaussian(300, 2, 14, 0, 0.2)).coverage.value).toBeLessThan(0.4);
    expect(coverage(real, gaussian(300, 2, 15, 20)).precision.value).toBe(0);
    expect(codeOf(() => coverage(gaussian(5, 2, 1), real))).toBe('DEGENERATE_METRIC');
  });
});

describe('nearestRows', () => {
  it('finds what a search through all rows finds, zeros and far rows included', () => {
    for (const seed of [1, 2, 3]) {
      const { uniform } = random(seed);
      const table = (rows: number): Sample => ({
        shape: [rows, 70],
        data: Float64Array.from({ length: rows * 70 }, () => (uniform() < 0.8 ? 0 : 10 ** (3 * uniform()))),
      });
      const [others, rows] = [table(120), table(40)];
      const { distances, nearest } = nearestRows(others, rows);
      for (let g = 0; g < 40; g++) {
        const all = Array.from({ length: 120 }, (_, r) =>
          Math.hypot(...Array.from({ length: 70 }, (__, k) => others.data[r * 70 + k]! - rows.data[g * 70 + k]!)),
        );
        expect(distances[g], `seed ${seed}`).toBeCloseTo(Math.min(...all), 8);
        expect(all[nearest[g]!], `seed ${seed}`).toBeCloseTo(Math.min(...all), 8);
      }
    }
  });
});

describe('memorisation', () => {
  it('tells copies of the training rows from fresh ones', () => {
    const [training, test, fresh] = [gaussian(400, 3, 16), gaussian(300, 3, 17), gaussian(300, 3, 18)];
    const honest = memorisation(training, test, fresh).nearer;
    expect(Math.abs(honest.auc - 0.5)).toBeLessThan(4 * honest.stdErr);
    const { normal } = random(19);
    const copied = {
      shape: [300, 3],
      data: Float64Array.from(training.data)
        .slice(0, 900)
        .map((v) => v + 0.01 * normal()),
    };
    const { nearer, nearest, distances } = memorisation(training, test, copied);
    expect(nearer.auc).toBeGreaterThan(0.95);
    expect(Array.from(nearest).filter((row, i) => row === i).length).toBeGreaterThan(290);
    expect(Math.max(...distances)).toBeLessThan(0.1);
  });
});

describe('twoSampleTest', () => {
  it('finds nothing between samples of one kind, and knows how certain that is', () => {
    const { auc, stdErr, scores, aucs } = twoSampleTest(gaussian(600, 3, 20), gaussian(600, 3, 21), {
      trees: 30,
      seeds: [1, 2],
    });
    expect(Math.abs(auc - 0.5)).toBeLessThan(4 * stdErr);
    expect(scores).toHaveLength(1200);
    expect(aucs).toHaveLength(2);
  });

  it('comes near the best that can be done: Φ(Δ/√2) for unit Gaussians that lie Δ apart', () => {
    const real = gaussian(1500, 2, 22);
    const moved = gaussian(1500, 2, 23);
    const data = Float64Array.from(moved.data, (v, i) => (i % 2 === 0 ? v + 1 : v));
    const { auc, stdErr, calibration } = twoSampleTest(real, { shape: [1500, 2], data });
    // Φ(1/√2)
    expect(auc).toBeLessThan(0.7602 + 3 * stdErr);
    expect(auc).toBeGreaterThan(0.7602 - 0.03);
    expect(calibration.expectedError).toBeLessThan(0.06);
  });

  it('sees correlations that no single feature shows', () => {
    const { normal } = random(24);
    const pairs = (sign: number): Sample => ({
      shape: [1000, 2],
      data: Float64Array.from({ length: 1000 }).reduce<Float64Array>((all, _, i) => {
        const a = normal();
        all[2 * i] = a;
        all[2 * i + 1] = sign * 0.9 * a + 0.44 * normal();
        return all;
      }, new Float64Array(2000)),
    });
    expect(twoSampleTest(pairs(1), pairs(-1), { trees: 60 }).auc).toBeGreaterThan(0.85);
  });

  it('is the same for the same seeds, and refuses what it cannot part into folds', () => {
    const [a, b] = [gaussian(60, 2, 25), gaussian(60, 2, 26)];
    expect(twoSampleTest(a, b, { trees: 5 })).toEqual(twoSampleTest(a, b, { trees: 5 }));
    expect(codeOf(() => twoSampleTest(gaussian(9, 2, 1), b))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => twoSampleTest(a, b, { folds: 1 }))).toBe('OUT_OF_RANGE');
  });
});

describe('conditionalMoments', () => {
  /** A response of mean 1 − 0.1/E and width 0.1/√E. */
  function showers(rows: number, seed: number, mean = 1, width = 1): { condition: Float64Array; value: Float64Array } {
    const { normal, uniform } = random(seed);
    const condition = Float64Array.from({ length: rows }, () => 1 + 99 * uniform());
    return { condition, value: condition.map((e) => mean - 0.1 / e + ((0.1 * width) / Math.sqrt(e)) * normal()) };
  }

  it('has pulls of width 1 where the generator is right', () => {
    const edges = Array.from({ length: 41 }, (_, i) => 1 + (99 * i) / 40);
    const bins = conditionalMoments(showers(40_000, 1), showers(40_000, 2), edges);
    for (const key of ['meanPull', 'widthPull'] as const) {
      const pulls = bins.map((bin) => bin[key] ?? Number.NaN);
      const rms = Math.sqrt(pulls.reduce((sum, pull) => sum + pull ** 2 / 40, 0));
      // the width of 40 pulls is known to 11 %
      expect(Math.abs(rms - 1)).toBeLessThan(0.4);
    }
  });

  it('sees a wrong mean and a wrong width, each in its own pull, and leaves empty bins empty', () => {
    const edges = [1, 50, 100, 200];
    const [shifted] = conditionalMoments(showers(4000, 3), showers(4000, 4, 1.02), edges);
    expect(shifted.meanPull).toBeGreaterThan(5);
    const [narrow, , empty] = conditionalMoments(showers(4000, 5), showers(4000, 6, 1, 0.7), edges);
    expect(narrow.widthPull).toBeLessThan(-5);
    expect(empty).toEqual({ low: 100, high: 200 });
    expect(codeOf(() => conditionalMoments(showers(9, 1), { condition: [1], value: [] }, edges))).toBe(
      'SHAPE_MISMATCH',
    );
    expect(codeOf(() => conditionalMoments(showers(9, 1), showers(9, 2), [2, 1]))).toBe('BAD_ARGUMENT');
  });
});
