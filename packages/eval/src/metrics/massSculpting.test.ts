import { random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { sklearn } from '../fixtures.testing.js';
import { codeOf } from '../jets.testing.js';
import { backgroundRejection } from './backgroundRejection.js';
import { massBinnedRejection, massSculpting } from './massSculpting.js';

describe('massSculpting', () => {
  const { labels, scores, mass, threshold, jsd } = sklearn.massSculpting;

  it('agrees with SciPy and NumPy', () => {
    const result = massSculpting(labels, scores, { mass });
    expect(result.threshold).toBe(threshold);
    expect(result.jsd).toBeCloseTo(jsd, 12);
    expect(result.inverseJsd).toBe(1 / result.jsd);
    expect(result.edges).toHaveLength(51);
    expect(result.passing.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(result.failing.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it('is 1 bit where passing and failing background never share a bin', () => {
    const result = massSculpting([1, 1, 0, 0, 0], [0.9, 0.8, 0.85, 0.1, 0.2], {
      mass: [170, 170, 170, 60, 80],
      signalEfficiency: 1,
    });
    expect(result.jsd).toBeCloseTo(1, 12);
  });

  it('expects of a tagger that knows no mass what it then finds', () => {
    const { normal, uniform } = random(2);
    const truth = Uint8Array.from({ length: 60_000 }, (_, i) => i % 2);
    const blind = Float32Array.from(truth, (label) => label + normal());
    const flat = Float32Array.from(truth, () => 50 + 250 * uniform());
    const { jsd, jsdOfChance } = massSculpting(truth, blind, { mass: flat });
    // the spread of a χ² of 49 degrees of freedom is 20 %
    expect(jsd / jsdOfChance).toBeGreaterThan(0.4);
    expect(jsd / jsdOfChance).toBeLessThan(1.6);
  });

  it('takes weight 2 as the jet twice', () => {
    const weights = labels.map((_, i) => 1 + (i % 2));
    const twice = <T>(values: T[]): T[] => values.flatMap((v, i) => (i % 2 === 1 ? [v, v] : [v]));
    const weighted = massSculpting(labels, scores, { mass, weights });
    expect(weighted.jsd).toBeCloseTo(massSculpting(twice(labels), twice(scores), { mass: twice(mass) }).jsd, 12);
  });

  it('throws where 1/JSD has no value, and on masses and bins that make no sense', () => {
    const same = [[1, 0, 0, 1], [0.9, 0.95, 0.1, 0.2], { mass: [100, 100, 100, 100] }] as const;
    expect(codeOf(() => massSculpting(...same))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => massSculpting([1, 0, 0], [0.9, 0.1, 0.2], { mass: [100, 100, 100] }))).toBe(
      'DEGENERATE_METRIC',
    );
    expect(codeOf(() => massSculpting(labels, scores, { mass: mass.slice(1) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => massSculpting([1, 0], [1, 0], { mass: [100, Number.NaN] }))).toBe('NOT_FINITE');
    expect(codeOf(() => massSculpting(labels, scores, { mass, binWidth: 7 }))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => massSculpting(labels, scores, { mass, range: [300, 50] }))).toBe('BAD_ARGUMENT');
  });
});

describe('massBinnedRejection', () => {
  const { labels, scores, mass } = sklearn.massSculpting;

  it('is the rejection of the jets of each bin alone', () => {
    const bins = massBinnedRejection(labels, scores, { mass, edges: [100, 160, 220] });
    bins.forEach((bin, b) => {
      const [low, high] = [
        [100, 160],
        [160, 220],
      ][b];
      const inside = labels.map((_, i) => i).filter((i) => mass[i] >= low && mass[i] < high);
      const pick = (values: number[]): number[] => inside.map((i) => values[i]);
      expect(bin).toMatchObject({ low, high, signal: pick(labels).reduce((a, c) => a + c, 0) });
      expect(bin.signal + bin.background).toBe(inside.length);
      expect(bin.rejection).toEqual(backgroundRejection(pick(labels), pick(scores), { signalEfficiency: 0.5 }));
    });
  });

  it('says why a bin has none', () => {
    const [bin] = massBinnedRejection(labels, scores, { mass, edges: [5000, 6000] });
    expect(bin).toMatchObject({ signal: 0, background: 0 });
    expect(bin.rejection).toBeUndefined();
    expect(bin.reason).toContain('0 signal and 0 background jets');
  });

  it('refuses edges that do not rise, and bad jets in any bin', () => {
    for (const edges of [[100], [100, 100], [200, 100], [100, Number.NaN]])
      expect(codeOf(() => massBinnedRejection(labels, scores, { mass, edges }))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => massBinnedRejection([0, 1, 2], [1, 2, 3], { mass: [1, 2, 3], edges: [0, 1] }))).toBe(
      'OUT_OF_RANGE',
    );
    expect(codeOf(() => massBinnedRejection(labels, scores, { mass, edges: [1, 2], signalEfficiency: 2 }))).toBe(
      'OUT_OF_RANGE',
    );
  });
});
