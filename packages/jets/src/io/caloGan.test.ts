import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Tensor } from '../tensor.js';
import { readCaloGan } from './caloGan.js';
import { readLagan } from './lagan.js';
import { writeArrays } from './writeArrays.js';

const filled = (...shape: number[]): Tensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, i) => i),
});
const layers = { layer_0: filled(3, 2, 4), layer_1: filled(3, 2, 2), layer_2: filled(3, 2, 1) };

async function written(arrays: Readonly<Record<string, Tensor>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-generated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'generated.h5');
  await writeArrays(path, [arrays]);
  return path;
}

test.each([
  ['(n, 1)', filled(3, 1)],
  ['(n,)', filled(3)],
])('showers are three layers in order and an energy each, %s', async (_, energy) => {
  const path = await written({ ...layers, energy });
  expect(await readCaloGan(path)).toEqual({ energy: energy.data, layers: Object.values(layers) });
  const last = await readCaloGan(path, { rows: [2] });
  expect(last.energy).toEqual(Float32Array.of(2));
  expect(last.layers[1]).toEqual({ shape: [1, 2, 2], data: Float32Array.of(8, 9, 10, 11) });
});

test('showers with several energies each, or without cells in two directions, are refused with their shape', async () => {
  await expect(readCaloGan(await written({ ...layers, energy: filled(3, 2) }))).rejects.toMatchObject({
    code: 'BAD_DATASET',
    message: expect.stringContaining('energy of shape (3, 2); expected one per shower'),
  });
  await expect(readCaloGan(await written({ ...layers, layer_1: filled(3, 4), energy: filled(3) }))).rejects.toThrow(
    'layer_1 of shape (3, 4); expected (n, x, y)',
  );
});

test('jets are an image and a class each', async () => {
  const [image, signal] = [filled(2, 3, 3), filled(2)];
  expect(await readLagan(await written({ image, signal }))).toEqual({ image, signal: signal.data });
  await expect(readLagan(await written({ image: filled(2, 9), signal }))).rejects.toMatchObject({
    code: 'BAD_DATASET',
    message: expect.stringContaining('image of shape (2, 9), signal of (2); expected (n, η, φ)'),
  });
});
