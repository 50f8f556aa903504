import { describe, expect, it } from 'vitest';
import { binFractions, histogram } from './histogram.js';
import { labels, readXml, twoClasses } from './picture.testing.js';
import { scoreDistribution } from './scoreDistribution.js';

describe('histogram', () => {
  it('counts the upper end in the last bin and values outside in none', () => {
    expect([...binFractions([0, 0.1, 0.5, 1, 1.5, -0.1], 2, [0, 1])]).toEqual([2 / 6, 2 / 6]);
  });

  it('has axis titles with the bin width and its unit, and a legend', () => {
    const svg = histogram(twoClasses, { label: 'm_{jet} (GeV)', unit: 'GeV', range: [0, 1], bins: 20 });
    for (const label of ['mjet (GeV)', 'Fraction of jets / 0.05 GeV', 'QCD', 'top'])
      expect(labels(svg)).toContain(label);
    expect(readXml(svg).attributes.class).toBe('jet-plot jet-plot-histogram');
  });

  it('takes its range from the values, also where they are all one', () => {
    expect(labels(histogram([{ name: 'one', values: [7, 7, 7] }]))).toContain('7');
  });

  it('draws empty bins on a logarithmic axis at its floor', () => {
    const svg = histogram([{ name: 'gap', values: [0.05, 0.95] }], { log: true, bins: 10, range: [0, 1] });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(labels(svg)).toContain('10−1');
  });

  it('draws one class, and all jets outside the range', () => {
    expect(labels(histogram([twoClasses[0]!]))).toContain('QCD');
    expect(histogram(twoClasses, { range: [5, 6], log: true })).not.toMatch(/NaN|Infinity/);
  });

  it.each([
    ['NOT_FINITE', [{ name: 'a', values: [1, Number.NaN] }], {}],
    ['NOT_FINITE', [{ name: 'a', values: [1, Number.POSITIVE_INFINITY] }], {}],
    ['BAD_ARGUMENT', [{ name: 'a', values: [] }], {}],
    ['BAD_ARGUMENT', [], {}],
    ['BAD_ARGUMENT', twoClasses, { bins: 0 }],
    ['OUT_OF_RANGE', twoClasses, { range: [1, 1] as const }],
  ])('throws %s for what cannot be drawn', (code, classes, options) => {
    expect(() => histogram(classes, options)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});

describe('scoreDistribution', () => {
  it('runs from 0 to 1 where the scores do', () => {
    const svg = scoreDistribution(twoClasses);
    expect(labels(svg)).toContain('Tagger score');
    expect(labels(svg)).toContain('Fraction of jets / 0.02');
  });

  it('widens its range where scores leave [0, 1]', () => {
    expect(labels(scoreDistribution([{ name: 'logits', values: [-8, 0, 8] }]))).toContain('−8');
  });

  it('names itself in messages', () => {
    expect(() => scoreDistribution([{ name: 'a', values: [Number.NaN] }])).toThrowError(
      /^scoreDistribution: values of a/,
    );
  });
});
