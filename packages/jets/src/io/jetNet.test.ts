import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { jetNetArrays, readJetNet } from './jetNet.js';
import { writeArrays } from './writeArrays.js';

const all = {
  particles: {
    shape: [2, 3, 4],
    data: Float32Array.of(0.1, 0, 0.5, 1, -0.1, 0, 0.5, 1, 0.3, 0.2, 0.1, 0, 0, 0.2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
  },
  jets: { shape: [2, 4], data: Float32Array.of(1000, 0.7, 100, 2, 800, -1, 0, 1) },
};

test('jets are written and read back as they are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-jetnet-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'w.hdf5');
  await writeArrays(path, [jetNetArrays(all)]);
  expect(await readJetNet(path)).toEqual(all);
  expect((await readJetNet(path, { rows: [1, 2] })).jets.shape).toEqual([1, 4]);
  await writeArrays(path, [
    { particle_features: all.particles, jet_features: { shape: [2, 2], data: new Float32Array(4) } },
  ]);
  await expect(readJetNet(path)).rejects.toMatchObject({
    code: 'BAD_DATASET',
    message: expect.stringContaining('jet_features of (2, 2); expected (n, m, 4) and (n, 4)'),
  });
});
