/** @file Batch normalisation over all but the last axis, in training mode, and its gradient. */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { asRows } from './geometry.js';

const PARTIAL_SUMS = 16;
const MIN_ROWS = 512;

/** (x, gamma, beta) → [y, mean, biased variance]; channels are a multiple of four. */
export const BATCH_NORMALISATION = 'JetBatchNormalisation';
const GRADIENT = 'JetBatchNormalisationGradient';

export function registerBatchNormalisation(runtime: () => KernelRuntime): void {
  putKernel(BATCH_NORMALISATION, ({ inputs, attrs }) => {
    const rt = runtime();
    const { x, gamma, beta } = inputs;
    const [rows, channels] = asRows(x!);
    const parts = partition(rows);
    const y = rt.output(x!.shape);
    const mean = rt.output([channels]);
    const variance = rt.output([channels]);
    const coefficients = rt.buffer('coefficients', channels);
    // The first row is the shift that keeps the sum of squares from cancelling.
    const [sums, squares] = totals(rt, 'momentSums', [rt.at(x!), rt.at(x!)], parts, channels);
    const first = rt.floats(rt.at(x!), channels);
    const means = rt.floats(rt.at(mean), channels);
    const variances = rt.floats(rt.at(variance), channels);
    const gammas = rt.floats(rt.at(gamma!), channels);
    const scales = rt.floats(coefficients, channels);
    for (let c = 0; c < channels; c++) {
      const shifted = sums[c] / rows;
      const v = Math.max(0, squares[c] / rows - shifted * shifted);
      means[c] = first[c] + shifted;
      variances[c] = v;
      scales[c] = gammas[c] / Math.sqrt(v + (attrs!['epsilon'] as number));
    }
    const addresses = [rt.at(x!), rt.at(mean), coefficients, rt.at(beta!), rt.at(y)];
    rt.run(
      'normalise',
      parts.map(([from, to]) => [...addresses, from, to, channels]),
    );
    return [y, mean, variance];
  });

  putKernel(GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const { x, dy, gamma, mean, variance } = inputs;
    const [rows, channels] = asRows(x!);
    const parts = partition(rows);
    const dx = rt.output(x!.shape);
    const dGamma = rt.output([channels]);
    const dBeta = rt.output([channels]);
    const coefficients = rt.buffer('coefficients', 3 * channels);
    const [sums, products] = totals(rt, 'normalisationSums', [rt.at(x!), rt.at(dy!), rt.at(mean!)], parts, channels);
    const [gammas, variances, dGammas, dBetas] = [gamma!, variance!, dGamma, dBeta].map((t) =>
      rt.floats(rt.at(t), channels),
    );
    const [a, b, c] = [0, 1, 2].map((i) => rt.floats(coefficients + 4 * i * channels, channels));
    for (let i = 0; i < channels; i++) {
      const inverse = 1 / Math.sqrt(variances![i] + (attrs!['epsilon'] as number));
      const scale = gammas![i] * inverse;
      dGammas![i] = products[i] * inverse;
      dBetas![i] = sums[i];
      a![i] = scale;
      b![i] = (-scale * inverse * inverse * products[i]) / rows;
      c![i] = (-scale * sums[i]) / rows;
    }
    const abc = [0, 1, 2].map((i) => coefficients + 4 * i * channels);
    const addresses = [rt.at(x!), rt.at(dy!), rt.at(mean!), ...abc, rt.at(dx)];
    rt.run(
      'normalisationGradient',
      parts.map(([from, to]) => [...addresses, from, to, channels]),
    );
    return [dx, dGamma, dBeta];
  });

  putGradient(BATCH_NORMALISATION, { inputs: ['x', 'gamma'], outputs: [false, true, true] }, (dys, saved, attrs) => {
    const [x, gamma, mean, variance] = saved as [Tensor, Tensor, Tensor, Tensor];
    const inputs = { x, dy: (dys as Tensor[])[0], gamma, mean, variance };
    const [dx, dGamma, dBeta] = engine().runKernel<[Tensor, Tensor, Tensor]>(GRADIENT, inputs, {
      epsilon: attrs['epsilon'],
    });
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  });
}

function partition(rows: number): [first: number, last: number][] {
  return ranges(rows, Math.min(PARTIAL_SUMS, Math.ceil(rows / MIN_ROWS)));
}

/** Two sums per channel over all rows, added up in float64 in a fixed order. */
function totals(
  rt: KernelRuntime,
  kernel: string,
  addresses: readonly number[],
  parts: readonly (readonly [number, number])[],
  channels: number,
): [Float64Array, Float64Array] {
  const size = 2 * channels;
  const buffer = rt.buffer('partials', parts.length * size);
  rt.run(
    kernel,
    parts.map(([first, last], i) => [...addresses, buffer + 4 * i * size, first, last, channels]),
  );
  const partial = rt.floats(buffer, parts.length * size);
  const total = new Float64Array(size);
  for (let i = 0; i < partial.length; i++) total[i % size] += partial[i];
  return [total.subarray(0, channels), total.subarray(channels)];
}
