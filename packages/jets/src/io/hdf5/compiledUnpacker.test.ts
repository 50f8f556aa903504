import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../random.js';
import type { PackedRows } from '../../source/packed.js';
import { inflate } from '../bytes/inflate.js';
import { compiledUnpacker } from './compiledUnpacker.js';
import { plainUnpacker } from './plainUnpacker.js';
import type { Unpacker } from './unpacker.js';

const rowsOf = (size: number, shuffledBytes?: number): PackedRows => ({
  chunks: Float64Array.of(),
  chunkRows: 1,
  rowBytes: size,
  shuffledBytes,
});

function unpack(unpacker: Unpacker, chunk: Uint8Array): Uint8Array | undefined {
  const room = unpacker.room(chunk.length)!;
  room.set(chunk);
  return unpacker.unpack(room)?.slice();
}

/** What either makes of a chunk, which is the same. */
function unpackBoth(chunk: Uint8Array, rows: PackedRows): Uint8Array | undefined {
  const [compiled, plain] = [compiledUnpacker(rows)!, plainUnpacker(rows, inflate)].map((one) => unpack(one, chunk));
  expect(compiled === undefined).toBe(plain === undefined);
  if (compiled && plain) expect(Buffer.compare(compiled, plain)).toBe(0);
  return compiled;
}

/** Bytes of all kinds: random, sparse, steps, of any distribution, repeated from a little or far before. */
function someBytes(seed: number, size: number): Uint8Array {
  const { integer, uniform } = random(seed);
  const kind = integer(6);
  const scale = 1 + integer(255);
  const far = 1 + integer(40_000);
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const before = bytes[i - (kind === 4 ? 1 + integer(20) : far)];
    if (kind === 0) bytes[i] = integer(256);
    else if (kind === 1) bytes[i] = uniform() < 0.05 ? integer(scale) : 0;
    else if (kind === 2) bytes[i] = 100 * Math.sin(i / scale);
    else if (kind === 3) bytes[i] = (-Math.log(1 - uniform()) * scale) / 20;
    else bytes[i] = before === undefined || uniform() < 0.02 ? integer(256) : before;
  }
  return bytes;
}

const packings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});
const seeds = fc.integer({ min: 0, max: 0xffffffff });
const sizes = fc.oneof(fc.nat(300), fc.nat(100_000));

describe('compiledUnpacker', () => {
  it('unpacks what zlib packs in any way, and nothing of another size', () => {
    fc.assert(
      fc.property(seeds, sizes, packings, (seed, size, packing) => {
        const bytes = someBytes(seed, size);
        const chunk = deflateSync(bytes, packing);
        expect(Buffer.compare(unpackBoth(chunk, rowsOf(size))!, bytes)).toBe(0);
        expect(unpackBoth(chunk, rowsOf(size + 1))).toBeUndefined();
        if (size > 0) expect(unpackBoth(chunk, rowsOf(size - 1))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('refuses what zlib refuses of damaged and cut streams', () => {
    fc.assert(
      fc.property(seeds, fc.nat(20_000), packings, (seed, size, packing) => {
        const chunk = new Uint8Array(deflateSync(someBytes(seed, size), packing));
        const { integer } = random(seed);
        for (let go = 0; go < 10; go++) {
          const damaged = chunk.slice();
          // the codes of a block lie at its beginning
          damaged[go < 5 ? integer(Math.min(60, chunk.length)) : integer(chunk.length)] ^= 1 << integer(8);
          unpackBoth(damaged, rowsOf(size));
          unpackBoth(chunk.subarray(0, integer(chunk.length)), rowsOf(size));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('refuses streams of any bytes behind a header, as zlib does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(2000), (bytes, size) => {
        unpackBoth(Uint8Array.of(0x78, 0x9c, ...bytes), rowsOf(size));
      }),
      { numRuns: 2000 },
    );
  });

  it('undoes a shuffle of elements of any size, whatever the memory held', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(200), fc.nat(200), seeds, (size, count, zeros, seed) => {
        const bytes = someBytes(seed, size * count);
        for (let byte = 0; byte < size; byte++) bytes.fill(0, byte * count, byte * count + zeros);
        expect(unpackBoth(deflateSync(bytes), rowsOf(size * count, size))).toBeDefined();
      }),
    );
  });

  it('is not there for chunks that would hold more memory than 8 MiB', () => {
    expect(compiledUnpacker(rowsOf(2 ** 23))).toBeDefined();
    expect(compiledUnpacker(rowsOf(2 ** 23 + 1))).toBeUndefined();
    expect(compiledUnpacker(rowsOf(100))!.room(2 ** 23 + 1)).toBeUndefined();
  });
});
