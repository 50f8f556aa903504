import { describe, expect, it } from 'vitest';
import { elements, labels, readXml } from '../picture.testing.js';
import { figuresInBins } from './figuresInBins.js';

const samples = ['pumml', 'PUPPI'].map((name, k) => ({
  name,
  bins: [0, 60, 120].map((low) => ({ low, high: low + 60, value: 10 + 5 * k + low / 20, bar: 0.5 })),
}));
const axes = { x: 'Pile-up vertices', y: 'Range of the mass (%)' };

describe('figuresInBins', () => {
  it('draws a point and a bar for each bin of each sample, with their names', () => {
    const svg = figuresInBins(samples, { ...axes, from: 0, perfect: 0, heading: 'mass' });
    for (const label of ['pumml', 'PUPPI', 'mass']) expect(labels(svg)).toContain(label);
    expect(elements(readXml(svg), 'circle')).toHaveLength(6);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('places the samples of a bin side by side', () => {
    const places = elements(readXml(figuresInBins(samples, axes)), 'circle').map(({ attributes }) => attributes['cx']);
    expect(new Set(places).size).toBe(6);
  });

  it('names what is wrong', () => {
    expect(() => figuresInBins([], axes)).toThrow(/samples/);
    expect(() => figuresInBins([{ name: 'a', bins: [] }], axes)).toThrow(/bins of a/);
    const bad = [{ name: 'a', bins: [{ low: 0, high: 1, value: Number.NaN, bar: 0 }] }];
    expect(() => figuresInBins(bad, axes)).toThrow(/bins of a/);
  });
});
