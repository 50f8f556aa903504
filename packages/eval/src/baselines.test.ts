import { jetImages, jets } from '@jetsdk/jets';
import { expect, test } from 'vitest';
import { baselines, type JetsInGev } from './baselines.js';
import { bestAccuracy } from './metrics/accuracy.js';

/** Jets of two back-to-back constituents in η of a mass each, and images in which signal is wider. */
function made(masses: readonly number[], labels: readonly number[]): JetsInGev {
  const data = new Float32Array(masses.length * 8);
  const pixels = new Float32Array(masses.length * 25);
  masses.forEach((mass, jet) => {
    const [pt, eta] = [mass / 2, 0];
    data.set([pt * Math.cosh(eta), pt, 0, 0, pt, -pt, 0, 0], jet * 8);
    pixels[jet * 25 + 12] = 10;
    pixels[jet * 25 + (labels[jet] === 1 ? 0 : 11)] = 10;
  });
  return {
    jets: jets(data, 2),
    images: jetImages(pixels, [5, 5, 1]),
    halfWidth: 1,
    labels: Uint8Array.from(labels),
  };
}

test('baselines score in [0, 1], 0.5 at the cut of best accuracy on the jets they were tuned on', () => {
  const tuning = made([170, 175, 172, 80, 300, 20], [1, 1, 1, 0, 0, 0]);
  const both = baselines(tuning);
  expect(both.map(({ name }) => name)).toEqual(['jet mass near the top mass', 'jet width ⟨r²⟩']);
  for (const { score } of both) {
    const scores = score(tuning);
    for (const value of scores) expect(value >= 0 && value <= 1).toBe(true);
    expect(bestAccuracy(tuning.labels, scores)).toMatchObject({ accuracy: 1, threshold: 0.5 });
  }
});
