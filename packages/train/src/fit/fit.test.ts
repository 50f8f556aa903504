import { type JetImages, jetImages, sliceJets } from '@jetsdk/jets';
import { memory, tensor1d, variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { digest } from '../compare.testing.js';
import { prongImages } from '../images.testing.js';
import { MaxoutDense, SeededDropout } from '../layers/index.js';
import { artifactsOf, modelOf } from '../model/artifacts.js';
import { buildNetwork } from '../networks/buildNetwork.js';
import { type NetworkName, zoo } from '../zoo/index.js';
import { type FitOptions, type FitState, fit } from './fit.js';
import { areaUnderCurve } from './learntNothing.js';
import { makeOptimizer } from './makeOptimizer.js';
import { predict } from './predict.js';

const PIXELS = 12;
const train = prongImages(300, PIXELS, 1);
const validation = prongImages(100, PIXELS, 2);
const settings: FitOptions = { validation, batchSize: 64, epochs: 4, patience: 10, learningRate: 3e-3, seed: 5 };

const build = (name: NetworkName = 'course-cnn'): Promise<LayersModel> =>
  buildNetwork(zoo[name], { inputShape: [PIXELS, PIXELS, 1], seed: 3 });

async function trained(options: Partial<FitOptions> = {}, name: NetworkName = 'course-cnn') {
  const model = await build(name);
  const result = await fit(model, train, { ...settings, ...options });
  const artifacts = await artifactsOf(model);
  model.dispose();
  return { result, artifacts };
}

const digestOf = (arrays: FitState['weights']): string =>
  digest({ weights: arrays.map((data) => ({ name: '', shape: [], data })) });

describe('fit', () => {
  beforeAll(() => selectBackend('wasm', { threads: 2 }));

  test.each(['course-cnn', 'tutorial-cnn'] as const)('%s learns to tell one prong from two', async (name) => {
    const { result, artifacts } = await trained({ epochs: 12 }, name);
    expect(result.history.at(-1)!.loss).toBeLessThan(result.history[0].loss);
    const scores = await predict(artifacts, validation.inputs);
    const signal = name === 'course-cnn' ? scores : scores.filter((_, i) => i % 2 === 1);
    expect(areaUnderCurve(validation.labels, signal)).toBeGreaterThan(0.95);
    expect(result.warnings).toEqual([]);
  });

  test('gives the same weights bit for bit for the same seed, whatever the number of threads', async () => {
    const two = await trained();
    await selectBackend('wasm', { threads: 1 });
    const one = await trained();
    expect(digest(one.artifacts)).toBe(digest(two.artifacts));
    const other = await trained({ seed: 6 });
    expect(digest(other.artifacts)).not.toBe(digest(one.artifacts));
  });

  test('sgd steps by the learning rate times the decaying sum of the gradients, and resumes bit for bit', async () => {
    const w = variable(tensor1d([1, -2]));
    const optimizer = makeOptimizer({ kind: 'sgd', momentum: 0.5 }, [w]);
    optimizer.step([tensor1d([2, 4])], 0.1);
    optimizer.step([tensor1d([1, 0])], 0.1);
    const expected = [1 - 0.1 * 2 - 0.1 * (0.5 * 2 + 1), -2 - 0.1 * 4 - 0.1 * 0.5 * 4];
    for (const [i, value] of w.dataSync().entries()) expect(value).toBeCloseTo(expected[i], 6);
    optimizer.dispose();
    w.dispose();

    const states: FitState[] = [];
    const sgd = { optimizer: { kind: 'sgd', momentum: 0.9 }, learningRate: 1e-2 } as const;
    const whole = await trained({ ...sgd, onState: (state) => void states.push(structuredClone(state)) });
    const rest = await trained({ ...sgd, resume: states[1] });
    expect(digest(rest.artifacts)).toBe(digest(whole.artifacts));
    expect(whole.result.history.at(-1)!.loss).toBeLessThan(whole.result.history[0].loss);
    await expect(trained({ optimizer: { kind: 'sgd', momentum: 1 } })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
  });

  test('keeps as many tensors after each epoch, and none in the end', async () => {
    const model = await build();
    const before = memory().numTensors;
    const counts: number[] = [];
    await fit(model, train, {
      ...settings,
      onEpoch: () => {
        counts.push(memory().numTensors);
      },
    });
    expect(new Set(counts).size).toBe(1);
    expect(memory().numTensors).toBe(before);
    model.dispose();
  });

  test('trains several seeds one after the other without leaking', async () => {
    const counts = [];
    for (const seed of [1, 2, 3]) {
      const { artifacts } = await trained({ seed, epochs: 1 });
      await predict(artifacts, validation.inputs);
      counts.push(memory().numTensors);
    }
    expect(new Set(counts).size).toBe(1);
  });

  test('puts back the weights of the epoch with the smallest validation loss', async () => {
    const states: FitState[] = [];
    // Learning the training jets makes it worse on validation jets with exchanged labels.
    const exchanged = { inputs: validation.inputs, labels: validation.labels.map((label) => 1 - label) };
    const { result, artifacts } = await trained({
      validation: exchanged,
      epochs: 30,
      patience: 3,
      onState: (state) => {
        states.push(state);
      },
    });
    const losses = result.history.map((record) => record.valLoss);
    expect(result.bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(digest(artifacts)).toBe(digestOf(states[result.bestEpoch - 1].weights));
    expect(result.stoppedEarly).toBe(true);
    expect(result.history.length).toBe(result.bestEpoch + 3);
  });

  test('goes on from a state as if it had not stopped', async () => {
    const whole = await trained();
    let state: FitState | undefined;
    await trained({
      epochs: 2,
      onState: (s) => {
        state = s;
      },
    });
    const rest = await trained({ resume: structuredClone(state!) });
    expect(digest(rest.artifacts)).toBe(digest(whole.artifacts));
    const comparable = (r: typeof whole) => r.result.history.map((record) => ({ ...record, seconds: 0, waited: 0 }));
    expect(comparable(rest)).toEqual(comparable(whole));
  });

  test('stops when told to and keeps the best weights so far', async () => {
    const controller = new AbortController();
    const model = await build();
    let atBest: FitState['weights'] = [];
    const training = fit(model, train, {
      ...settings,
      signal: controller.signal,
      onState: (state) => {
        atBest = state.best.weights;
      },
      onBatch: ({ epoch, batch }) => {
        if (epoch === 2 && batch === 2) controller.abort();
      },
    });
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED', details: { epoch: 2 } });
    expect(digest(await artifactsOf(model))).toBe(digestOf(atBest));
    model.dispose();
  });

  test('throws TRAINING_DIVERGED when the loss becomes NaN and keeps the best weights so far', async () => {
    const model = await build('tutorial-cnn');
    const training = fit(model, train, { ...settings, learningRate: 1e30 });
    await expect(training).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
    const fresh = await build('tutorial-cnn');
    expect(digest(await artifactsOf(model))).toBe(digest(await artifactsOf(fresh)));
    model.dispose();
    fresh.dispose();
  });

  test('warns of a network that learns nothing', async () => {
    const model = sequential({
      layers: [
        layers.flatten({ inputShape: [PIXELS, PIXELS, 1] }),
        layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer: 'zeros' }),
      ],
    });
    const empty = jetImages(new Float32Array(300 * PIXELS ** 2), [PIXELS, PIXELS, 1]);
    const { warnings } = await fit(model, { inputs: empty, labels: train.labels }, { ...settings, epochs: 6 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('same score');
    model.dispose();
  });

  test('a weight of two counts a jet as if it were there twice', async () => {
    const doubled = Uint32Array.from({ length: 64 }, (_, i) => Math.floor(i / 2));
    const take = (jets: Uint32Array): JetImages =>
      jetImages(Float32Array.from([...jets].flatMap((jet) => [...sliceJets(train.inputs, jet, jet + 1).data])), [
        PIXELS,
        PIXELS,
        1,
      ]);
    const one = { ...settings, epochs: 1, batchSize: 64, validation };
    const losses = await Promise.all(
      [
        { jets: doubled, weights: new Float32Array(64).fill(1) },
        { jets: doubled.filter((_, i) => i % 2 === 0), weights: new Float32Array(32).fill(1) },
        { jets: doubled.filter((_, i) => i % 2 === 0), weights: new Float32Array(32).fill(2) },
      ].map(async ({ jets, weights }) => {
        const model = sequential({
          layers: [
            layers.flatten({ inputShape: [PIXELS, PIXELS, 1] }),
            layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer: 'zeros' }),
          ],
        });
        const labels = Uint8Array.from(jets, (jet) => train.labels[jet]);
        const { history } = await fit(model, { inputs: take(jets), labels, weights }, one);
        model.dispose();
        return history[0].loss;
      }),
    );
    expect(losses[0]).toBeCloseTo(Math.LN2, 6);
    expect(losses[1]).toBeCloseTo(Math.LN2, 6);
    expect(losses[2]).toBeCloseTo(2 * Math.LN2, 6);
  });

  test('with augmentation, dropout, a schedule, clipping and class weights it goes on as if it had not stopped', async () => {
    const options: Partial<FitOptions> = {
      augmentation: { flip: ['eta', 'phi'], rotate: 20, shift: 1, smear: 0.1 },
      schedule: { kind: 'plateau', patience: 1, factor: 0.5 },
      clipNorm: 0.5,
      classWeights: 'balanced',
    };
    const withDropout = async (more: Partial<FitOptions>) => {
      const model = sequential({
        layers: [
          layers.flatten({ inputShape: [PIXELS, PIXELS, 1] }),
          new MaxoutDense({ units: 16, pieces: 3, seed: 1 }),
          new SeededDropout({ rate: 0.3, seed: 2 }),
          layers.dense({ units: 2, activation: 'softmax', kernelInitializer: initializers.glorotUniform({ seed: 3 }) }),
        ],
      });
      const { history } = await fit(model, train, { ...settings, ...options, ...more });
      const weights = digest(await artifactsOf(model));
      model.dispose();
      return { weights, history };
    };
    const whole = await withDropout({});
    const states: FitState[] = [];
    const onState = (state: FitState): void => {
      states.push(state);
    };
    await withDropout({ epochs: 2, onState });
    const rest = await withDropout({ resume: states[1] });
    expect(rest.weights).toBe(whole.weights);
    expect(rest.history.map((record) => record.loss)).toEqual(whole.history.map((record) => record.loss));
    expect((await withDropout({ clipNorm: 1e-3 })).weights).not.toBe(whole.weights);
  });

  test('balanced classes weigh the same in the loss', async () => {
    // A network that always says 0.9: its loss tells the share of each class.
    const constant = sequential({
      layers: [
        layers.flatten({ inputShape: [PIXELS, PIXELS, 1] }),
        layers.dense({
          units: 1,
          activation: 'sigmoid',
          kernelInitializer: 'zeros',
          biasInitializer: initializers.constant({ value: Math.log(9) }),
        }),
      ],
    });
    const empty = jetImages(new Float32Array(300 * PIXELS ** 2), [PIXELS, PIXELS, 1]);
    const labels = Uint8Array.from({ length: 300 }, (_, i) => (i < 60 ? 1 : 0));
    const one = { ...settings, epochs: 1, batchSize: 300, classWeights: 'balanced' as const };
    const { history } = await fit(constant, { inputs: empty, labels }, one);
    expect(history[0].loss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.1)) / 2, 5);
    constant.dispose();
  });

  test.each([
    ['labels of another length', { labels: train.labels.subarray(1) }, 'SHAPE_MISMATCH'],
    ['a label that is no class', { labels: train.labels.map((label) => label * 2) }, 'BAD_DATASET'],
    ['one class only', { labels: train.labels.map(() => 1) }, 'BAD_DATASET'],
    [
      'NaN pixels',
      { inputs: { ...train.inputs, data: train.inputs.data.map((v, i) => (i === 500 ? NaN : v)) } },
      'NOT_FINITE',
    ],
    ['images of another size', prongImages(300, 8, 1), 'SHAPE_MISMATCH'],
    ['a batch size of 0', { batchSize: 0 }, 'OUT_OF_RANGE'],
    ['a negative learning rate', { learningRate: -1 }, 'OUT_OF_RANGE'],
    ['weights of another length', { weights: new Float32Array(3) }, 'SHAPE_MISMATCH'],
    ['one class weight too many', { classWeights: [1, 1, 1] }, 'BAD_ARGUMENT'],
    ['a clipping length of 0', { clipNorm: 0 }, 'OUT_OF_RANGE'],
    ['a schedule of half epochs', { schedule: { kind: 'step', every: 0.5, factor: 1 } as const }, 'OUT_OF_RANGE'],
    ['a rotation by 200°', { augmentation: { rotate: 200 } }, 'OUT_OF_RANGE'],
    ['a negative weight', { weights: new Float32Array(300).fill(-1) }, 'OUT_OF_RANGE'],
  ])('refuses %s', async (_, change, code) => {
    const { inputs, labels, weights, ...options } = { ...train, weights: undefined, ...settings, ...change };
    const model = await build();
    await expect(fit(model, { inputs, labels, ...(weights && { weights }) }, options)).rejects.toMatchObject({
      name: 'JetError',
      code,
    });
    model.dispose();
  });
});

test('a model made from artifacts predicts what the first one predicted, bit for bit', async () => {
  await selectBackend('wasm', { threads: 1 });
  const model = await build('tutorial-cnn');
  const copy = await modelOf(await artifactsOf(model));
  expect(await predict(copy, validation.inputs)).toEqual(await predict(model, validation.inputs));
  expect(digest(await artifactsOf(copy))).toBe(digest(await artifactsOf(model)));
  expect((await artifactsOf(copy)).topology).toEqual((await artifactsOf(model)).topology);
  model.dispose();
  copy.dispose();
});

test('a prediction does not depend on the size of the batch', async () => {
  const model = await build();
  const [all, single] = await Promise.all(
    [100, 1].map((batchSize) => predict(model, validation.inputs, { batchSize })),
  );
  expect(single).toEqual(all);
  model.dispose();
});
