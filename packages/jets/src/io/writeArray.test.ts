import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy, writeNpy } from './npy/index.js';
import { writeArray } from './writeArray.js';

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-array-'));
const all = Float32Array.from({ length: 30 }, (_, i) => i / 7);
const rows = (from: number, to: number) => ({ shape: [to - from, 2, 3], data: all.subarray(6 * from, 6 * to) });

test('an array written in blocks is the file of the whole array', async () => {
  const path = join(folder, 'images.npy');
  await writeArray(path, [5, 2, 3], [rows(0, 3), rows(3, 5)]);
  expect(new Uint8Array(readFileSync(path))).toEqual(writeNpy({ dtype: 'float32', shape: [5, 2, 3], data: all }));
});

test('an array of no rows has no blocks', async () => {
  const path = join(folder, 'none.npy');
  await writeArray(path, [0, 2, 3], []);
  expect(readNpy(new Uint8Array(readFileSync(path)))).toMatchObject({ shape: [0, 2, 3] });
});

test.each([
  ['fewer', [rows(0, 3)], 18],
  ['more', [rows(0, 3), rows(0, 3)], 36],
])('%s rows than the shape has are told with both numbers and leave no file', async (name, blocks, numbers) => {
  await expect(writeArray(join(folder, `${name}.npy`), [5, 2, 3], blocks)).rejects.toMatchObject({
    code: 'SHAPE_MISMATCH',
    details: { numbers, expected: 30 },
  });
  expect(readdirSync(folder)).not.toContain(`${name}.npy`);
});
