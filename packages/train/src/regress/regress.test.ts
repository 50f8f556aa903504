import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isJetError, type JetImages, jetImages, type RecipeName, random } from '@jetsdk/jets';
import { setBackend, tensor, type Variable, variableGrads } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { rowReader } from '../data/inputs.js';
import { artifactsOf } from '../model/artifacts.js';
import { loadRegression } from '../run/regressionRun.js';
import { trainRegression } from '../run/trainRegression.js';
import { buildRegressor } from './buildRegressor.js';
import type { RegressionExamples } from './examples.js';
import { lossTensor, type RegressionLoss, regressionLoss } from './loss.js';
import { regressors } from './networks/index.js';
import { predictImages } from './predictImages.js';
import { regress } from './regress.js';

const LOSS: RegressionLoss = { kind: 'squared-log-ratio', pbar: 10 };
const codeOf = async (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    () => 'no error',
    (error: unknown) => (isJetError(error) ? error.code : error),
  );
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-regress-'));
  await selectBackend('wasm', { threads: 1 });
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * Jets whose neutral pixels are true where tracks of the leading vertex are, and pile-up elsewhere.
 *
 * @param recipe whose images they are
 */
function toyJets(count: number, seed: number, recipe: RecipeName = 'pumml'): RegressionExamples {
  const { uniform, integer } = random(seed);
  const image = (side: number): JetImages => jetImages(new Float32Array(count * side * side), [side, side, 1]);
  const side = recipe === 'pumml-fine' ? 36 : 9;
  const [neutral, pileup, leading, truth] = [image(side), image(36), image(36), image(9)];
  for (let jet = 0; jet < count; jet++)
    for (let k = 0; k < 24; k++) {
      const [row, column] = [integer(9), integer(9)];
      const fine = jet * 1296 + (4 * row + integer(4)) * 36 + 4 * column + integer(4);
      const coarse = jet * 81 + row * 9 + column;
      const pt = 1 + 20 * uniform();
      const signal = k < 8;
      neutral.data[side === 9 ? coarse : fine]! += pt;
      if (signal) truth.data[coarse]! += pt;
      (signal ? leading : pileup).data[fine]! += 10;
    }
  return { inputs: { neutral, pileup, leading }, truth };
}

describe('the loss', () => {
  const { uniform } = random(2);
  const [predicted, truth] = [0, 1].map(() => Float32Array.from({ length: 60 }, () => 30 * uniform() * uniform()));

  it('is the mean of squared logarithms of ratios, each with 10 GeV added', () => {
    expect(regressionLoss(LOSS, [0, 10], [10, 10])).toBeCloseTo(Math.log(2) ** 2 / 2, 12);
    const value = lossTensor(LOSS, tensor(predicted!), tensor(truth!)).dataSync()[0]!;
    expect(value).toBeCloseTo(regressionLoss(LOSS, predicted!, truth!), 6);
  });

  it('has the gradient that differences in float64 have', () => {
    const x = tensor(predicted!).variable();
    const { grads } = variableGrads(() => lossTensor(LOSS, x, tensor(truth!)), [x as Variable]);
    const gradient = Object.values(grads)[0]!.dataSync();
    for (const i of [0, 7, 31, 59]) {
      const at = (step: number): number => {
        const moved = Float64Array.from(predicted!);
        moved[i]! += step;
        return regressionLoss(LOSS, moved, truth!);
      };
      expect(gradient[i]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 7);
    }
  });
});

describe('the networks', () => {
  it('pumml has the 4,711 parameters of the paper', () => {
    const model = buildRegressor(regressors.pumml, 1);
    expect(model.countParams()).toBe(4711);
    expect(model.inputNames).toEqual(['neutral', 'pileup', 'leading']);
    model.dispose();
  });

  it.each(Object.keys(regressors) as (keyof typeof regressors)[])(
    '%s has the same outputs and gradients on the wasm backend and on the plain one',
    async (name) => {
      const { inputs, truth } = toyJets(6, 3, regressors[name].recipe);
      const results = [];
      for (const backend of ['wasm', 'cpu'] as const) {
        await selectBackend(backend, { threads: 1 });
        const model = buildRegressor(regressors[name], 1);
        const { data } = await predictImages(model, inputs);
        const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
        const rows = model.inputNames.map((input) => tensor(inputs[input]!.data, [...inputs[input]!.shape]));
        const { grads } = variableGrads(
          () => lossTensor(LOSS, model.apply(rows, { training: true }) as never, tensor(truth.data, [...truth.shape])),
          variables,
        );
        results.push([data, ...variables.map((variable) => Float32Array.from(grads[variable.name]!.dataSync()))]);
      }
      await setBackend('wasm');
      const [fast, plain] = results;
      for (const [i, expected] of plain!.entries()) {
        const scale = Math.max(1e-6, ...expected.map(Math.abs));
        const worst = Math.max(...expected.map((value, k) => Math.abs(value - fast![i]![k]!)));
        expect(worst / scale).toBeLessThan(1e-4);
      }
    },
    120_000,
  );

  it.each(['pumml-resnet', 'pumml-fine'] as const)(
    '%s keeps at most what was measured, and all of it where no track is of pile-up',
    async (name) => {
      const { inputs } = toyJets(20, 4);
      const { inputs: given } = toyJets(20, 4, regressors[name].recipe);
      const model = buildRegressor(regressors[name], 1);
      const { data } = await predictImages(model, given);
      const measured = inputs['neutral']!.data;
      for (const [i, pixel] of data.entries()) {
        expect(pixel).toBeGreaterThanOrEqual(0);
        expect(pixel).toBeLessThanOrEqual(measured[i]! * (1 + 1e-6));
      }
      const { shape } = given['pileup']!;
      const none = { ...given, pileup: { ...given['pileup']!, data: new Float32Array(shape[0] * 1296) } };
      for (const [i, pixel] of (await predictImages(model, none)).data.entries())
        expect(Math.abs(pixel - measured[i]!)).toBeLessThanOrEqual(1e-6 * measured[i]!);
      model.dispose();
    },
  );
});

test('mirrors the images of a jet alike, whatever their sizes', async () => {
  const { inputs } = toyJets(30, 5);
  const change = { augmentation: { flip: ['eta', 'phi'] as const }, seed: 9 };
  const rows = Uint32Array.from({ length: 30 }, (_, i) => i);
  const [fine, coarse] = [inputs['leading']!, jetImages(new Float32Array(30 * 81), [9, 9, 1])];
  const pool = (data: Float32Array): Float32Array => {
    const sums = new Float32Array(30 * 81);
    for (const [i, pixel] of data.entries()) {
      const [jet, row, column] = [Math.floor(i / 1296), Math.floor((i % 1296) / 36), i % 36];
      sums[jet * 81 + Math.floor(row / 4) * 9 + Math.floor(column / 4)]! += pixel;
    }
    return sums;
  };
  coarse.data.set(pool(fine.data));
  const mirrored = await rowReader(coarse)(rows, change);
  expect(mirrored).not.toEqual(coarse.data);
  expect(pool(await rowReader(fine)(rows, change))).toEqual(mirrored);
});

describe('regress', () => {
  const [training, validation] = [toyJets(300, 6), toyJets(100, 7)];
  const settings = { batchSize: 50, epochs: 4, patience: 4, learningRate: 3e-3, seed: 2, loss: LOSS };

  it('learns to keep what belongs to the leading vertex', async () => {
    const model = buildRegressor(regressors['pumml-resnet'], 1);
    const { history } = await regress(model, training, { ...settings, validation });
    const nothing = regressionLoss(LOSS, validation.inputs['neutral']!.data, validation.truth.data);
    expect(history.at(-1)!.valLoss).toBeLessThan(nothing / 2);
    expect(Object.keys(history[0]!)).toEqual(['epoch', 'loss', 'valLoss', 'learningRate', 'seconds']);
    model.dispose();
  }, 120_000);

  it('goes on after an interruption bit for bit as if there had been none', async () => {
    const { neutral, pileup } = training.inputs;
    const own = neutral!.data.map((pixel, i) => pixel - training.truth.data[i]!);
    const withOverlay = { ...training, pileup: { neutral: { ...neutral!, data: own }, pileup: pileup! } };
    const request = { network: regressors.pumml, dataset: { name: 'toy' }, ...settings };
    const straight = join(folder, 'straight');
    const broken = join(folder, 'broken');
    await trainRegression(straight, request, withOverlay, validation);
    const abort = new AbortController();
    const stopped = trainRegression(broken, request, withOverlay, validation, {
      signal: abort.signal,
      onEpoch: ({ epoch }) => {
        if (epoch === 2) abort.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(trainRegression(broken, request, withOverlay, validation)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
    await expect(
      trainRegression(broken, { ...request, resume: true, seed: 6 }, withOverlay, validation),
    ).rejects.toThrow(/settings.seed/);
    await trainRegression(broken, { ...request, resume: true }, withOverlay, validation);
    const [a, b] = [await loadRegression(straight), await loadRegression(broken)];
    expect(b.artifacts.weights).toEqual(a.artifacts.weights);
    expect(b.history.epochs.map(({ valLoss }) => valLoss)).toEqual(a.history.epochs.map(({ valLoss }) => valLoss));
    expect(b.run).toMatchObject({
      parameters: 4711,
      loss: LOSS,
      overlay: true,
      dataset: { trainJets: 300, validationJets: 100 },
    });
  }, 120_000);

  it('stops where the loss is no number any more, with the weights that it had before', async () => {
    const model = buildRegressor(regressors.pumml, 1);
    const { weights } = await artifactsOf(model);
    const code = await codeOf(() => regress(model, training, { ...settings, learningRate: 1e30, validation }));
    expect(code).toBe('TRAINING_DIVERGED');
    expect((await artifactsOf(model)).weights).toEqual(weights);
    model.dispose();
  }, 60_000);

  it('names what is wrong with the images', async () => {
    const model = buildRegressor(regressors.pumml, 1);
    const weights = (await artifactsOf(model)).weights;
    const run = (change: Partial<RegressionExamples>, more = {}) =>
      codeOf(() => regress(model, { ...training, ...change }, { ...settings, ...more, validation }));
    const { neutral, leading } = training.inputs;
    expect(await run({ inputs: { neutral: neutral!, leading: leading! } })).toBe('SHAPE_MISMATCH');
    expect(await run({ inputs: { ...training.inputs, neutral: leading! } })).toBe('SHAPE_MISMATCH');
    expect(await run({ truth: validation.truth })).toBe('SHAPE_MISMATCH');
    const bad = jetImages(training.truth.data.slice(), [9, 9, 1]);
    bad.data[81] = Number.NaN;
    expect(await run({ truth: bad })).toBe('NOT_FINITE');
    bad.data[81] = -1;
    expect(await run({ truth: bad })).toBe('OUT_OF_RANGE');
    expect(await run({}, { loss: { ...LOSS, pbar: 0 } })).toBe('OUT_OF_RANGE');
    expect(await run({}, { batchSize: 0 })).toBe('OUT_OF_RANGE');
    expect((await artifactsOf(model)).weights).toEqual(weights);
    model.dispose();
  });
});
