import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { normalNoise, philox, uniformConditions } from './noise.js';

interface Request {
  readonly seed: number;
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/noise.json', import.meta.url), 'utf8')) as {
  /** `noise`: the bits of each number */
  readonly cases: readonly (Request & { readonly noise: readonly number[] })[];
  readonly conditions: Request & { readonly values: readonly number[] };
};

const bits = (data: Float32Array): number[] => Array.from(new Uint32Array(data.buffer, data.byteOffset, data.length));

describe('philox', () => {
  test.each([
    [[0, 0, 0, 0, 0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [Array<number>(6).fill(0xffffffff), '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('gives the known answers of its authors for %j', (given, expected) => {
    const out = new Uint32Array(4);
    const [a, b, c, d, e, f] = given as [number, number, number, number, number, number];
    philox(out, a, b, c, d, e, f);
    expect(Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(expected);
  });
});

describe('normalNoise', () => {
  test.each(fixture.cases)('has the bits that NumPy has: seed $seed, row $first', ({ noise, ...request }) => {
    expect(bits(normalNoise(request.rows, request.columns, request).data)).toEqual(noise);
  });

  test('row i is the same whatever is asked for with it', () => {
    const all = normalNoise(10, 9, { seed: 5 });
    expect(normalNoise(3, 9, { seed: 5, first: 4 }).data).toEqual(all.data.subarray(36, 63));
    expect(normalNoise(10, 9, { seed: 6 }).data).not.toEqual(all.data);
  });

  test('is standard normal within the error of 200,000 draws, neighbours uncorrelated', () => {
    const { data } = normalNoise(1000, 200, { seed: 11 });
    let [sum, squares, fourth, along, across] = [0, 0, 0, 0, 0];
    data.forEach((z, i) => {
      sum += z;
      squares += z * z;
      fourth += z ** 4;
      if (i + 1 < data.length) along += z * data[i + 1];
      if (i + 200 < data.length) across += z * data[i + 200];
    });
    const n = data.length;
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(fourth / n - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    for (const product of [along, across]) expect(Math.abs(product / n)).toBeLessThan(5 / Math.sqrt(n));
  });

  test.each([
    [{ seed: -1 }],
    [{ seed: 2 ** 32 }],
    [{ seed: 1, first: 0.5 }],
    [{ seed: 1, first: Number.MAX_SAFE_INTEGER }],
  ])('refuses %j', (options) => {
    expect(() => normalNoise(1, 1, options)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});

test('uniformConditions has the numbers that NumPy has', () => {
  const { values, ...request } = fixture.conditions;
  expect(Array.from(uniformConditions(request.rows, request.columns, request).data)).toEqual(values);
});
