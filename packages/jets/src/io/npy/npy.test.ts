import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJetError } from '../../errors.js';
import { fixtureBytes } from '../fixtures.testing.js';
import { type NpyArray, npyHeader, readNpy, writeNpy } from './npy.js';
import { labelsOf, scoresOf } from './perJet.js';

/** A `.npy` file with any header text. */
function npyFile(dictionary: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const header = new TextEncoder().encode(`${dictionary}\n`);
  const prefix = version === 1 ? 10 : 12;
  const file = new Uint8Array(prefix + header.length + data.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  file.set(header, prefix);
  file.set(data, prefix + header.length);
  return file;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isJetError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

const lengths = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });

/** Any array the format can hold, small. */
const arrays: fc.Arbitrary<NpyArray> = lengths.chain((shape) => {
  const n = shape.reduce((a, b) => a * b, 1);
  const exactly = { minLength: n, maxLength: n };
  const text = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 6 }).map((s) => s.replaceAll('\0', '')),
    exactly,
  );
  return fc.oneof(
    fc.float32Array(exactly).map((data) => ({ dtype: 'float32' as const, shape, data })),
    fc.float64Array(exactly).map((data) => ({ dtype: 'float64' as const, shape, data })),
    fc
      .array(fc.integer({ min: -2048, max: 2048 }), exactly)
      .map((data) => ({ dtype: 'float16' as const, shape, data: Float32Array.from(data, (x) => x / 16) })),
    fc.int8Array(exactly).map((data) => ({ dtype: 'int8' as const, shape, data })),
    fc.int16Array(exactly).map((data) => ({ dtype: 'int16' as const, shape, data })),
    fc.int32Array(exactly).map((data) => ({ dtype: 'int32' as const, shape, data })),
    fc.bigInt64Array(exactly).map((data) => ({ dtype: 'int64' as const, shape, data })),
    fc.uint8Array(exactly).map((data) => ({ dtype: 'uint8' as const, shape, data })),
    fc.uint16Array(exactly).map((data) => ({ dtype: 'uint16' as const, shape, data })),
    fc.uint32Array(exactly).map((data) => ({ dtype: 'uint32' as const, shape, data })),
    fc.bigUint64Array(exactly).map((data) => ({ dtype: 'uint64' as const, shape, data })),
    fc.uint8Array({ ...exactly, max: 1 }).map((data) => ({ dtype: 'bool' as const, shape, data })),
    text.map((data) => ({ dtype: 'string' as const, shape, data })),
    text.map((data) => ({ dtype: 'bytes' as const, shape, data })),
  );
});

describe('readNpy and writeNpy', () => {
  it('give back every array that was written', () => {
    fc.assert(
      fc.property(arrays, (array) => {
        expect(readNpy(writeNpy(array))).toEqual(array);
      }),
    );
  });

  it('write the bytes that NumPy writes', () => {
    for (const name of ['constituents.npy', 'charge.npy', 'labels.npy', 'images.npy', 'version1.npy'])
      expect(writeNpy(readNpy(fixtureBytes(name)))).toEqual(fixtureBytes(name));
  });

  it('have a header of their own for numbers that are written later', () => {
    const data = Float32Array.from({ length: 12 }, (_, i) => i / 3);
    const file = writeNpy({ dtype: 'float32', shape: [4, 3], data });
    const header = npyHeader('float32', [4, 3]);
    expect(file.subarray(0, header.length)).toEqual(header);
    expect(file.length).toBe(header.length + data.byteLength);
    expect(readNpy(npyHeader('bool', [0]))).toMatchObject({ dtype: 'bool', shape: [0] });
    expect(npyHeader('float64', [1e15]).length % 64).toBe(0);
  });

  it('read bytes that do not begin at a multiple of the element size', () => {
    const file = fixtureBytes('constituents.npy');
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(readNpy(shifted.subarray(1))).toEqual(readNpy(file));
  });

  it('read a Node Buffer that does not begin at a multiple of the element size, whose slices share memory', () => {
    const array: NpyArray = { dtype: 'float64', shape: [3], data: Float64Array.of(1, 2, 3) };
    for (let offset = 0; offset < 8; offset++) {
      const memory = Buffer.alloc(300);
      memory.set(writeNpy(array), offset);
      expect(readNpy(memory.subarray(offset, offset + 152))).toEqual(array);
    }
  });

  it('refuse every truncation', () => {
    for (const name of ['labels.npy', 'images-fortran.npy', 'version2.npy']) {
      const file = fixtureBytes(name);
      for (let length = 0; length < file.length; length++)
        expect(codeOf(() => readNpy(file.subarray(0, length)))).toBe('BAD_FILE');
    }
  });

  it('refuse trailing bytes and name both lengths', () => {
    const file = Uint8Array.of(...fixtureBytes('labels.npy'), 0, 0);
    expect(() => readNpy(file, { name: 'labels.npy' })).toThrow(
      'labels.npy: trailing bytes, got 14 bytes of data; expected 12 for shape (12)',
    );
  });

  it('answer corrupt bytes with an array or a JetError', () => {
    const file = fixtureBytes('labels.npy');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), { minLength: 1 }),
        (edits) => {
          const broken = file.slice();
          for (const [at, byte] of edits) broken[at] = byte;
          codeOf(() => readNpy(broken));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('refuse objects, records, complex numbers and dates without reading them', () => {
    for (const name of ['object', 'structured', 'complex', 'date'])
      expect(codeOf(() => readNpy(fixtureBytes(`refused-${name}.npy`)))).toBe('UNSUPPORTED');
  });

  it.each([
    ['no keys', '{}', 'BAD_FILE'],
    ['a key missing', "{'descr': '<f4', 'fortran_order': False}", 'BAD_FILE'],
    ['a fourth key', "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1}", 'BAD_FILE'],
    ['a key twice', "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}", 'BAD_FILE'],
    ['an integer for a boolean', "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", 'BAD_FILE'],
    ['a number for a tuple', "{'descr': '<f4', 'fortran_order': False, 'shape': (0)}", 'BAD_FILE'],
    ['a negative length', "{'descr': '<f4', 'fortran_order': False, 'shape': (0, -1)}", 'BAD_FILE'],
    ['a fraction for a length', "{'descr': '<f4', 'fortran_order': False, 'shape': (0.5,)}", 'BAD_FILE'],
    ['a length beyond 2^53', "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 'BAD_FILE'],
    ['65 dimensions', `{'descr': '<f4', 'fortran_order': False, 'shape': (${'0, '.repeat(65)})}`, 'BAD_FILE'],
    ['code after the dictionary', "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)} or exit()", 'BAD_FILE'],
    ['a comma missing', "{'descr': '<f4' 'fortran_order': False, 'shape': (0,)}", 'BAD_FILE'],
    ['an expression', "__import__('os')", 'BAD_FILE'],
    [
      'an overflowing shape',
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740991, 9007199254740991)}",
      'LIMIT_EXCEEDED',
    ],
    [
      'more elements than the limit',
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,)}",
      'LIMIT_EXCEEDED',
    ],
    ['strings of no width', "{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000,)}", 'UNSUPPORTED'],
    ['floats without byte order', "{'descr': '|f4', 'fortran_order': False, 'shape': (0,)}", 'UNSUPPORTED'],
    ['long doubles', "{'descr': '<g16', 'fortran_order': False, 'shape': (0,)}", 'UNSUPPORTED'],
    [
      'a header of 11,000 bytes',
      `{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}${' '.repeat(11_000)}`,
      'LIMIT_EXCEEDED',
    ],
  ])('answer a header with %s by an error', (_, header, code) => {
    expect(codeOf(() => readNpy(npyFile(header)))).toBe(code);
  });

  it.each([1, 2, 3])('read version %i and any order of the keys', (version) => {
    const file = npyFile(`{"shape":(2,),'fortran_order':False,'descr':'|u1'}`, Uint8Array.of(3, 4), version);
    expect(readNpy(file)).toEqual({ dtype: 'uint8', shape: [2], data: Uint8Array.of(3, 4) });
  });

  it('refuse other versions', () => {
    expect(codeOf(() => readNpy(npyFile('', undefined, 4)))).toBe('UNSUPPORTED');
  });

  it('refuse booleans that are neither 0 nor 1, and characters beyond Unicode', () => {
    const header = (descr: string) => `{'descr': '${descr}', 'fortran_order': False, 'shape': (1,)}`;
    expect(codeOf(() => readNpy(npyFile(header('|b1'), Uint8Array.of(2))))).toBe('BAD_FILE');
    expect(codeOf(() => readNpy(npyFile(header('<U1'), Uint8Array.of(0, 0, 0x11, 0))))).toBe('BAD_FILE');
    expect(codeOf(() => readNpy(npyFile(header('|S1'), Uint8Array.of(0xff))))).toBe('BAD_FILE');
  });

  it('refuse to write a shape that does not fit the data', () => {
    expect(codeOf(() => writeNpy({ dtype: 'uint8', shape: [3], data: new Uint8Array(2) }))).toBe('SHAPE_MISMATCH');
  });

  it('round half-precision numbers to the nearest, ties to even', () => {
    const half = (x: number) => {
      const array = readNpy(writeNpy({ dtype: 'float16', shape: [1], data: Float32Array.of(x) }));
      return array.data[0];
    };
    expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2 ** -24, 2 ** -25, 3 * 2 ** -25, -0, NaN].map(half)).toEqual(
      [1, 1 + 2 ** -9, 65504, Infinity, 2 ** -24, 0, 2 ** -23, -0, NaN],
    );
  });
});

describe('labelsOf', () => {
  it('takes 0 and 1 of any numeric type', () => {
    const labels = Uint8Array.of(1, 0, 1);
    expect(labelsOf({ dtype: 'float64', shape: [3], data: Float64Array.of(1, 0, 1) })).toEqual(labels);
    expect(labelsOf({ dtype: 'int64', shape: [3, 1], data: BigInt64Array.of(1n, 0n, 1n) })).toEqual(labels);
    expect(labelsOf({ dtype: 'bool', shape: [3], data: labels })).toEqual(labels);
  });

  it('refuses other numbers, strings and several numbers a jet', () => {
    expect(() => labelsOf({ dtype: 'int8', shape: [2], data: Int8Array.of(1, 2) })).toThrow('label 1 is 2; expected 0');
    expect(codeOf(() => labelsOf({ dtype: 'string', shape: [1], data: ['1'] }))).toBe('BAD_DATASET');
    expect(codeOf(() => labelsOf({ dtype: 'uint8', shape: [1, 2], data: Uint8Array.of(0, 1) }))).toBe('SHAPE_MISMATCH');
  });
});

describe('scoresOf', () => {
  it('gives float32 and float64 as they are, other numbers as float64', () => {
    const data = Float32Array.of(0.5, 0.25);
    expect(scoresOf({ dtype: 'float32', shape: [2], data })).toBe(data);
    expect(scoresOf({ dtype: 'uint64', shape: [1], data: BigUint64Array.of(7n) })).toEqual(Float64Array.of(7));
  });

  it('refuses NaN and infinity and names the jet', () => {
    expect(() => scoresOf({ dtype: 'float32', shape: [2], data: Float32Array.of(0, NaN) })).toThrow('score 1 is NaN');
  });
});
