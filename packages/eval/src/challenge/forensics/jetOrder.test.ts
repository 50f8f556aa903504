import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rolled, toyLabels, toyScores } from '../challenge.testing.js';
import { findOrder, scalarProduct, standardised, standardisedRanks } from './jetOrder.js';

const labels = toyLabels(1000);
const reference = standardisedRanks(toyScores(labels, 1, 1));
const other = toyScores(labels, 0.8, 2);

describe('standardisedRanks', () => {
  it('gives Spearman as a scalar product, equal scores sharing their mean rank', () => {
    // numpy.corrcoef([1, 2.5, 2.5, 5, 4], [2.5, 2.5, 1, 5, 4])
    const a = standardisedRanks([1, 2, 2, 5, 4]);
    const b = standardisedRanks([3, 3, 1, 9, 7]);
    expect(scalarProduct(a, b)).toBeCloseTo(0.7631578947368421, 12);
    expect(scalarProduct(a, a)).toBeCloseTo(1, 12);
  });

  it('is zero for a constant', () => {
    expect([...standardisedRanks([2, 2, 2])].map(Math.abs)).toEqual([0, 0, 0]);
    expect([...standardised([2, 2, 2])].map(Math.abs)).toEqual([0, 0, 0]);
  });
});

describe('findOrder', () => {
  it('finds nothing where the order is right', () => {
    expect(findOrder(standardisedRanks(other), reference)).toBeUndefined();
    expect(findOrder(standardisedRanks(other.map((s) => -s)), reference)).toBeUndefined();
  });

  it('finds nothing in noise', () => {
    for (let seed = 10; seed < 30; seed++)
      expect(
        findOrder(
          standardisedRanks(toyScores(toyLabels(1000, seed), 0, seed).map((_, i) => Math.sin(i * i * seed))),
          reference,
        ),
      ).toBeUndefined();
  });

  it('finds the order turned round, also with the sign turned', () => {
    const turned = other.slice().reverse();
    expect(findOrder(standardisedRanks(turned), reference)).toMatchObject({ code: 'reversed' });
    const both = findOrder(standardisedRanks(turned.map((s) => -s)), reference);
    expect(both?.code).toBe('reversed');
    expect(both?.correlation).toBeLessThan(-0.5);
  });

  it('finds by how many rows the scores lie too late', () => {
    fc.assert(
      fc.property(fc.integer({ min: -499, max: 500 }), (shift) => {
        const found = findOrder(standardisedRanks(rolled(other, shift)), reference);
        if (shift === 0) expect(found).toBeUndefined();
        else expect(found).toMatchObject({ code: 'shifted', shift });
      }),
      { numRuns: 30 },
    );
  });

  it('agrees with correlations taken row by row', () => {
    const ranks = standardisedRanks(rolled(other, 3));
    const found = findOrder(ranks, reference);
    let slow = 0;
    for (let i = 0; i < ranks.length; i++) slow += ranks[(i + 3) % ranks.length] * reference[i];
    expect(found?.correlation).toBeCloseTo(slow, 12);
    expect(found?.asSent).toBeCloseTo(scalarProduct(ranks, reference), 12);
  });
});
