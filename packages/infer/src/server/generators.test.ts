import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Generator, loadGenerator } from '@jetsdk/infer';
import { type InferenceServer, type ServeOptions, serveModels } from '@jetsdk/infer/server';
import { normalNoise } from '@jetsdk/jets';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { errorOf, post } from './server.testing.js';

const MODEL = readFileSync(fileURLToPath(new URL('../../../../models/calo-flow/model.onnx', import.meta.url)));
const LAYERS = ['layer_0', 'layer_1', 'layer_2'];

let generator: Generator;
let server: InferenceServer;
let url: string;
beforeAll(async () => {
  generator = await loadGenerator(MODEL);
  server = await serveModels([generator], { port: 0, drainMs: 500 });
  [url = ''] = server.models;
});
afterAll(async () => {
  await server.close();
  await generator.dispose();
});

async function serve(options: ServeOptions): Promise<string> {
  const other = await serveModels([generator], { port: 0, drainMs: 500, ...options });
  onTestFinished(() => other.close());
  return other.models[0] ?? '';
}

interface Answer {
  readonly model_name: string;
  readonly outputs: { name: string; shape: number[]; data: number[] }[];
}

const request = (energies: readonly number[], parameters: object, more: object = {}): string =>
  JSON.stringify({
    parameters,
    inputs: [{ name: 'energy', datatype: 'FP32', shape: [energies.length, 1], data: energies }],
    ...more,
  });

async function answerOf(body: string): Promise<Answer> {
  const response = await post(url, body);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}

describe('a generator that is served', () => {
  it('gives the showers of a seed and of their numbers, as the file does', async () => {
    const energy = [10, 55.5, 99];
    const { outputs } = await generator.generate(3, { seed: 7, first: 4, energy });
    const answer = await answerOf(request(energy, { seed: 7, first: 4 }));
    expect(answer.model_name).toBe('calo-flow');
    expect(answer.outputs.map(({ name }) => name)).toEqual(LAYERS);
    for (const { name, shape, data } of answer.outputs) {
      expect(shape).toEqual(outputs[name]?.shape);
      expect(Float32Array.from(data)).toEqual(outputs[name]?.data);
    }
  });

  it('gives those of a noise that is sent, and of the outputs that are asked for alone', async () => {
    const noise = normalNoise(2, 507, { seed: 3 });
    const inputs = [
      { name: 'energy', datatype: 'FP32', shape: [2], data: [20, 30] },
      { name: 'noise', datatype: 'FP32', shape: [2, 507], data: Array.from(noise.data) },
    ];
    const { outputs } = await answerOf(JSON.stringify({ inputs, outputs: [{ name: 'layer_1' }] }));
    const made = await generator.generate(2, { seed: 3, energy: [20, 30] });
    expect(outputs).toHaveLength(1);
    expect(Float32Array.from(outputs[0]?.data ?? [])).toEqual(made.outputs['layer_1']?.data);
  });

  it('is loaded by its address: the same numbers, drawn energies included, in batches and streams', async () => {
    await using remote = await loadGenerator(url, { batchSize: 5 });
    expect(remote.info).toMatchObject({ name: 'calo-flow', device: 'remote', sha256: generator.info.sha256 });
    const asked = { seed: 11, energy: { low: 10, high: 100 }, first: 2 };
    const [here, there] = [await generator.generate(12, asked), await remote.generate(12, asked)];
    expect(there).toEqual(here);
    let rows = 0;
    for await (const { outputs } of remote.generateStream(12, asked)) rows += outputs['layer_0']?.shape[0] ?? 0;
    expect(rows).toBe(12);
    await expect(remote.generate(1, { seed: 1, energy: 500 })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
    const outside = { seed: 1, energy: 120, outside: 'allow', onWarning: () => undefined } as const;
    expect(await remote.generate(1, outside)).toEqual(await generator.generate(1, outside));
  });

  it('makes the same of a row whatever is made with it, bit for bit', async () => {
    const asked = { seed: 1, energy: { low: 10, high: 100 } };
    const all = (await generator.generate(40, asked)).outputs;
    for (const batchSize of [1, 3, 6]) {
      await using other = await loadGenerator(MODEL, { batchSize });
      const { outputs } = await other.generate(40, asked);
      for (const layer of LAYERS) expect(outputs[layer]?.data).toEqual(all[layer]?.data);
    }
  });

  it('answers requests of many at once, each with its own', async () => {
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const answers = await Promise.all(seeds.map((seed) => answerOf(request([50], { seed }))));
    for (const seed of seeds) {
      const { outputs } = await generator.generate(1, { seed, energy: 50 });
      expect(Float32Array.from(answers[seed]?.outputs[1]?.data ?? [])).toEqual(outputs['layer_1']?.data);
    }
  });

  it('refuses more than its memory allows before it makes any, and takes as many as it says', async () => {
    const small = await serve({ maxBodyBytes: 100_000 });
    const many = (count: number) => request(Array<number>(count).fill(50), { seed: 1 });
    const { status, error, code } = await errorOf(await post(small, many(1000)));
    expect({ status, code }).toEqual({ status: 413, code: 'LIMIT_EXCEEDED' });
    const [, most = '0'] = /expected at most (\d+) in a request/.exec(error) ?? [];
    expect(Number(most)).toBeGreaterThan(1);
    expect((await post(small, many(Number(most)))).status).toBe(200);
    expect((await post(small, many(Number(most) + 1))).status).toBe(413);
  });

  it.each([
    ['an energy outside of the training', request([500], { seed: 1 }), 'OUT_OF_RANGE', /energy\[0\] is 500/],
    ['neither seed nor noise', request([50], {}), 'BAD_ARGUMENT', /neither seed nor noise/],
    ['a seed that is none', request([50], { seed: 1.5 }), 'BAD_ARGUMENT', /seed.*1\.5/],
    [
      'no energy',
      JSON.stringify({ parameters: { seed: 1 }, inputs: [] }),
      'BAD_ARGUMENT',
      /inputs none; expected energy/,
    ],
    [
      'an output that it has not',
      request([50], { seed: 1 }, { outputs: [{ name: 'score' }] }),
      'BAD_ARGUMENT',
      /score/,
    ],
    [
      'noise of another shape',
      JSON.stringify({
        inputs: [
          { name: 'energy', datatype: 'FP32', shape: [1, 1], data: [50] },
          { name: 'noise', datatype: 'FP32', shape: [1, 3], data: [0, 0, 0] },
        ],
      }),
      'SHAPE_MISMATCH',
      /noise has shape \(1, 3\); expected \(1, 507\)/,
    ],
  ])('refuses %s', async (_, body, expected, message) => {
    const { status, error, code } = await errorOf(await post(url, body));
    expect({ status, code }).toEqual({ status: 400, code: expected });
    expect(error).toMatch(message);
  });

  it('has its device chosen by the server', async () => {
    await expect(loadGenerator(url, { device: 'cpu' })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('the server decides'),
    });
  });
});
