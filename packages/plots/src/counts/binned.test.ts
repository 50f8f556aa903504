import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Binned, binValues, outsideNote, totalOf } from './binned.js';

const one = (counts: readonly number[], below = 0, above = 0, name = 'QCD') => ({ name, counts, below, above });
const binned = (...classes: Binned['classes']): Binned => ({ range: [0, 1], classes });

describe('binValues', () => {
  it('counts the upper end in the last bin and values outside beside the bins', () => {
    const [counted] = binValues([{ name: 'a', values: [0, 0.1, 0.5, 1, 1.5, -0.1] }], 2, [0, 1]).classes;
    expect([...Array.from(counted!.counts), counted!.below, counted!.above]).toEqual([2, 2, 1, 1]);
  });

  it('loses no value, whatever the bins', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(values, values, fc.integer({ min: 1, max: 30 }), (a, b, bins) => {
        const { classes } = binValues(
          [
            { name: 'a', values: a },
            { name: 'b', values: b },
          ],
          bins,
          [-2, 3],
        );
        expect(classes.map(totalOf)).toEqual([a.length, b.length]);
        expect(classes[0].below).toBe(a.filter((value) => value < -2).length);
        expect(classes[0].above).toBe(a.filter((value) => value > 3).length);
        for (const { counts } of classes) expect(counts).toHaveLength(bins);
      }),
    );
  });

  it.each([
    ['NOT_FINITE', [Number.NaN], 2, [0, 1] as const],
    ['BAD_ARGUMENT', [1], 0, [0, 1] as const],
    ['BAD_ARGUMENT', [1], 1.5, [0, 1] as const],
    ['OUT_OF_RANGE', [1], 2, [1, 1] as const],
  ])('throws %s for %j in %d bins', (code, values, bins, range) => {
    expect(() => binValues([{ name: 'a', values }], bins, range)).toThrowError(
      expect.objectContaining({ name: 'JetError', code }),
    );
  });
});

describe('outsideNote', () => {
  it('names the classes that leave the range, with their shares', () => {
    expect(outsideNote(binned(one([98], 1, 1), one([10], 0, 0, 'top')))).toBe('outside: QCD 2.0 %');
    expect(outsideNote(binned(one([1e5], 1), one([9], 0, 1, 'top')))).toBe('outside: QCD < 0.1 %, top 10.0 %');
  });

  it('gives the largest share of three and more', () => {
    expect(outsideNote(binned(one([9], 1), one([7], 1, 2), one([5])))).toBe('outside: at most 30.0 %');
  });

  it('says nothing where all lie inside', () => {
    expect(outsideNote(binned(one([3])))).toBeUndefined();
  });
});
