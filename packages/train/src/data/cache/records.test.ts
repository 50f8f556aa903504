import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord, encodeRecords, recordViews } from './records.js';

/** Encodes jets and decodes them again. */
function roundTrip(rows: Float32Array, size: number): { bytes: number; back: Float32Array } {
  const lengths = new Uint32Array(rows.length / size);
  const records = encodeRecords(rows, size, lengths).slice();
  const views = recordViews(records.buffer);
  const back = new Float32Array(rows.length);
  let at = 0;
  for (const [jet, length] of lengths.entries()) {
    expect(decodeRecord(views, at, length, back, jet * size, size)).toBe(true);
    at += length;
  }
  expect(at).toBe(records.length);
  return { bytes: records.length, back };
}

const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

describe('records', () => {
  test('give back every bit, of empty jets, full ones and all between, negative zero and the smallest numbers too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.float(), fc.constantFrom(-0, 1e-45)), {
          minLength: 1,
          maxLength: 200,
        }),
        (size, values) => {
          const rows = new Float32Array(Math.ceil(values.length / size) * size);
          rows.set(values);
          expect(bits(roundTrip(rows, size).back)).toEqual(bits(rows));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('take six bytes a pixel that is not zero, and never more than the jet as it is', () => {
    const sparse = new Float32Array(1600);
    for (let i = 0; i < 40; i++) sparse[i * 31] = i + 1;
    expect(roundTrip(sparse, 1600).bytes).toBe(240);
    expect(roundTrip(new Float32Array(1600).fill(1), 1600).bytes).toBe(6400);
    expect(roundTrip(new Float32Array(1600), 1600).bytes).toBe(0);
  });

  test('hold positions beyond 65,535', () => {
    const size = 300 * 300;
    const rows = new Float32Array(2 * size);
    for (const at of [0, 65_535, 65_536, size - 1, 2 * size - 1]) rows[at] = at + 1;
    const { bytes, back } = roundTrip(rows, size);
    expect(back).toEqual(rows);
    expect(bytes).toBe(5 * 8);
  });

  test('with a position that the jet does not have are refused', () => {
    const record = new ArrayBuffer(8);
    new Uint16Array(record)[2] = 10;
    expect(decodeRecord(recordViews(record), 0, 8, new Float32Array(10), 0, 10)).toBe(false);
  });
});
