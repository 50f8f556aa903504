/** @file The Fréchet distance of two samples of physics features (FPD). */
import { JetError, random } from '@jetsdk/jets';
import { pickRows, type Rows, type Sample, type ScaleOptions, scaledPair } from './sample.js';
import { symmetricEigen } from './symmetricEigen.js';

export interface FrechetOptions extends ScaleOptions {
  /** rows of the smallest and of the largest part; default 20,000 and 50,000, or what the samples have, in that ratio */
  readonly sizes?: readonly [least: number, most: number];
  /** sizes between these, equally apart in 1/N; default 10, at least 3 */
  readonly points?: number;
  /** parts drawn at each size; default 20 */
  readonly batches?: number;
  /** default 1 */
  readonly seed?: number;
}

/** A distance with its error. */
export interface Distance {
  readonly value: number;
  readonly stdErr: number;
}

/**
 * The Fréchet distance between the Gaussians of two whole samples, |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½), of scaled
 * columns. It is biased upwards by about 1/N.
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE; DEGENERATE_METRIC for fewer than two rows
 */
export function frechetDistance(real: Sample, generated: Sample, options: ScaleOptions = {}): number {
  const pair = scaledPair('frechetDistance', real, generated, options);
  return distanceOf(pair.real, pair.generated);
}

/**
 * The Fréchet physics distance: Fréchet distances of parts of growing size, extrapolated to infinite size by a straight line
 * in 1/N with neither intercept nor slope below 0.
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @returns intercept and its standard error from the scatter about the line
 * @throws {JetError} as `frechetDistance`; OUT_OF_RANGE for sizes that the samples do not have
 * @see Kansal et al.: arXiv:2211.10295
 */
export function frechetPhysicsDistance(real: Sample, generated: Sample, options: FrechetOptions = {}): Distance {
  const pair = scaledPair('frechetPhysicsDistance', real, generated, options);
  const room = Math.min(pair.real.rows, pair.generated.rows);
  const most = options.sizes?.[1] ?? Math.min(50_000, room);
  const least = options.sizes?.[0] ?? Math.max(2, Math.round(0.4 * most));
  const { points = 10, batches = 20, seed = 1 } = options;
  if (!(Number.isInteger(least) && Number.isInteger(most) && least >= 2 && least < most && most <= room))
    throw new JetError(
      'OUT_OF_RANGE',
      `frechetPhysicsDistance: parts of ${least} to ${most} rows; expected whole numbers from 2, rising, at most ${room}`,
      { least, most, rows: room },
    );
  if (!(Number.isInteger(points) && points >= 3 && Number.isInteger(batches) && batches >= 1))
    throw new JetError(
      'OUT_OF_RANGE',
      `frechetPhysicsDistance: ${points} sizes of ${batches} parts; expected 3 or more of 1 or more`,
      { points, batches },
    );
  const stream = random(seed);
  const inverse: number[] = [];
  const values: number[] = [];
  for (let point = 0; point < points; point++) {
    const size = Math.floor(1 / (1 / least + (point / (points - 1)) * (1 / most - 1 / least)) + 1e-9);
    let sum = 0;
    for (let batch = 0; batch < batches; batch++) {
      const part = (of: Rows): Rows => pickRows(of, drawn(of.rows, size, stream.uniform));
      sum += distanceOf(part(pair.real), part(pair.generated));
    }
    inverse.push(1 / size);
    values.push(sum / batches);
  }
  return lineAtZero(inverse, values);
}

/** Row numbers drawn without replacement. */
export function drawn(rows: number, size: number, uniform: () => number): Uint32Array {
  const all = Uint32Array.from({ length: rows }, (_, i) => i);
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(uniform() * (rows - i));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.subarray(0, size);
}

function distanceOf(a: Rows, b: Rows): number {
  const d = a.features;
  const [ma, mb] = [meansOf(a), meansOf(b)];
  const [ca, cb] = [covarianceOf(a, ma), covarianceOf(b, mb)];
  let distance = 0;
  for (let i = 0; i < d; i++) distance += (ma[i] - mb[i]) ** 2 + ca[i * d + i] + cb[i * d + i];
  const root = rootOf(ca, d);
  const { values } = symmetricEigen(product(product(root, cb, d), root, d), d);
  for (const value of values) distance -= 2 * Math.sqrt(Math.max(0, value));
  return Math.max(0, distance);
}

function meansOf({ rows, features, data }: Rows): Float64Array {
  const mean = new Float64Array(features);
  for (let at = 0; at < data.length; at++) mean[at % features] += data[at];
  return mean.map((sum) => sum / rows);
}

/** With n − 1. */
function covarianceOf({ rows, features: d, data }: Rows, mean: Float64Array): Float64Array {
  const covariance = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < d; i++) row[i] = data[r * d + i] - mean[i];
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) covariance[i * d + j] += row[i] * row[j];
  }
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      covariance[i * d + j] /= rows - 1;
      covariance[j * d + i] = covariance[i * d + j];
    }
  return covariance;
}

function rootOf(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += vectors[i * n + k] * Math.sqrt(Math.max(0, values[k])) * vectors[j * n + k];
      root[i * n + j] = sum;
    }
  return root;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) c[i * n + j] += a[i * n + k] * b[k * n + j];
  return c;
}

/** Least squares with intercept and slope of 0 or more. */
function lineAtZero(x: readonly number[], y: readonly number[]): Distance {
  const n = x.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v / n, 0);
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const sxy = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  let slope = Math.max(0, sxy / sxx);
  let value = my - slope * mx;
  if (value < 0) {
    value = 0;
    slope = Math.max(0, x.reduce((sum, v, i) => sum + v * y[i], 0) / x.reduce((sum, v) => sum + v * v, 0));
  }
  const left = y.reduce((sum, v, i) => sum + (v - value - slope * x[i]) ** 2, 0) / (n - 2);
  return { value, stdErr: Math.sqrt(left * (1 / n + mx ** 2 / sxx)) };
}
