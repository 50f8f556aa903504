import { random } from '@jetsdk/jets';
import { expect, test } from 'vitest';
import { ratioHistogram } from './ratioHistogram.js';

const normal = (count: number, mean: number, seed: number): Float64Array => {
  const stream = random(seed);
  return Float64Array.from({ length: count }, () => mean + stream.normal());
};

test('ratioHistogram draws both samples and a ratio for every bin that both have', () => {
  const svg = ratioHistogram(
    { name: 'simulated', values: normal(2000, 0, 1) },
    { name: 'generated', values: normal(1000, 0.2, 2) },
    { label: 'depth', bins: 12, width: 400 },
  );
  expect(svg).toContain('simulated (2,000 showers), generated (1,000 showers)');
  expect(svg).toContain('>Ratio<');
  expect(svg.match(/<svg /g)).toHaveLength(3);
});

test('ratioHistogram of a sample with itself has the ratio 1 in every bin', () => {
  const values = [0, 1, 1, 2, 2, 2, 3, 3, 4, 4];
  const drawn = ratioHistogram({ name: 'a', values }, { name: 'b', values }, { bins: 4, width: 400, theme: 'light' });
  const inks = [...drawn.matchAll(/<line[^>]*y1="([\d.]+)"[^>]*y2="([\d.]+)"/g)].map(([, a, b]) => [a, b]);
  const level = inks.filter(([a, b]) => a === b).map(([a]) => a);
  expect(level.length).toBeGreaterThan(3);
  expect(new Set(level).size).toBe(1);
});

test('ratioHistogram refuses what cannot be drawn', () => {
  const one = { name: 'a', values: [1, 2] };
  expect(() => ratioHistogram(one, { name: 'b', values: [] })).toThrow(
    expect.objectContaining({ code: 'BAD_ARGUMENT' }),
  );
  expect(() => ratioHistogram(one, { name: 'b', values: [Number.NaN] })).toThrow(
    expect.objectContaining({ code: 'NOT_FINITE' }),
  );
});
