import { join } from 'node:path';
import { loadGenerator } from '@jetsdk/infer';
import { expect, it, onTestFinished, vi } from 'vitest';

const modelOf = (name: string): string => join(import.meta.dirname, '../../../../models', name, 'model.onnx');

it('a batch larger than a quarter of the budget of memory is cut, and the showers stay the same', async () => {
  vi.stubEnv('JETSDK_MEMORY', '64MiB');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const [usual, cut] = await Promise.all(
    [undefined, 10_000].map((batchSize) => loadGenerator(modelOf('calo-flow'), batchSize ? { batchSize } : {})),
  );
  // 10,124 bytes of numbers alive at once for a shower
  expect([usual!.info.batchSize, cut!.info.batchSize]).toEqual([128, Math.floor(2 ** 24 / 10_124)]);
  const request = { seed: 1, energy: { low: 10, high: 100 } };
  const [one, other] = [await usual!.generate(1800, request), await cut!.generate(1800, request)];
  expect(other).toEqual(one);
  await usual!.dispose();
  await cut!.dispose();
});

it('lagan makes some 400 jets at a time at most, where nobody sets the budget', async () => {
  vi.stubEnv('JETSDK_MEMORY', '');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const generator = await loadGenerator(modelOf('lagan'), { batchSize: 10_000 });
  expect(generator.info.batchSize * 2_508_800).toBeLessThanOrEqual(2 ** 30);
  expect(generator.info.batchSize).toBeGreaterThan(400);
  await generator.dispose();
});
