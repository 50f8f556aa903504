import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearTicks, logTicks, niceDomain } from './ticks.js';

describe('ticks', () => {
  it('a linear axis from 0 to 1 has fifths, and says them with one decimal', () => {
    const { major, format } = linearTicks([0, 1], 5);
    expect(major.map(format)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
  });

  it('a symmetric axis holds zero exactly and writes a true minus sign', () => {
    const { major, format } = linearTicks([-0.8, 0.8], 4);
    expect(major).toEqual([-0.5, 0, 0.5]);
    expect(major.map(format)).toEqual(['−0.5', '0.0', '0.5']);
  });

  it('thousands have commas', () => {
    const { major, format } = linearTicks([-10_000, 10_000], 2);
    expect(major.map(format)).toEqual(['−10,000', '0', '10,000']);
  });

  it('linear ticks lie inside the domain, rise, and number about as many as asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 10 }),
        (low, span, count) => {
          fc.pre(span > Math.abs(low) * 1e-6);
          const { major } = linearTicks([low, low + span], count);
          const slack = span * 1e-6;
          expect(major.length).toBeGreaterThanOrEqual(Math.floor(count / 2));
          expect(major.length).toBeLessThanOrEqual(2 * count + 1);
          major.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(low - slack);
            expect(value).toBeLessThanOrEqual(low + span + slack);
            if (i > 0) expect(value).toBeGreaterThan(major[i - 1]);
          });
        },
      ),
    );
  });

  it('a logarithmic axis has decades with 2 to 9 between them', () => {
    const { major, minor, format } = logTicks([1, 1e4], 6);
    expect(major.map(format)).toEqual(['1', '10', '10^{2}', '10^{3}', '10^{4}']);
    expect(minor).toHaveLength(4 * 8);
    expect(format(0.01)).toBe('10^{−2}');
  });

  it.each([
    [
      [4e-3, 0.06],
      ['0.005', '0.01', '0.02', '0.05'],
    ],
    [
      [0.21, 0.49],
      ['0.25', '0.3', '0.35', '0.4', '0.45'],
    ],
    [
      [3, 4.6],
      ['3', '3.5', '4', '4.5'],
    ],
    [
      [310, 460],
      ['350', '400', '450'],
    ],
    [
      [3e6, 2e7],
      ['5×10^{6}', '10^{7}', '2×10^{7}'],
    ],
  ] as const)('a logarithmic axis from %j has numbers where it has fewer than two decades', (domain, labels) => {
    const { major, minor, format } = logTicks(domain, 4);
    expect(major.map(format)).toEqual(labels);
    expect(minor.filter((value) => major.includes(value))).toEqual([]);
  });

  it('many decades are thinned to the number asked for', () => {
    expect(logTicks([1e-9, 1e9], 5).major.length).toBeLessThanOrEqual(5);
  });

  it('a nice domain holds the values, also a single one', () => {
    expect(niceDomain([0.13, 0.97], 10)).toEqual([0.1, 1]);
    const [low, high] = niceDomain([3, 3]);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
  });
});
