import { describe, expect, it } from 'vitest';
import { blockFile } from './blockFile.js';

const HALF_MB = 2 ** 19;
const SIZE = 20 * HALF_MB + 7;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31) >> 7);

/** A file that tells what was fetched, in blocks. */
function told(ahead?: number) {
  const fetched: [from: number, to: number][] = [];
  const file = blockFile(
    'x.bin',
    SIZE,
    (start, end) => {
      fetched.push([start / HALF_MB, end / HALF_MB]);
      return BYTES.slice(start, end);
    },
    ahead === undefined ? {} : { ahead },
  );
  const read = (position: number, length: number): Uint8Array => {
    const into = new Uint8Array(length);
    return into.subarray(0, file.read(into, 0, length, position));
  };
  return { fetched, read };
}

describe('blockFile', () => {
  it('fetches what is asked for, in whole blocks', () => {
    const { fetched, read } = told();
    for (let at = 0; at < 3 * HALF_MB; at += HALF_MB / 4) read(at, HALF_MB / 4);
    expect(fetched).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('fetches more at a time where reading goes on, up to the end, and not where it jumps', () => {
    const { fetched, read } = told(4 * HALF_MB);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < SIZE; at += 100_001) parts.push(read(at, 100_001));
    expect(Buffer.compare(Buffer.concat(parts), BYTES)).toBe(0);
    expect(fetched).toEqual([...[0, 4, 8, 12, 16].map((block) => [block, block + 4]), [20, SIZE / HALF_MB]]);

    const jumping = told(4 * HALF_MB);
    for (const block of [10, 2, 7]) jumping.read(block * HALF_MB, 10);
    expect(jumping.fetched).toEqual([
      [10, 11],
      [2, 3],
      [7, 8],
    ]);
  });
});
