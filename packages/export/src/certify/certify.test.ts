import { type CardParity, jetImages } from '@jetsdk/jets';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { exportModel } from '../exportModel.js';
import { artifactsOf } from '../tfjs.testing.js';
import { type CertifyOptions, certify } from './certify.js';
import type { OpenModel } from './runnableModel.js';

const { bytes } = (() => {
  const model = tf.sequential();
  model.add(tf.layers.flatten({ inputShape: [2, 2, 1] }));
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  return exportModel(artifactsOf(model));
})();

const JETS = 600;
const images = jetImages(new Float32Array(JETS * 4), [2, 2, 1]);
const scores = Float32Array.from({ length: JETS }, (_, i) => i / JETS);

/** A runtime that gives `output` for all jets, in the order in which it is asked. */
function runtime(output: Float32Array, log: string[] = []): OpenModel {
  let at = 0;
  return async () => {
    log.push('open');
    return {
      runtime: 'test 1',
      async run({ image }) {
        const count = image.shape[0];
        at += count;
        return { score: { shape: [count, 1], data: output.subarray(at - count, at) } };
      },
      async close() {
        log.push('close');
      },
    };
  };
}

const check = (change: Partial<CertifyOptions>, output: Float32Array = scores): Promise<unknown> =>
  certify({ bytes, inputs: images, reference: scores, open: runtime(output), ...change });

function changed(index: number, value: number): Float32Array {
  const copy = scores.slice();
  copy[index] = value;
  return copy;
}

/** A runtime of a model with outputs `large`, 0 and 1000, and `small`, 0 and 1 and off by 1e-3. */
const twoOutputs = async () => {
  const image = tf.input({ shape: [2], name: 'image' });
  const outputs = ['large', 'small'].map(
    (name) => tf.layers.dense({ units: 1, name }).apply(image) as tf.SymbolicTensor,
  );
  const reference = { large: Float32Array.of(0, 1000), small: Float32Array.of(0, 1) };
  const open: OpenModel = async () => ({
    runtime: 'test 1',
    run: async () => ({
      large: { shape: [2, 1], data: reference.large },
      small: { shape: [2, 1], data: Float32Array.of(0, 1.001) },
    }),
    close: async () => undefined,
  });
  const exported = exportModel(artifactsOf(tf.model({ inputs: image, outputs })));
  return { bytes: exported.bytes, inputs: { image: { shape: [2, 2], data: new Float32Array(4) } }, reference, open };
};

describe('certify', () => {
  it('outputs have a scale each, or one together where they are parts of one thing', async () => {
    const options = await twoOutputs();
    await expect(certify(options)).rejects.toMatchObject({
      code: 'PARITY_FAILED',
      details: { output: 'small', scale: 1 },
    });
    const { scale, maxAbsDifference } = (await certify({ ...options, oneScale: true })) as CardParity;
    // √(1,000,001 / 4)
    expect(scale).toBeCloseTo(500.00025, 4);
    expect(maxAbsDifference).toBeCloseTo(1e-3, 6);
  });

  it('gives the largest difference over all jets, batch by batch', async () => {
    const output = changed(599, scores[599] + 2 ** -18);
    expect(await check({}, output)).toEqual({
      runtime: 'test 1',
      jets: JETS,
      maxAbsDifference: Math.abs(output[599] - scores[599]),
      tolerance: 1e-5,
    });
  });

  it('fails with both numbers, and says where', async () => {
    await expect(check({}, changed(300, 0.75))).rejects.toMatchObject({
      code: 'PARITY_FAILED',
      message: expect.stringContaining('output score[300] is 0.75, the trained network gives 0.5'),
      details: { maxAbsDifference: 0.25, tolerance: 1e-5 },
    });
    await expect(check({ tolerance: 0.3 }, changed(300, 0.75))).resolves.toMatchObject({ maxAbsDifference: 0.25 });
  });

  it('opens the model once and closes it, also where it fails', async () => {
    for (const output of [scores, changed(300, 0.75)]) {
      const log: string[] = [];
      await check({ open: runtime(output, log) }).catch(() => undefined);
      expect(log).toEqual(['open', 'close']);
    }
  });

  it('measures differences of large outputs by their scale, and says it', async () => {
    const large = scores.map((score) => 600 * score);
    const near = large.map((value, i) => (i === 300 ? value + 6e-4 : value));
    const parity = await check({ reference: large }, near);
    expect(parity).toMatchObject({ tolerance: 1e-5, scale: expect.closeTo(346, 0) });
    const wrong = large.map((value, i) => (i === 300 ? value + 6e-3 : value));
    await expect(check({ reference: large }, wrong)).rejects.toMatchObject({ code: 'PARITY_FAILED' });
    await expect(check({ reference: large }, large.slice().reverse())).rejects.toMatchObject({ code: 'PARITY_FAILED' });
  });

  it.each([
    [Number.NaN, 0.5],
    [0.5, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])('fails where one side gives %s and the other %s', async (got, expected) => {
    await expect(check({ reference: changed(7, expected), tolerance: 1e9 }, changed(7, got))).rejects.toMatchObject({
      code: 'PARITY_FAILED',
    });
  });

  it('takes equal NaN and infinities as equal', async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      await expect(check({ reference: changed(7, value) }, changed(7, value))).resolves.toMatchObject({
        maxAbsDifference: 0,
      });
  });

  it.each<[string, Partial<CertifyOptions>, string]>([
    ['a reference without any number', { reference: new Float32Array(600).fill(Number.NaN) }, 'NOT_FINITE'],
    ['no jets', { inputs: jetImages(new Float32Array(0), [2, 2, 1]), reference: new Float32Array(0) }, 'BAD_DATASET'],
    ['a reference of another length', { reference: new Float32Array(599) }, 'SHAPE_MISMATCH'],
    ['an input of another name', { inputs: { picture: images } }, 'BAD_ARGUMENT'],
    ['no reference for an output', { reference: { other: scores } }, 'BAD_ARGUMENT'],
    ['a tensor that its shape denies', { inputs: { image: { shape: [3, 4], data: images.data } } }, 'SHAPE_MISMATCH'],
  ])('refuses %s', async (_, change, code) => {
    await expect(check(change)).rejects.toMatchObject({ code });
  });
});
