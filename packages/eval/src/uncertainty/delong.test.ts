import { random } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, scoredJets } from '../jets.testing.js';
import { auc } from '../metrics/auc.js';
import { delong, pairedDelong, pairedDelongOf, placements } from './delong.js';

/** The definition: structural components from all pairs, and their sample covariance. */
function slowComponents(labels: number[], scores: number[]): { signal: number[]; background: number[] } {
  const of = (label: number): number[] => scores.filter((_, i) => labels[i] === label);
  const psi = (s: number, b: number): number => (s > b ? 1 : s === b ? 0.5 : 0);
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    signal: of(1).map((s) => mean(of(0).map((b) => psi(s, b)))),
    background: of(0).map((b) => mean(of(1).map((s) => psi(s, b)))),
  };
}

function covariance(a: number[], b: number[]): number {
  const meanA = a.reduce((x, y) => x + y, 0) / a.length;
  const meanB = b.reduce((x, y) => x + y, 0) / b.length;
  return a.reduce((sum, x, i) => sum + (x - meanA) * (b[i] - meanB), 0) / (a.length - 1);
}

function slowCovariance(labels: number[], a: number[], b: number[]): number {
  const ofA = slowComponents(labels, a);
  const ofB = slowComponents(labels, b);
  return (
    covariance(ofA.signal, ofB.signal) / ofA.signal.length +
    covariance(ofA.background, ofB.background) / ofA.background.length
  );
}

/** Gaussian scores, the second tagger sharing part of the noise of the first. */
function correlatedTaggers(jets: number, seed: number): { labels: number[]; a: number[]; b: number[] } {
  const { normal } = random(seed);
  const labels = Array.from({ length: jets }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const shared = labels.map((label) => 0.8 * label + normal());
  return { labels, a: shared.map((x) => x + 0.5 * normal()), b: shared.map((x) => x + 0.5 * normal()) };
}

describe('delong', () => {
  it('is the sample variance of the structural components, ties included', () => {
    fc.assert(
      fc.property(scoredJets(2), ({ labels, scores }) => {
        const { auc: area, stdErr } = delong(labels, scores);
        expect(area).toBe(auc(labels, scores));
        expect(stdErr ** 2).toBeCloseTo(slowCovariance(labels, scores, scores), 12);
      }),
    );
  });

  it('does not depend on the scale of the weights, and takes equal ones as none', () => {
    const { labels, a } = correlatedTaggers(200, 3);
    const plain = delong(labels, a);
    for (const w of [1, 0.01, 700]) {
      const weighted = delong(labels, a, { weights: labels.map(() => w) });
      expect(weighted.auc).toBeCloseTo(plain.auc, 12);
      expect(weighted.stdErr).toBeCloseTo(plain.stdErr, 12);
    }
  });

  it('covers the truth as often as its level says', () => {
    // AUC of two unit normals 1 apart: Φ(1/√2)
    const truth = 0.7602499389065233;
    const trials = 400;
    let covered = 0;
    for (let seed = 0; seed < trials; seed++) {
      const { normal } = random(seed);
      const labels = Array.from({ length: 300 }, (_, i) => i % 2);
      const scores = labels.map((label) => label + normal());
      const { low, high } = delong(labels, scores, { level: 0.9 }).interval;
      if (low <= truth && truth <= high) covered++;
    }
    // four binomial standard deviations
    expect(Math.abs(covered / trials - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / trials));
  });

  it('says when the interval was clipped', () => {
    const nearOne = delong([1, 1, 1, 0, 0, 0], [6, 5, 3, 4, 2, 1], { level: 0.95 });
    expect(nearOne.interval).toMatchObject({ high: 1, clipped: true });
    expect(delong([1, 1, 0, 0], [4, 3, 2, 1])).toMatchObject({ auc: 1, stdErr: 0, interval: { low: 1, high: 1 } });
    const { labels, a } = correlatedTaggers(100, 1);
    expect(delong(labels, a).interval.clipped).toBe(false);
  });

  it('needs two jets of each class', () => {
    expect(codeOf(() => delong([1, 0, 0], [1, 2, 3]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => delong([1, 1, 0], [1, 2, 3]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => delong([1, 1, 0, 0], [1, 2, 3, 4], { weights: [1, 0, 1, 1] }))).toBe('DEGENERATE_METRIC');
  });
});

describe('pairedDelong', () => {
  it('is the variance of the difference from the covariance of the components', () => {
    fc.assert(
      fc.property(scoredJets(2), fc.infiniteStream(fc.integer({ min: 0, max: 5 })), ({ labels, scores }, stream) => {
        const other = labels.map(() => stream.next().value);
        const variance =
          slowCovariance(labels, scores, scores) +
          slowCovariance(labels, other, other) -
          2 * slowCovariance(labels, scores, other);
        fc.pre(variance > 1e-12);
        const { difference, stdErr, z } = pairedDelong(labels, scores, other);
        expect(difference).toBeCloseTo(auc(labels, scores) - auc(labels, other), 12);
        expect(stdErr ** 2).toBeCloseTo(variance, 12);
        expect(z).toBeCloseTo(difference / stdErr, 10);
      }),
    );
  });

  it('rejects a true null about as often as its p-value says', () => {
    const trials = 400;
    let rejected = 0;
    for (let seed = 0; seed < trials; seed++) {
      const { labels, a, b } = correlatedTaggers(300, seed);
      if (pairedDelong(labels, a, b).pValue < 0.1) rejected++;
    }
    expect(Math.abs(rejected / trials - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / trials));
  });

  it('changes its sign with the order of the taggers, and knows 1.96 standard deviations', () => {
    const { labels, a, b } = correlatedTaggers(300, 5);
    const there = pairedDelong(labels, a, b);
    const back = pairedDelong(labels, b, a);
    expect(back.z).toBeCloseTo(-there.z, 12);
    expect(back.pValue).toBeCloseTo(there.pValue, 12);
  });

  it('finds no difference between a tagger and a rising map of it', () => {
    const { labels, a } = correlatedTaggers(300, 7);
    const mapped = a.map((x) => Math.exp(x));
    expect(pairedDelong(labels, a, mapped)).toEqual({ difference: 0, stdErr: 0, z: 0, pValue: 1 });
  });

  it('throws where the difference has no error, and on placements of different jets', () => {
    expect(codeOf(() => pairedDelong([1, 1, 0, 0], [4, 3, 2, 1], [1, 2, 3, 4]))).toBe('DEGENERATE_METRIC');
    const a = placements([1, 1, 0, 0], [4, 3, 2, 1]);
    const b = placements([1, 1, 0, 0], [4, 3, 2, 1]);
    expect(codeOf(() => pairedDelongOf(a, b))).toBe('BAD_ARGUMENT');
  });

  it('keeps its p-value above 0 for taggers that are worlds apart', () => {
    const { labels } = correlatedTaggers(3000, 2);
    const { normal } = random(1);
    const good = labels.map((label) => 6 * label + normal());
    const bad = labels.map((label) => -6 * label + normal());
    expect(pairedDelong(labels, good, bad).pValue).toBe(Number.MIN_VALUE);
  });

  it('takes weight 2 in both as a change of the AUCs alone', () => {
    const { labels, a, b } = correlatedTaggers(90, 4);
    const weights = labels.map((_, i) => 1 + (i % 2));
    const paired = pairedDelong(labels, a, b, { weights });
    expect(paired.difference).toBeCloseTo(auc(labels, a, { weights }) - auc(labels, b, { weights }), 12);
    const equal = pairedDelong(labels, a, b, { weights: labels.map(() => 2) });
    expect(equal.stdErr).toBeCloseTo(pairedDelong(labels, a, b).stdErr, 12);
  });
});
