/** @file Which convolutions are done by Winograd's minimal filtering (arXiv:1509.09308), and how their images are cut. */
import type { Geometry } from './geometry.js';

/** Values that stand for a tile of 6 × 6 pixels. */
const POINTS = 36;
/** Floats behind the values of a filter at each point, which keep the points out of each other's places in the cache. */
const APART = 16;
/** Floats of working memory to bring one tile to or from its points. */
export const CORNER = 96;
const TILE = 6;
/** Floats of a thread's points that are held at once, so that they stay in its cache; as many as the filter has at its points are no loss. */
const BAND = 64 * 1024;
/** Tiles at the border reach over it: with more than this share of the direct products they are not worth it. */
const WORTH = 0.5;

export interface Tiles {
  /** rows of tiles held at once */
  readonly band: number;
  /** floats of working memory for each thread, for a convolution and for the gradient of its filter */
  readonly scratch: number;
}

/** Floats of a filter at all points. */
export function filterPoints(g: Geometry): number {
  return POINTS * (g.inputs * g.outputs + APART);
}

/** How images are cut for a convolution and its gradients; undefined if it is better done directly. */
export function winogradTiles(g: Geometry): Tiles | undefined {
  const size = g.kernelHeight;
  const square = size === g.kernelWidth && (size === 3 || size === 4);
  if (!square || g.strideHeight !== 1 || g.strideWidth !== 1 || g.inputs % 8 !== 0 || g.outputs % 8 !== 0)
    return undefined;
  const edge = TILE + 1 - size;
  const [high, wide] = [Math.ceil(g.outHeight / edge), Math.ceil(g.outWidth / edge)];
  const lineWidth = wide * edge + size - 1;
  if (g.left < 0 || g.left + g.width > lineWidth) return undefined;
  if (high * wide * POINTS > WORTH * g.outHeight * g.outWidth * size ** 2) return undefined;
  const row = POINTS * wide * (g.inputs + g.outputs);
  const band = Math.max(1, Math.min(high * g.images, Math.floor(Math.max(BAND, filterPoints(g)) / row)));
  const lines = (1 + TILE) * lineWidth * (g.inputs + g.outputs);
  return { band, scratch: lines + band * row + filterPoints(g) + CORNER };
}
