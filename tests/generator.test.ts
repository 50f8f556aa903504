/** @file A flow from training to one ONNX graph that any runtime samples. */
import { exportGenerator } from '@jetsdk/export';
import { loadGenerator, loadTagger, openModel } from '@jetsdk/infer';
import { type Flow, FormulaWriter, type GeneratorCard, normalNoise, random, type Tensor } from '@jetsdk/jets';
import {
  artifactsOf,
  type FlowEpoch,
  type FlowExamples,
  type FlowState,
  fitFlow,
  flowNetwork,
  sampleFlow,
  selectBackend,
} from '@jetsdk/train';
import { beforeAll, describe, expect, it } from 'vitest';

/** Two clouds, about ±1.5 by the condition; the second part follows the first. */
function clouds(rows: number, seed: number): FlowExamples {
  const { normal, uniform } = random(seed);
  const [first, second, features] = [1, 2, 1].map((columns) => new Float32Array(rows * columns));
  for (let i = 0; i < rows; i++) {
    features[i] = uniform() < 0.5 ? -1 : 1;
    first[i] = 1.5 * features[i] + 0.3 * normal();
    second[2 * i] = -first[i] + 0.2 * normal();
    second[2 * i + 1] = normal();
  }
  return {
    parts: [
      { shape: [rows, 1], data: first },
      { shape: [rows, 2], data: second },
    ],
    features: { shape: [rows, 1], data: features },
  };
}

const network = () => flowNetwork({ parts: [1, 2], units: [24, 24], blocks: 1, features: 1, seed: 1 });
const options = { validation: clouds(200, 2), batchSize: 128, epochs: 24, learningRate: 6e-3, seed: 3 };

function flowOf(artifacts: Flow['network'], steps = 8): Flow {
  const features = new FormulaWriter();
  features.output('features', features.input('side', 1), [1]);
  const decode = new FormulaWriter();
  const both = decode.concat(decode.input('part_0', 1), decode.input('part_1', 2));
  decode.output('points', decode.pair('Mul', both, decode.constant([10, 10, 10])), [3, 1]);
  return {
    conditions: [{ name: 'side', range: [-1, 1] }],
    parts: [1, 2],
    steps,
    network: artifacts,
    features: features.finish(),
    decode: decode.finish(),
  };
}

const CARD: GeneratorCard = {
  format: 'jetsdk-generator/1',
  name: 'clouds',
  task: 'points of two clouds',
  conditions: [{ name: 'side', unit: 'm', range: [-1, 1] }],
  noise: 3,
  outputs: [{ name: 'points', shape: [3, 1], unit: 'm' }],
  sdkVersion: '0',
};

describe('a flow', () => {
  let artifacts: Flow['network'];
  let epochs: readonly FlowEpoch[];
  let halfway: FlowState | undefined;

  beforeAll(async () => {
    await selectBackend('wasm');
    const trained = network();
    epochs = await fitFlow(trained, clouds(4000, 1), {
      ...options,
      onState: (state) => {
        if (state.history.length === 12) halfway = state;
      },
    });
    artifacts = await artifactsOf(trained);
    trained.dispose();
  }, 120_000);

  const noise = normalNoise(2000, 3, { seed: 7 });
  const side: Tensor = { shape: [2000, 1], data: Float32Array.from({ length: 2000 }, (_, i) => (i % 2) * 2 - 1) };

  it('learns clouds by their condition and the parts by each other', async () => {
    expect(epochs[epochs.length - 1]?.valLoss).toBeLessThan(0.8 * (epochs[0]?.valLoss ?? 0));
    const { points } = (await sampleFlow(flowOf(artifacts), noise, { side })) as { points: Tensor };
    expect(points.shape).toEqual([2000, 3, 1]);
    let [mean, spread, apart] = [0, 0, 0];
    for (let i = 1; i < 2000; i += 2) mean += points.data[3 * i] / 1000;
    for (let i = 1; i < 2000; i += 2) {
      spread += (points.data[3 * i] - mean) ** 2 / 1000;
      apart += (points.data[3 * i] + points.data[3 * i + 1]) ** 2 / 1000;
    }
    expect(mean).toBeGreaterThan(13.5);
    expect(mean).toBeLessThan(16.5);
    expect(Math.sqrt(spread)).toBeLessThan(4.5);
    expect(Math.sqrt(apart)).toBeLessThan(4);
  });

  it('resumed halfway ends with the same weights, bit for bit', async () => {
    const again = network();
    await fitFlow(again, clouds(4000, 1), { ...options, resume: halfway! });
    const resumed = await artifactsOf(again);
    again.dispose();
    expect(resumed.weights.map(({ data }) => data)).toEqual(artifacts.weights.map(({ data }) => data));
  });

  it('is one graph without random operators, with the showers of the trainer to 1e-5 of their scale', async () => {
    const flow = flowOf(artifacts);
    const { bytes, graph, inputs, outputs } = exportGenerator(flow);
    expect(inputs).toEqual([
      { name: 'noise', shape: [3] },
      { name: 'side', shape: [1] },
    ]);
    expect(outputs).toEqual([{ name: 'points', shape: [3, 1] }]);
    expect(graph.nodes.filter(({ opType }) => /Random|Multinomial/.test(opType))).toEqual([]);
    const kernels = graph.initializers.filter(({ name }) => name.includes('kernel'));
    expect(kernels.length).toBe(8);
    const model = await openModel(bytes);
    try {
      const got = (await model.run({ noise, side }))['points']!;
      const { points } = (await sampleFlow(flow, noise, { side })) as { points: Tensor };
      let [worst, squares] = [0, 0];
      points.data.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - got.data[i]));
        squares += value * value;
      });
      expect(worst / Math.sqrt(squares / points.data.length)).toBeLessThan(1e-5);
    } finally {
      await model.close();
    }
  });

  it('is loaded, and row i follows from seed and i alone: at once, in batches, in parts', async () => {
    const { bytes } = exportGenerator(flowOf(artifacts), { card: CARD });
    await using all = await loadGenerator(bytes, { batchSize: 7 });
    expect(all.info).toMatchObject({ name: 'clouds', device: 'cpu', batchSize: 7 });
    const request = { seed: 5, side: { low: -1, high: 1 } };
    const once = await all.generate(40, request);
    expect(once.outputs['points']).toMatchObject({ shape: [40, 3, 1], unit: 'm' });
    const part = await all.generate(10, { ...request, first: 23 });
    expect(part.outputs['points']?.data).toEqual(once.outputs['points']?.data.subarray(69, 99));
    expect(part.conditions['side']).toEqual(once.conditions['side']?.subarray(23, 33));
    await using wasm = await loadGenerator(bytes, { device: 'wasm' });
    const there = await wasm.generate(40, request);
    there.outputs['points']?.data.forEach((value, i) => {
      expect(Math.abs(value - (once.outputs['points']?.data[i] ?? 0))).toBeLessThan(1e-3);
    });
    const given = await all.generate(2, {
      noise: normalNoise(2, 3, { seed: 5 }),
      side: once.conditions['side']!.subarray(0, 2),
    });
    expect(given.outputs['points']?.data).toEqual(once.outputs['points']?.data.subarray(0, 6));
  });

  it('refuses requests that make no sense, and files that are no generator', async () => {
    const { bytes } = exportGenerator(flowOf(artifacts), { card: CARD });
    const plain = exportGenerator(flowOf(artifacts)).bytes;
    await using generator = await loadGenerator(bytes);
    const refused = (request: object, code: string, message: RegExp, count = 3) =>
      expect(generator.generate(count, request as { seed: number })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    await refused({ seed: 1 }, 'BAD_ARGUMENT', /no side; expected a number from -1 to 1 m/);
    await refused({ side: 0 }, 'BAD_ARGUMENT', /neither seed nor noise/);
    await refused(
      { seed: 1, side: 2 },
      'OUT_OF_RANGE',
      /side is 2 m; the training of clouds had from -1 to 1 m.*outside: 'allow'/,
    );
    await refused({ seed: 1, side: Number.NaN }, 'NOT_FINITE', /side is NaN/);
    await refused({ seed: 1, side: [0, 0] }, 'SHAPE_MISMATCH', /2 numbers in side for 3/);
    await refused({ seed: 1, side: 'left' }, 'BAD_ARGUMENT', /text "left"/);
    await refused({ seed: -1, side: 0 }, 'OUT_OF_RANGE', /seed -1/);
    await refused({ seed: 1, side: 0, sede: 2 }, 'BAD_ARGUMENT', /no option or condition sede/);
    await refused(
      { noise: { shape: [3, 4], data: new Float32Array(12) }, side: 0 },
      'SHAPE_MISMATCH',
      /expected \(3, 3\)/,
    );
    await refused(
      { noise: { shape: [1, 3], data: Float32Array.of(0, Number.NaN, 0) }, side: 0 },
      'NOT_FINITE',
      /noise 1/,
      1,
    );
    await refused({ seed: 1, side: 0 }, 'OUT_OF_RANGE', /-1 of clouds/, -1);
    await refused({ seed: 1, side: 0, signal: AbortSignal.abort() }, 'CANCELLED', /stopped/);
    const warnings: string[] = [];
    await generator.generate(3, {
      seed: 1,
      side: 2,
      outside: 'allow',
      onWarning: (text: string) => warnings.push(text),
    });
    expect(warnings).toEqual([expect.stringMatching(/side is 2 m.*nothing is known/)]);
    await expect(loadTagger(bytes)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('loadGenerator'),
    });
    await expect(loadGenerator(plain)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('no card'),
    });
    await expect(loadGenerator('models/course-cnn/model.onnx')).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('loadTagger'),
    });
    const wrong = exportGenerator(flowOf(artifacts), { card: { ...CARD, noise: 4 } }).bytes;
    await expect(loadGenerator(wrong)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('contradicts'),
    });
  });

  it('refuses a loss that is no number, and settings and rows that do not fit', async () => {
    const trained = network();
    const small = clouds(100, 1);
    const refused = (change: object, code: string, examples = small) =>
      expect(fitFlow(trained, examples, { ...options, ...change })).rejects.toMatchObject({ code });
    await refused({ batchSize: 0 }, 'OUT_OF_RANGE');
    await refused({ learningRate: Number.NaN }, 'OUT_OF_RANGE');
    await refused({ signal: AbortSignal.abort() }, 'CANCELLED');
    await refused({}, 'SHAPE_MISMATCH', { ...small, parts: small.parts.slice(1) });
    small.parts[0]!.data[5] = Number.NaN;
    await refused({}, 'NOT_FINITE', small);
    trained.dispose();
  });
});
