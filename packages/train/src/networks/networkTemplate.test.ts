import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random, sizeOf } from '@jetsdk/jets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { digest } from '../compare.testing.js';
import { fit } from '../fit/fit.js';
import { artifactsOf } from '../model/artifacts.js';
import { type NetworkName, zoo } from '../zoo/index.js';
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

describe.each(Object.keys(zoo) as NetworkName[])('a network begun as %s', (like) => {
  const begun = async (): Promise<Network> => {
    const path = join(folder, `${like}-mine.mjs`);
    await writeFile(path, networkTemplate(like));
    return loadNetwork(path);
  };

  test('is that network', async () => {
    const network = await begun();
    const { recipe, defaults } = zoo[like];
    expect(network).toMatchObject({ recipe, defaults });
    // its maxout layers have seeds of their own, from before networks came from files
    if (like !== 'jet-images-maxout') expect(await weights(network)).toBe(await weights(zoo[like]));
    else expect(await weights(network)).toBe(await weights(await begun()));
  });

  test('learns', async () => {
    const model = await buildNetwork(await begun(), { seed: 4 });
    const rng = random(3);
    const [count, shape] = [8, zoo[like].inputShape];
    const data = Float32Array.from({ length: count * sizeOf(shape) }, () => rng.uniform());
    const jets = { inputs: { shape: [count, ...shape], data }, labels: Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1) };
    const before = digest(await artifactsOf(model));
    const settings = { batchSize: 8, epochs: 1, patience: 1, learningRate: 1e-3, seed: 4 };
    await fit(model, jets, { ...settings, validation: jets });
    expect(digest(await artifactsOf(model))).not.toBe(before);
    model.dispose();
  });
});

test('another name is refused with the list', () => {
  expect(() => networkTemplate('mine')).toThrow(/network "mine" as a beginning; expected one of course-cnn/);
});
