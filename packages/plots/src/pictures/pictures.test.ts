import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { plotDocument } from '../parts/document.js';
import { elements, labels, powerCurve, readXml } from '../picture.testing.js';
import { confusionMatrix } from './confusionMatrix.js';
import { leaderboard } from './leaderboard.js';
import { significanceImprovement } from './significanceImprovement.js';

describe('significanceImprovement', () => {
  it('finds the maximum of ε_S/√ε_B', () => {
    // ε_B = ε_S²·⁵ down to ε_S = 0.1: the gain ε_S^(−1/4) is largest at the lowest ε_B that counts
    const svg = significanceImprovement([powerCurve('power', 1001, 2.5)], { lowestBackgroundEfficiency: 0.2 ** 2.5 });
    expect(labels(svg)).toContain('1.50 at 0.20');
    expect(labels(svg)).toContain('Significance improvement εS/√εB');
  });

  it('says 1 for a tagger that gains nothing', () => {
    const coin = { name: 'coin', signalEfficiency: [0, 1], backgroundEfficiency: [0, 1] };
    expect(labels(significanceImprovement([coin]))).toContain('1.00 at 1.00');
  });

  it('throws NOT_FINITE for NaN', () => {
    const broken = { name: 'broken', signalEfficiency: [0, 1], backgroundEfficiency: [0, Number.NaN] };
    expect(() => significanceImprovement([broken])).toThrowError(expect.objectContaining({ code: 'NOT_FINITE' }));
  });
});

describe('confusionMatrix', () => {
  it('shows counts and the share of each true class', () => {
    const all = labels(confusionMatrix({ classes: ['QCD', 'top'], counts: [900, 100, 0, 12000] }));
    for (const label of ['90.0 %', '10.0 %', '0.0 %', '100.0 %', '12,000', 'True class', 'Predicted class'])
      expect(all).toContain(label);
  });

  it('has no share for a class without jets', () => {
    expect(
      labels(confusionMatrix({ classes: ['a', 'b'], counts: [1, 1, 0, 0] })).filter((l) => l === '–'),
    ).toHaveLength(2);
  });

  it('throws SHAPE_MISMATCH unless there are classes² counts', () => {
    expect(() => confusionMatrix({ classes: ['a', 'b'], counts: [1, 2, 3] })).toThrowError(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
});

describe('leaderboard', () => {
  const rows = [0.98, 0.979, 0.95].map((value, i) => ({
    rank: i + 1,
    name: `entry ${i + 1}`,
    value,
    interval: { low: value - 0.002, high: value + 0.002 },
    tieGroup: i < 2 ? 1 : 2,
  }));

  it('draws one row an entry, its value and its interval', () => {
    const svg = leaderboard(rows, { heading: 'Challenge' });
    for (const label of ['entry 1', 'entry 3', '0.9800', '0.9500', 'AUC', 'Challenge'])
      expect(labels(svg)).toContain(label);
    expect(elements(readXml(svg), 'circle')).toHaveLength(3);
  });

  it('brackets the entries that are not separated', () => {
    const brackets = (svg: string) =>
      elements(readXml(svg), 'path').filter(({ attributes }) => /h7V/.test(attributes.d!));
    expect(brackets(leaderboard(rows))).toHaveLength(1);
    expect(brackets(leaderboard(rows.map((row, i) => ({ ...row, tieGroup: i }))))).toHaveLength(0);
  });

  it('draws a single entry whose interval has no width', () => {
    const svg = leaderboard([{ rank: 1, name: 'only', value: 1, interval: { low: 1, high: 1 } }]);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('shows flags beside the name', () => {
    expect(labels(leaderboard([{ ...rows[0], flags: ['flipped'] }]))).toContain('entry 1  (flipped)');
  });

  it.each([
    ['BAD_ARGUMENT', []],
    ['NOT_FINITE', [{ ...rows[0], value: Number.NaN }]],
    ['OUT_OF_RANGE', [{ ...rows[0], value: 0.5 }]],
  ])('throws %s for what cannot be drawn', (code, broken) => {
    expect(() => leaderboard(broken)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});

describe('plotDocument', () => {
  it('is made once, and the one given comes first', () => {
    const made = plotDocument();
    expect(plotDocument()).toBe(made);
    const { document: own } = parseHTML('<html></html>');
    expect(plotDocument(own)).toBe(own);
  });
});
