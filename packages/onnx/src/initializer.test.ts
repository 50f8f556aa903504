import { describe, expect, it } from 'vitest';
import { floatsOf, transpose } from './initializer.js';

describe('floatsOf', () => {
  it('reads float32 bytes at any place of a Node Buffer, whose slices share memory', () => {
    const numbers = Float32Array.of(1, -2, 3.5);
    for (let offset = 0; offset < 4; offset++) {
      const memory = Buffer.alloc(32);
      memory.set(new Uint8Array(numbers.buffer), offset);
      const data = memory.subarray(offset, offset + 12);
      expect(floatsOf({ name: 'w', type: 'float32', dims: [3], data })).toEqual(numbers);
    }
  });
});

describe('transpose', () => {
  it.each([
    [[], []],
    [[5], [0]],
    [
      [3, 4],
      [1, 0],
    ],
    [
      [3, 1, 2, 5],
      [3, 2, 0, 1],
    ],
    [
      [3, 2, 4, 2],
      [2, 3, 0, 1],
    ],
    [
      [2, 3, 4],
      [0, 1, 2],
    ],
    [
      [2, 0, 4],
      [2, 1, 0],
    ],
  ])('makes axis i of the result of axis axes[i]: %j by %j', (dims, axes) => {
    const size = dims.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: size }, (_, i) => i + 1);
    const place = (index: readonly number[], shape: readonly number[]): number =>
      index.reduce((at, i, axis) => at * shape[axis] + i, 0);
    const made = transpose(values, dims, axes);
    expect(made).toHaveLength(size);
    values.forEach((value, flat) => {
      const index = dims.map(
        (length, axis) => Math.floor(flat / dims.slice(axis + 1).reduce((a, b) => a * b, 1)) % length,
      );
      expect(
        made[
          place(
            axes.map((axis) => index[axis]),
            axes.map((axis) => dims[axis]),
          )
        ],
      ).toBe(value);
    });
  });
});
