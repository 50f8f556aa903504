import { describe, expect, test } from 'vitest';
import type { Geometry } from './geometry.js';
import { winogradTiles } from './winograd.js';

/** The second convolution of `tutorial-cnn`. */
const TUTORIAL: Geometry = {
  ...{ images: 50, height: 40, width: 40, inputs: 8, outHeight: 40, outWidth: 40, outputs: 8 },
  ...{ kernelHeight: 4, kernelWidth: 4, strideHeight: 1, strideWidth: 1, top: 1, left: 1 },
};

describe('minimal filtering', () => {
  test('takes filters of 3 × 3 and 4 × 4 over channels in eights', () => {
    expect(winogradTiles(TUTORIAL)).toBeDefined();
    expect(winogradTiles({ ...TUTORIAL, kernelHeight: 3, kernelWidth: 3 })).toBeDefined();
  });

  test.each([
    ['strides', { strideHeight: 2, strideWidth: 2, outHeight: 20, outWidth: 20 }],
    ['filters of other sizes', { kernelHeight: 5, kernelWidth: 5 }],
    ['filters that are not square', { kernelHeight: 3 }],
    ['a single input channel', { inputs: 1 }],
    ['ten output channels', { outputs: 10 }],
    ['images that reach out of their tiles', { left: -1 }],
    ['images of less than a tile', { height: 2, width: 2, outHeight: 2, outWidth: 2 }],
  ])('leaves %s to the direct convolution', (_, change) => {
    expect(winogradTiles({ ...TUTORIAL, ...change })).toBeUndefined();
  });

  test('holds a band in 256 kB or in what the filter takes, at least a row of tiles, and no more than there is', () => {
    const { band } = winogradTiles(TUTORIAL)!;
    expect(4 * 36 * 14 * band * 16).toBeLessThanOrEqual(256 * 1024);
    const wide = winogradTiles({ ...TUTORIAL, inputs: 256, outputs: 256 })!.band;
    expect(36 * 14 * wide * 512).toBeLessThanOrEqual(36 * (256 * 256 + 16));
    expect(wide).toBeGreaterThan(1);
    expect(winogradTiles({ ...TUTORIAL, width: 4000, outWidth: 4000 })!.band).toBe(1);
    expect(winogradTiles({ ...TUTORIAL, images: 1, height: 6, width: 6, outHeight: 6, outWidth: 6 })!.band).toBe(2);
  });
});
