import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCounts } from '../core/cutCounts.js';
import { scoredJets } from '../jets.testing.js';
import { rejectionAreaOf } from './rejectionArea.js';
import { rocOf } from './roc.js';

describe('rejectionArea', () => {
  it('is ln(to / from) for a coin toss, whose ε_B is ε_S', () => {
    const cuts = cutCounts([0, 1, 0, 1], [7, 7, 7, 7]);
    expect(rejectionAreaOf(cuts)).toBeCloseTo(Math.log(9), 12);
    expect(rejectionAreaOf(cuts, { range: [0.5, 1] })).toBeCloseTo(Math.log(2), 12);
  });

  it('is width times 1/ε_B where ε_B does not change', () => {
    const cuts = cutCounts([0, 1, 1, 0, 0, 0], [9, 8, 7, 6, 5, 4]);
    expect(rejectionAreaOf(cuts)).toBeCloseTo(0.8 * 4, 12);
  });

  it('agrees with the midpoint rule on the ROC curve', () => {
    fc.assert(
      fc.property(scoredJets(), ({ labels, scores, weights }) => {
        const cuts = cutCounts(labels, scores, { weights });
        const curve = rocOf(cuts);
        const { signalEfficiency: s, backgroundEfficiency: b } = curve;
        const steps = 20_000;
        let [sum, at, lowest] = [0, 1, Infinity];
        for (let i = 0; i < steps; i++) {
          const x = 0.1 + (0.8 * (i + 0.5)) / steps;
          while (s[at] < x) at++;
          const y = b[at - 1] + ((b[at] - b[at - 1]) * (x - s[at - 1])) / (s[at] - s[at - 1]);
          lowest = Math.min(lowest, y);
          sum += 0.8 / steps / y;
        }
        fc.pre(lowest > 1e-3);
        expect(Math.abs(rejectionAreaOf(cuts) / sum - 1)).toBeLessThan(2e-2);
      }),
    );
  });

  it('refuses a range in which no background jet passes, and one outside (0, 1]', () => {
    const cuts = cutCounts([1, 1, 0, 0], [4, 3, 2, 1]);
    expect(() => rejectionAreaOf(cuts)).toThrow(/no background jet passes at ε_S = 0\.100/);
    expect(() => rejectionAreaOf(cuts, { range: [0, 1] })).toThrow(/expected more than 0/);
    expect(() => rejectionAreaOf(cuts, { range: [0.5, 0.5] })).toThrow(/width of the range/);
  });
});
