import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../jets.testing.js';
import { ladder } from './ladder.js';

describe('ladder', () => {
  it('releases a rounded score only when it beats the best by more than the step', () => {
    expect([...ladder([0.9, 0.904, 0.906, 0.5, 0.93], 0.005)]).toEqual([0.9, 0.9, 0.905, 0.905, 0.93]);
  });

  it('says nothing new for a score that is better by the step or less', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }),
        fc.constantFrom(0.001, 0.005, 0.03, 1 / 3),
        (scores, step) => {
          const released = ladder(scores, step);
          for (let i = 0; i < scores.length; i++) {
            const before = i === 0 ? Number.NEGATIVE_INFINITY : released[i - 1];
            if (scores[i] <= before + step) expect(released[i]).toBe(before);
            else expect(Math.abs(released[i] - scores[i])).toBeLessThanOrEqual(step / 2 + 1e-12);
            expect(released[i] / step).toBeCloseTo(Math.round(released[i] / step), 9);
          }
        },
      ),
    );
  });

  it('refuses a step of 0 and scores that are not finite', () => {
    expect(codeOf(() => ladder([0.5], 0))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => ladder([0.5], Number.NaN))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => ladder([Number.NaN], 0.1))).toBe('NOT_FINITE');
  });
});
