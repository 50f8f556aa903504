import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readArrays } from './readArrays.js';
import { writeArrays } from './writeArrays.js';

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-arrays-'));
const block = (first: number, rows: number) => ({
  layer_0: { shape: [rows, 2, 3], data: Float32Array.from({ length: 6 * rows }, (_, i) => 6 * first + i) },
  energy: { shape: [rows, 1], data: Float32Array.from({ length: rows }, (_, i) => first + i) },
});

test('arrays written in blocks are read back, whole or some rows', async () => {
  const path = join(folder, 'showers.h5');
  await writeArrays(path, [block(0, 3), block(3, 2)]);
  expect(await readArrays(path, ['layer_0', 'energy'])).toEqual(block(0, 5));
  expect((await readArrays(path, ['energy'], { rows: [2, 4] })).energy).toEqual(block(2, 2).energy);
  await expect(readArrays(path, ['layer_1'])).rejects.toMatchObject({ code: 'BAD_DATASET' });
  await expect(readArrays(path, ['energy'], { rows: [2, 6] })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
});

test('a failure between blocks leaves no file behind', async () => {
  async function* failing() {
    yield block(0, 1);
    throw new Error('stop');
  }
  await expect(writeArrays(join(folder, 'none.h5'), failing())).rejects.toThrow('stop');
  expect(readdirSync(folder)).toEqual(['showers.h5']);
});

test('counts of a dataset whose units have a number in front are multiplied with it', async () => {
  const { image, energy } = await readArrays(new URL('../../fixtures/counts.h5', import.meta.url), ['image', 'energy']);
  expect(image.data).toEqual(Float32Array.of(0, 100 * 0.01, 250 * 0.01, 65535 * 0.01));
  expect(energy.data).toEqual(Float32Array.of(2, 3));
});
