import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadLayersModel } from './layersModel.js';

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-foreign-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['a graph model', { node: [{ name: 'x', op: 'Placeholder' }] }, /a TensorFlow.js graph model/],
  ['what Keras 3 wrote', { keras_version: '3.8.0', model_config: {} }, /written by Keras 3/],
])('%s is named for what it is, in one sentence with a remedy', async (_, modelTopology, message) => {
  const path = join(folder, 'model.json');
  writeFileSync(path, JSON.stringify({ modelTopology, weightsManifest: [] }));
  const error = await loadLayersModel(path).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'UNSUPPORTED', message: expect.stringMatching(message) });
  expect(String(error).length).toBeLessThan(500);
});
