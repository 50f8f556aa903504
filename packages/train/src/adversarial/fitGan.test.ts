import { isJetError, random } from '@jetsdk/jets';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { valuesOf } from '../model/readTensors.js';
import { buildGan } from './buildGan.js';
import type { GanExamples } from './examples.js';
import { fitGan, type GanState } from './fitGan.js';
import type { Gan, GanSettings } from './gan.js';
import type { GanEpoch } from './ganEpoch.js';
import { calogan } from './networks/calogan.js';
import { lagan } from './networks/lagan.js';

beforeAll(() => selectBackend('wasm', { threads: 1 }));

test('the networks have as many parameters as published', () => {
  const counts = [lagan, calogan].map((gan) => {
    const networks = Object.values(buildGan(gan, 1));
    const parameters = networks.map((network) => network.countParams());
    for (const network of networks) network.dispose();
    return parameters;
  });
  // ../shared/FIELD-generation.md, counted from the layers of the papers
  expect(counts).toEqual([
    [3_587_072, 1_399_034],
    [29_726_376, 2_744_524],
  ]);
});

const SETTINGS: GanSettings = { batchSize: 16, epochs: 3, learningRate: 5e-3, discriminatorRate: 5e-3, seed: 1 };

/** One pixel on the left or on the right, by class. */
const small: Gan = {
  ...lagan,
  name: 'small',
  latent: 3,
  images: [{ name: 'image', pixels: [2, 2], unit: 'GeV', scale: 10 }],
  generator(layers) {
    const noise = layers.input({ name: 'noise', shape: [3] });
    const signal = layers.input({ name: 'signal', shape: [1] });
    const both = layers.concatenate().apply([noise, signal]);
    const image = layers
      .reshape({ targetShape: [2, 2, 1] })
      .apply(layers.dense({ units: 4, activation: 'relu', biasInitializer: 'ones' }).apply(both));
    return layers.model({ inputs: [noise, signal], outputs: image as never });
  },
  discriminator(layers) {
    const image = layers.input({ name: 'image', shape: [2, 2, 1] });
    const hidden = layers
      .dropout({ rate: 0.2 })
      .apply(layers.dense({ units: 8, activation: 'relu' }).apply(layers.flatten().apply(image)));
    const outputs = ['real', 'class'].map((name) => layers.dense({ name, units: 1 }).apply(hidden) as never);
    return layers.model({ inputs: image, outputs });
  },
};

function examples(rows: number): GanExamples {
  const { uniform } = random(5);
  const signal = Float32Array.from({ length: rows }, (_, row) => row % 2);
  const data = new Float32Array(4 * rows);
  signal.forEach((side, row) => {
    data[4 * row + side] = 10 + 5 * uniform();
  });
  return { images: [{ shape: [rows, 2, 2], data }], conditions: { signal } };
}

/** @param stopAt batches of the first epoch, after which it is stopped */
async function train(gan: Gan, settings: GanSettings, resume?: GanState, stopAt?: number) {
  const { generator, discriminator } = buildGan(gan, 1);
  const networks = [generator, discriminator] as const;
  const states: GanState[] = [];
  const abort = new AbortController();
  const history = await fitGan(gan, ...networks, examples(64), {
    ...settings,
    ...(resume && { resume }),
    signal: abort.signal,
    onBatch: ({ batch }) => {
      if (batch === stopAt) abort.abort();
    },
    onState: (state) => {
      states.push(state);
    },
  }).catch((error: unknown) => {
    if (stopAt !== undefined && isJetError(error, 'CANCELLED')) return error.message;
    throw error;
  });
  const weights = await valuesOf(networks.flatMap(({ weights: all }) => all.map((weight) => weight.read())));
  for (const network of networks) network.dispose();
  return { history, states, weights };
}

/** A history without what differs from run to run. */
const timeless = (history: readonly GanEpoch[] | string) =>
  typeof history === 'string' ? history : history.map(({ seconds: _, ...epoch }) => epoch);

describe('fitGan', () => {
  test('goes on after an interruption with the same weights, bit for bit', async () => {
    const whole = await train(small, SETTINGS);
    const rest = await train(small, SETTINGS, whole.states[0]);
    expect(rest.weights).toEqual(whole.weights);
    expect(timeless(rest.history)).toEqual(timeless(whole.history));
  });

  test('stopped within an epoch it says after which batch, gives its state, and goes on from there bit for bit', async () => {
    const whole = await train(small, SETTINGS);
    const stopped = await train(small, SETTINGS, undefined, 3);
    expect(stopped.history).toBe('fitGan: stopped in epoch 1 after batch 3 of 4; resume it from there');
    expect(stopped.states.map(({ history, within }) => [history.length, within?.batches])).toEqual([[0, 3]]);
    const rest = await train(small, SETTINGS, stopped.states[0]);
    expect(rest.weights).toEqual(whole.weights);
    expect(timeless(rest.history)).toEqual(timeless(whole.history));
    expect(rest.states.map(({ within }) => within)).toEqual([undefined, undefined, undefined]);
  });

  test('leaves no tensors behind', async () => {
    const before = memory().numTensors;
    await train(small, { ...SETTINGS, epochs: 1 });
    expect(memory().numTensors).toBe(before);
  });

  test('the discriminator learns to tell, the generator to be taken for real: losses by term are in the history', async () => {
    const { history } = await train(small, { ...SETTINGS, epochs: 100 });
    const last = history.at(-1) as GanEpoch;
    expect(Object.keys(last?.generator ?? {})).toEqual(['real', 'signal']);
    // 5 and 9 % of the classes are told wrongly, which leaves 0.20 and 0.30 to those who know them
    expect(last?.simulated['signal']).toBeLessThan(0.7 * Math.LN2);
    expect(last?.generator['signal']).toBeLessThan(0.7 * Math.LN2);
  });

  test('the classes of simulated images are told as they are, whatever share of those of generated ones is told wrongly', async () => {
    const [right, wrong] = await Promise.all(
      [0, 1].map(async (generated) => {
        const heads: Gan['heads'] = [
          { kind: 'class', condition: 'signal', weight: 1, flip: { generated, generator: 0 } },
        ];
        const { history } = await train({ ...small, heads }, { ...SETTINGS, batchSize: 64, epochs: 1 });
        return (history as readonly GanEpoch[])[0];
      }),
    );
    expect(wrong?.simulated).toEqual(right?.simulated);
    expect(wrong?.generated['signal']).not.toBe(right?.generated['signal']);
  });

  test('says that generated images are alike', async () => {
    const dead: Gan = {
      ...small,
      generator: (layers) => {
        const [noise, signal] = [3, 1].map((columns, k) =>
          layers.input({ name: ['noise', 'signal'][k], shape: [columns] }),
        );
        const both = layers.concatenate().apply([noise as never, signal as never]);
        const pixels = layers.dense({ units: 4, activation: 'relu', kernelInitializer: 'zeros' }).apply(both);
        const image = layers.reshape({ targetShape: [2, 2, 1] }).apply(pixels);
        return layers.model({ inputs: [noise as never, signal as never], outputs: image as never });
      },
    };
    const { states } = await train(dead, { ...SETTINGS, epochs: 1, learningRate: 1e-9 });
    expect(states[0]?.warnings[0]).toMatch(/^epoch 1: generated images are alike/);
  });

  test.each([
    [{ epochs: 0 }, 'OUT_OF_RANGE', 'fitGan: epochs 0'],
    [{ learningRate: Number.NaN }, 'OUT_OF_RANGE', 'fitGan: learningRate NaN'],
    [{ batchSize: 65 }, 'OUT_OF_RANGE', '64 images for batches of 65'],
  ])('refuses %o', async (settings, code, message) => {
    await expect(train(small, { ...SETTINGS, ...settings })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('refuses a class that is none, pixels below 0 and images of another size', async () => {
    const { generator, discriminator } = buildGan(small, 1);
    const networks = [generator, discriminator] as const;
    const { images, conditions } = examples(64);
    const odd: [GanExamples, string][] = [
      [{ images, conditions: { signal: new Float32Array(64).fill(2) } }, 'OUT_OF_RANGE'],
      [{ images: [{ shape: [64, 2, 2], data: new Float32Array(256).fill(-1) }], conditions }, 'NOT_FINITE'],
      [{ images: [{ shape: [64, 4, 1], data: new Float32Array(256) }], conditions }, 'SHAPE_MISMATCH'],
      [{ images, conditions: {} }, 'SHAPE_MISMATCH'],
    ];
    for (const [wrong, code] of odd)
      await expect(fitGan(small, ...networks, wrong, SETTINGS)).rejects.toMatchObject({ code });
    for (const network of networks) network.dispose();
  });
});
