/** @file Which scores go together, found with hidden ones that follow from what is found. */
import { JetError } from '@jetsdk/jets';
import type { CodeOptions } from './flowCode.js';
import { type Conditioning, conditioning, type HiddenRows, redraw } from './hiddenScores.js';
import { moments } from './linear.js';
import { gaussianOf, type Mixture } from './mixture.js';
import { between, type Nodes, nearest } from './nodes.js';

export interface TogetherOptions extends Pick<CodeOptions, 'onProgress' | 'signal'> {
  readonly nodes: Nodes;
  /** numbers of the columns of each mirror image, which count as rows of their own */
  readonly images: readonly ArrayLike<number>[];
  /** times that hidden scores are drawn */
  readonly rounds: number;
  /** rows that a Gaussian is found with, at most, images not counted */
  readonly most: number;
  uniform(): number;
}

export interface Together {
  readonly mixture: Mixture;
  /** of each node */
  readonly conditionings: readonly Conditioning[];
}

/** what is added to the variance of a column, which few rows may show */
const RIDGE = 1e-3;

/**
 * A Gaussian of all numbers at each node, from rows near it: found, hidden scores drawn from it, found again.
 *
 * @param rows their hidden scores are drawn
 * @param places (rows,) of the condition
 * @throws {JetError} CANCELLED; OUT_OF_RANGE as `cholesky`
 */
export async function fitTogether(rows: HiddenRows, places: Float64Array, options: TogetherOptions): Promise<Together> {
  const { columns, first, scores } = rows;
  const { nodes, images, rounds, most, uniform } = options;
  const given = first.length / places.length;
  const size = given + columns;
  const values = new Float64Array(size);
  const shown = images.map((image) =>
    Uint16Array.from({ length: size }, (_, i) => (i < given ? i : given + image[i - given])),
  );
  const gaussians: Mixture['gaussians'][number][] = [];
  const conditionings: Conditioning[] = [];
  const total = nodes.count * rounds;
  for (let node = 0; node < nodes.count; node++) {
    const near = Array.from(places.keys()).filter((row) => {
      const [low, share] = between(nodes, places[row]);
      return (low === node && share < 0.7) || (low + 1 === node && share > 0.3);
    });
    const every = Math.ceil(near.length / most);
    const picked = near.filter((_, i) => i % every === 0);
    const found = (): Moments =>
      ofImages(
        moments(picked, size, (row) => {
          for (let k = 0; k < given; k++) values[k] = first[given * row + k];
          for (let k = 0; k < columns; k++) values[given + k] = scores[columns * row + k];
          return values;
        }),
        shown,
      );
    let now = found();
    for (let round = 0; round < rounds; round++) {
      await pause(node * rounds + round, total, options);
      redraw(picked, rows, conditioning(now.mean, now.covariance), uniform);
      now = found();
    }
    conditionings.push(conditioning(now.mean, now.covariance));
    gaussians.push(gaussianOf(now.mean, now.covariance, given, columns));
  }
  options.onProgress?.({ done: total, total });
  return { mixture: { nodes, given, columns, gaussians }, conditionings };
}

/** Draws all hidden scores a few times, each row by the node next to it. @throws {JetError} CANCELLED */
export async function redrawAll(
  rows: HiddenRows,
  places: Float64Array,
  { mixture, conditionings }: Together,
  { rounds, uniform, ...options }: Pick<TogetherOptions, 'rounds' | 'uniform' | 'onProgress' | 'signal'>,
): Promise<void> {
  const near = conditionings.map((): number[] => []);
  for (const [row, place] of places.entries()) near[nearest(mixture.nodes, place)].push(row);
  for (let round = 0; round < rounds; round++) {
    await pause(round, rounds, options);
    for (const [node, one] of conditionings.entries()) redraw(near[node], rows, one, uniform);
  }
  options.onProgress?.({ done: rounds, total: rounds });
}

interface Moments {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Moments of all mirror images together. */
function ofImages({ mean, covariance }: Moments, shown: readonly Uint16Array[]): Moments {
  const size = mean.length;
  const all = { mean: new Float64Array(size), covariance: new Float64Array(size * size) };
  for (const of of shown) for (let i = 0; i < size; i++) all.mean[i] += mean[of[i]] / shown.length;
  for (const of of shown)
    for (let i = 0; i < size; i++) {
      const off = mean[of[i]] - all.mean[i];
      for (let j = 0; j < size; j++)
        all.covariance[i * size + j] +=
          (covariance[of[i] * size + of[j]] + off * (mean[of[j]] - all.mean[j])) / shown.length;
    }
  for (let i = 0; i < size; i++) all.covariance[i * size + i] += RIDGE;
  return all;
}

async function pause(
  done: number,
  total: number,
  { onProgress, signal }: Pick<CodeOptions, 'onProgress' | 'signal'>,
): Promise<void> {
  onProgress?.({ done, total });
  await new Promise<void>((resolve) => setTimeout(resolve));
  if (signal?.aborted) throw new JetError('CANCELLED', 'code of a flow: stopped before it was learnt; start again');
}
