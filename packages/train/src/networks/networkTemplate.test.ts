import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { digest } from '../compare.testing.js';
import { artifactsOf } from '../model/artifacts.js';
import { zoo } from '../zoo/index.js';
import { buildNetwork } from './buildNetwork.js';
import { loadNetwork } from './loadNetwork.js';
import type { Network } from './network.js';
import { networkTemplate } from './networkTemplate.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-template-'));
  await selectBackend('wasm', { threads: 1 });
});
afterAll(() => rm(folder, { recursive: true }));

async function weights(network: Network): Promise<string> {
  const model = await buildNetwork(network, { seed: 4 });
  const found = digest(await artifactsOf(model));
  model.dispose();
  return found;
}

test.each(['course-cnn', 'tutorial-cnn', 'jet-images-conv', 'constituent-dnn', 'landscape-resnet'] as const)(
  'a network begun as %s is that network',
  async (like) => {
    const path = join(folder, `${like}-mine.mjs`);
    await writeFile(path, networkTemplate(like));
    const network = await loadNetwork(path);
    expect(network).toMatchObject({ recipe: zoo[like].recipe, defaults: zoo[like].defaults });
    expect(await weights(network)).toBe(await weights(zoo[like]));
  },
);

test('networks of several files are refused with the list', () => {
  expect(() => networkTemplate('cvn')).toThrow(/network "cvn" as a beginning; expected one of course-cnn/);
});
