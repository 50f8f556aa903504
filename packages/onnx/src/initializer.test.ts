import { describe, expect, it } from 'vitest';
import { floatsOf } from './initializer.js';

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
