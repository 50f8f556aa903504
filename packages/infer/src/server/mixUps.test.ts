import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadGenerator, loadRegressor, loadTagger } from '@jetsdk/infer';
import { serveModels } from '@jetsdk/infer/server';
import { afterAll, beforeAll, expect, it } from 'vitest';

const file = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../../../../models/${name}/model.onnx`, import.meta.url)));
const KINDS = {
  loadTagger: { load: loadTagger, model: 'course-cnn' },
  loadRegressor: { load: loadRegressor, model: 'pumml' },
  loadGenerator: { load: loadGenerator, model: 'calo-flow' },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];
const pairs = kinds.flatMap((right) =>
  kinds.filter((wrong) => wrong !== right).map((wrong) => [right, wrong] as const),
);

const open: (() => Promise<void>)[] = [];
const served = new Map<string, string>();
beforeAll(async () => {
  const models = await Promise.all([
    loadTagger(file('course-cnn')),
    loadRegressor(file('pumml')),
    loadGenerator(file('calo-flow')),
  ]);
  const server = await serveModels(models, { port: 0, drainMs: 500 });
  open.push(() => server.close(), ...models.map((model) => () => model.dispose()));
  for (const url of server.models) served.set(decodeURIComponent(url.split('/').at(-1) ?? ''), url);
});
afterAll(async () => {
  for (const close of open) await close();
});

it.each(pairs)('a model for %s given to %s is refused with the call that takes it', async (right, wrong) => {
  const { model } = KINDS[right];
  const { load } = KINDS[wrong];
  const named = expect.stringContaining(`load it with ${right}`);
  await expect(load(file(model))).rejects.toMatchObject({ code: 'BAD_MODEL', message: named });
  await expect(load(served.get(model) ?? '')).rejects.toMatchObject({ code: 'BAD_MODEL', message: named });
});
