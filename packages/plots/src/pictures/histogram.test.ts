import { describe, expect, it } from 'vitest';
import { binValues } from '../counts/binned.js';
import { elements, labels, readXml, textOf, twoClasses } from '../picture.testing.js';
import { binnedHistogram, histogram, histogramRow } from './histogram.js';
import { scoreDistribution } from './scoreDistribution.js';

describe('histogram', () => {
  it('says which share of each class lies outside its range, and how many jets on which side', () => {
    const svg = histogram([{ name: 'QCD', values: [-1, 0.2, 0.3, 2] }, twoClasses[1]], { range: [0, 1] });
    expect(labels(svg)).toContain('outside: QCD 50.0 %');
    expect(textOf(elements(readXml(svg), 'title')[0])).toContain(
      'QCD (4 jets, of these 1 below, 1 above the range), top (200 jets)',
    );
    expect(labels(histogram(twoClasses)).join()).not.toContain('outside');
  });

  it('has axis titles with the bin width and its unit, and a legend', () => {
    const svg = histogram(twoClasses, { label: 'm_{jet}', unit: 'GeV', range: [0, 1], bins: 20 });
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
    expect(labels(histogram([twoClasses[0]]))).toContain('QCD');
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

const binned = (bins: number) => binValues(twoClasses, bins, [0, 1]);

describe('binnedHistogram', () => {
  it('draws counts as histogram draws their values', () => {
    const options = { label: 'Score', unit: 'GeV', theme: 'light' } as const;
    expect(binnedHistogram(binned(20), options)).toBe(histogram(twoClasses, { ...options, bins: 20, range: [0, 1] }));
  });

  it('draws a class without values beside one that has some, in both themes', () => {
    const classes = [{ name: 'none', counts: [0, 0], below: 0, above: 0 }, ...binned(2).classes];
    for (const theme of ['light', 'dark'] as const) {
      const svg = binnedHistogram({ range: [0, 1], classes }, { theme });
      expect(svg).not.toMatch(/NaN|Infinity|var\(/);
      expect(labels(svg)).toContain('none');
    }
  });

  it.each([
    ['BAD_ARGUMENT', []],
    ['BAD_ARGUMENT', [{ name: 'a', counts: [0], below: 0, above: 0 }]],
    ['BAD_ARGUMENT', [{ name: 'a', counts: [], below: 0, above: 1 }]],
    ['NOT_FINITE', [{ name: 'a', counts: [Number.NaN], below: 0, above: 0 }]],
    ['NOT_FINITE', [{ name: 'a', counts: [1], below: Number.NaN, above: 0 }]],
    [
      'SHAPE_MISMATCH',
      [
        { name: 'a', counts: [1], below: 0, above: 0 },
        { name: 'b', counts: [1, 2], below: 0, above: 0 },
      ],
    ],
  ])('throws %s for what cannot be drawn', (code, classes) => {
    for (const draw of [
      () => binnedHistogram({ range: [0, 1], classes }),
      () => histogramRow([{ label: 'x', binned: { range: [0, 1], classes } }]),
    ])
      expect(draw).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});

describe('histogramRow', () => {
  it('draws the panels side by side with one legend, and reads them all out', () => {
    const panels = ['E (GeV)', 'p_{x} (GeV)', 'p_{T} (GeV)'].map((label) => ({ label, binned: binned(10) }));
    const svg = histogramRow(panels, { heading: 'Constituent 10', note: 'note' });
    const all = labels(svg);
    for (const label of ['E (GeV)', 'px (GeV)', 'pT (GeV)', 'Constituent 10', 'note', 'Fraction of jets'])
      expect(all.filter((one) => one === label)).toHaveLength(1);
    expect(all.filter((one) => one === 'QCD')).toHaveLength(1);
    const title = textOf(elements(readXml(svg), 'title')[0]);
    expect(title).toContain('Constituent 10. E (GeV): QCD (200 jets), top (200 jets); px (GeV)');
    expect(readXml(svg).attributes.class).toBe('jet-plot jet-plot-histogram-row');
  });

  it('throws without a panel', () => {
    expect(() => histogramRow([])).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
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
