import { jetImages, jets, memorySource } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { shuffledSource } from './shuffledSource.js';

const order = Uint32Array.of(7, 0, 5, 2, 9, 1, 8, 3, 6, 4);
const ids = Array.from(order, (_, i) => `j${i}`);
const rowsOf = (data: ArrayLike<number>, width: number): number[] => Array.from(order, (_, i) => data[i * width]);

describe('shuffledSource', () => {
  const images = jetImages(
    Float32Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)),
    [1, 2, 1],
  );
  const source = memorySource(images, new Uint8Array(10).fill(1));

  it.each([1, 8, 24, 40, 1000])('gives the jets in the new order, %i bytes at a time', async (bytes) => {
    const shuffled = shuffledSource(source, order, ids, bytes);
    for (const step of [1, 3, 10]) {
      const read: number[] = [];
      for (let start = 0; start < 10; start += step)
        read.push(...(await shuffled.read(start, Math.min(10, start + step))).data);
      expect(rowsOf(read, 2)).toEqual([...order]);
    }
  });

  it('brings charges along, but neither labels nor classes', async () => {
    const plain = jets(
      Float32Array.from({ length: 10 * 2 * 4 }, (_, i) => Math.floor(i / 8)),
      2,
    );
    const charged = { ...plain, charge: Int8Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)) };
    const shuffled = shuffledSource(memorySource(charged, new Uint8Array(10)), order, ids, 96);
    const part = await shuffled.read(0, 3);
    expect(part.kind === 'constituents' && part.charge && [...part.charge]).toEqual([7, 7, 0, 0, 5, 5]);
    expect(await shuffled.labels()).toBeUndefined();
    expect(shuffled.classes).toBeUndefined();
    expect(await shuffled.ids?.()).toEqual(ids);
  });
});
