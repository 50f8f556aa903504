import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJets } from '../io/files.js';
import { fixture } from '../io/fixtures.testing.js';
import { jetImages, jets } from '../jets.js';
import { memorySource } from './memory.js';
import { spreadRows, takeJets } from './take.js';

describe('takeJets', () => {
  const count = 500;
  const all = jets(
    Float32Array.from({ length: count * 8 }, (_, i) => i),
    2,
  );
  const source = memorySource({ ...all, charge: Int8Array.from({ length: count * 2 }, (_, i) => i % 3) });

  it('gives the jets asked for, in that order, also twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: count - 1 })), async (indices) => {
        const taken = await takeJets(source, indices);
        expect(taken.shape).toEqual([indices.length, 2, 4]);
        expect([...taken.data]).toEqual(indices.flatMap((i) => [...all.data.subarray(i * 8, i * 8 + 8)]));
        const charge = taken.kind === 'constituents' ? [...(taken.charge ?? [])] : [];
        expect(charge).toEqual(indices.flatMap((i) => [(2 * i) % 3, (2 * i + 1) % 3]));
      }),
    );
  });

  it('reads an HDF5 file in any order', async () => {
    const file = await openJets(fixture('images-labels.h5'));
    const whole = await file.read(0, 12);
    const taken = await takeJets(file, Uint32Array.of(11, 0, 5));
    expect(taken).toEqual(
      jetImages(Float32Array.from([11, 0, 5].flatMap((i) => [...whole.data.subarray(i * 30, i * 30 + 30)])), [6, 5, 1]),
    );
    file.close();
  });

  it('refuses indices that the source does not have', async () => {
    for (const index of [-1, count, 1.5, NaN])
      await expect(takeJets(source, [0, index])).rejects.toThrow(`jet ${index}; expected 0 to 499`);
  });
});

describe('spreadRows', () => {
  it('gives every jet where there are no more than wanted, else rising ones at even distances', () => {
    expect([...spreadRows(3, 5)]).toEqual([0, 1, 2]);
    expect([...spreadRows(0, 5)]).toEqual([]);
    expect([...spreadRows(10, 4)]).toEqual([0, 2, 5, 7]);
    fc.assert(
      fc.property(fc.nat({ max: 9000 }), fc.integer({ min: 1, max: 2000 }), (count, most) => {
        const rows = spreadRows(count, most);
        expect(rows.length).toBeLessThanOrEqual(most);
        expect(rows.length).toBeGreaterThanOrEqual(Math.min(count, most) - 1);
        const steps = Array.from(rows.subarray(1), (row, i) => row - rows[i]!);
        for (const step of steps) expect(Math.abs(step - Math.max(1, count / most))).toBeLessThan(1);
        if (rows.length > 0) expect(rows.at(-1)).toBeLessThan(count);
      }),
    );
  });
});
