/** @file What a tagger answers for each class. */
import type { Binned, ClassValues } from '../counts/binned.js';
import { type BinnedHistogramOptions, drawBinnedHistogram, drawHistogram, type HistogramOptions } from './histogram.js';

/**
 * Draws a tagger's scores for each class, each class normalised to its own number of jets.
 *
 * @param classes scores, background first, then signal; by default over [0, 1], or over their span where they leave it
 * @returns SVG
 * @throws {JetError} as `histogram`
 */
export function scoreDistribution(classes: readonly ClassValues[], options: HistogramOptions = {}): string {
  const inside = classes.every(({ values }) => {
    for (let i = 0; i < values.length; i++) if (values[i] < 0 || values[i] > 1) return false;
    return true;
  });
  return drawHistogram('scoreDistribution', classes, {
    label: 'Tagger score',
    ...(inside && { range: [0, 1] }),
    ...options,
  });
}

/**
 * Draws scores that were counted elsewhere, as `scoreDistribution`.
 *
 * @param binned background first, then signal; not modified
 * @returns SVG
 * @throws {JetError} as `binnedHistogram`
 */
export function binnedScores(binned: Binned, options: BinnedHistogramOptions = {}): string {
  return drawBinnedHistogram('binnedScores', 'scores', binned, { label: 'Tagger score', ...options });
}
