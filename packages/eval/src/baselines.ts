/** @file What a network has to beat: one quantity of the jet and a cut on it. */

import { type JetImages, type Jets, jetKinematics, meanSquaredRadius } from '@jetsdk/jets';
import { bestAccuracy } from './metrics/accuracy.js';

/** Labelled jets as constituents and as images in GeV. */
export interface JetsInGev {
  readonly jets: Jets;
  readonly images: JetImages;
  /** of the images, in η and φ */
  readonly halfWidth: number;
  readonly labels: Uint8Array;
}

/** A cut on one quantity, as a score that is 0.5 at the cut. */
export interface Baseline {
  readonly name: string;
  /** @returns (n,) in [0, 1] */
  score(jets: JetsInGev): Float64Array;
}

/** GeV */
const TOP_MASS = 172.5;

/** Positive, higher is more top-like. */
const QUANTITIES: Readonly<Record<string, (jets: JetsInGev) => Float64Array>> = {
  'jet mass near the top mass': ({ jets }) =>
    jetKinematics(jets).mass.map((mass) => 1 / (1 + Math.abs(mass - TOP_MASS) / TOP_MASS)),
  'jet width ⟨r²⟩': ({ images, halfWidth }) => meanSquaredRadius(images, halfWidth),
};

/** Top against QCD by mass and by width; the cuts are those of best accuracy on the given jets. */
export function baselines(tuning: JetsInGev): readonly Baseline[] {
  return Object.entries(QUANTITIES).map(([name, quantity]) => {
    const { threshold } = bestAccuracy(tuning.labels, quantity(tuning));
    return { name, score: (jets) => quantity(jets).map((value) => value / (value + threshold)) };
  });
}
