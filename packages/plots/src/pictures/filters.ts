/** @file What the first layer looks for. */
import { JetError } from '@jetsdk/jets';
import { checkLength, checkSome } from '../parts/check.js';
import type { PlotOptions } from '../parts/style.js';
import { type JetImage, jetImageGrid } from './jetImage.js';

/** Kernels as tfjs keeps them: (height, width, channels, filters) row-major. */
export interface FilterBank {
  readonly shape: readonly [height: number, width: number, channels: number, filters: number];
  readonly weights: ArrayLike<number>;
}

export interface FilterOptions extends PlotOptions {
  /** filters in a row; default 4 */
  readonly columns?: number;
}

/**
 * Draws the kernels of a convolution for one input channel, as the images lie; blue below zero, red above.
 *
 * @param bank finite weights; not modified
 * @param channel input channel, from 0
 * @returns SVG
 * @throws {JetError} NOT_FINITE; SHAPE_MISMATCH if there are not as many weights as the shape says; BAD_ARGUMENT
 *   without a filter
 */
export function filters(bank: FilterBank, channel = 0, options: FilterOptions = {}): string {
  const [height, width, channels, count] = bank.shape;
  checkSome('filters', 'filters', count);
  checkLength('filters', 'weights', bank.weights.length, height * width * channels * count);
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels)
    throw new JetError('OUT_OF_RANGE', `filters: channel, got ${channel}; expected 0 to ${channels - 1}`, {
      channel,
      channels,
    });
  const images: JetImage[] = Array.from({ length: count }, (_, filter) => ({
    shape: [height, width],
    pixels: Float64Array.from(
      { length: height * width },
      (_unused, pixel) => bank.weights[(pixel * channels + channel) * count + filter],
    ),
    title: `filter ${filter + 1}`,
  }));
  return jetImageGrid(images, {
    ...options,
    scale: 'diverging',
    axes: false,
    quantity: 'Weight',
    title: `The ${count} filters of ${height} by ${width} pixels, input channel ${channel + 1} of ${channels}`,
  });
}
