import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCounts } from '../core/cutCounts.js';
import { codeOf, scoredJets, slowRoc } from '../jets.testing.js';
import { maximumSignificanceImprovementOf, significanceImprovement } from './significanceImprovement.js';

describe('maximumSignificanceImprovement', () => {
  it('is the highest ε_S/√ε_B of any cut that lets enough background jets pass', () => {
    fc.assert(
      fc.property(scoredJets(1), fc.integer({ min: 1, max: 3 }), ({ labels, scores }, minimumBackground) => {
        const cuts = cutCounts(labels, scores);
        fc.pre(cuts.background >= minimumBackground);
        const all = slowRoc(labels, scores)
          .filter((p) => Math.round(p.b * cuts.background) >= minimumBackground)
          .map((p) => p.s / Math.sqrt(p.b));
        const best = maximumSignificanceImprovementOf(cuts, { minimumBackground });
        expect(best.improvement).toBeCloseTo(Math.max(...all), 12);
        expect(best.falsePositives).toBeGreaterThanOrEqual(minimumBackground);
        expect(best.improvement).toBe(best.signalEfficiency / Math.sqrt(best.backgroundEfficiency));
      }),
    );
  });

  it('throws where too few background jets are there', () => {
    const cuts = cutCounts([1, 0], [1, 0]);
    expect(codeOf(() => maximumSignificanceImprovementOf(cuts))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => maximumSignificanceImprovementOf(cuts, { minimumBackground: 0 }))).toBe('OUT_OF_RANGE');
  });
});

describe('significanceImprovement', () => {
  it('starts where the first background passes and ends at 1', () => {
    const curve = significanceImprovement([1, 1, 0, 1, 0], [5, 4, 3, 2, 1]);
    expect(Array.from(curve.signalEfficiency)).toEqual([2 / 3, 1, 1]);
    expect(Array.from(curve.improvement)).toEqual([2 / 3 / Math.sqrt(0.5), 1 / Math.sqrt(0.5), 1]);
  });
});
