/** @file Noise by number: row i of a seed is the same numbers on every machine, whoever asks for it and in whatever order. */
import { JetError } from './errors.js';
import { normalQuantile } from './normal.js';
import type { Tensor } from './tensor.js';

/** What a seed is used for; each has numbers of its own. */
const STREAMS = { noise: 0, conditions: 1 } as const;

export interface NoiseOptions {
  /** an integer in [0, 2³²) */
  readonly seed: number;
  /** number of the first row, an integer in [0, 2⁵³ − rows]; default 0 */
  readonly first?: number;
}

/**
 * Standard normal numbers. Row i follows from seed, i and nothing else: batches, shards and threads give the rows of one
 * run. No step depends on a library's logarithm or cosine, so that all bits are the same in Node, in pages and in NumPy.
 *
 * Number j of row i is made of word j mod 4 of Philox4x32-10 with the key (seed, 0) and the counter
 * (⌊j / 4⌋, i mod 2³², ⌊i / 2³²⌋, 0): with w for the word, it is the normal quantile of (w + ½) / 2³² (AS 241), computed in
 * float64 and rounded to float32.
 *
 * @returns (rows, columns)
 * @throws {JetError} OUT_OF_RANGE for a seed, a number of rows or a first row that is none
 * @see Salmon et al.: Parallel random numbers, SC11; Wichura: Algorithm AS 241, Applied Statistics 37 (1988)
 */
export function normalNoise(rows: number, columns: number, options: NoiseOptions): Tensor {
  return filled(rows, columns, options, 'noise', normalQuantile);
}

/**
 * Numbers uniform in (0, 1), by the same rule with the key (seed, 1): what conditions are drawn from.
 *
 * @returns (rows, columns)
 * @throws {JetError} OUT_OF_RANGE as `normalNoise`
 */
export function uniformConditions(rows: number, columns: number, options: NoiseOptions): Tensor {
  return filled(rows, columns, options, 'conditions', (p) => p);
}

function filled(
  rows: number,
  columns: number,
  { seed, first = 0 }: NoiseOptions,
  stream: keyof typeof STREAMS,
  from: (p: number) => number,
): Tensor {
  requireWhole('seed', seed, 0xffffffff);
  requireWhole('rows', rows, Number.MAX_SAFE_INTEGER);
  requireWhole('columns', columns, 0xffffffff);
  requireWhole('first', first, Number.MAX_SAFE_INTEGER - rows);
  const data = new Float32Array(rows * columns);
  const words = new Uint32Array(4);
  for (let row = 0, at = 0; row < rows; row++) {
    const number = first + row;
    const high = Math.floor(number / 0x100000000);
    for (let j = 0; j < columns; j++, at++) {
      if (j % 4 === 0) philox(words, j / 4, number >>> 0, high, 0, seed, STREAMS[stream]);
      data[at] = from((words[j % 4] + 0.5) / 0x100000000);
    }
  }
  return { shape: [rows, columns], data };
}

function requireWhole(what: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new JetError('OUT_OF_RANGE', `noise: ${what} ${value}; expected an integer from 0 to ${most}`, {
      [what]: value,
    });
}

/**
 * Philox4x32-10: four random words of a counter and a key.
 *
 * @param out gets them
 */
export function philox(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  let [a, b, c, d, key0, key1] = [c0, c1, c2, c3, k0, k1];
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, a);
    const low0 = Math.imul(0xd2511f53, a);
    const high1 = highProduct(0xcd9e8d57, c);
    const low1 = Math.imul(0xcd9e8d57, c);
    a = high1 ^ b ^ key0;
    b = low1;
    c = high0 ^ d ^ key1;
    d = low0;
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/** Upper 32 bits of the product of two unsigned 32-bit numbers. */
function highProduct(x: number, y: number): number {
  const [x0, x1, y0, y1] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16];
  const middle = x1 * y0 + ((x0 * y0) >>> 16);
  const other = x0 * y1 + (middle & 0xffff);
  return (x1 * y1 + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) | 0;
}
