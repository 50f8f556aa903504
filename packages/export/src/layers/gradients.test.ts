import { random } from '@jetsdk/jets';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomInput } from '../compare.testing.js';
import { forwardModel, layerModel } from '../layerModel.js';
import { artifactsOf, randomiseWeights } from '../tfjs.testing.js';
import { CASES } from './cases.testing.js';

/** Layers and functions that TensorFlow.js does not have itself. */
const OWN = [
  'EinsumDense',
  'GroupNormalization',
  'UnitNormalization',
  'Normalization',
  'MultiHeadAttention',
  'Activation',
];

const STEP = 1e-6;
/** Of the largest derivative: float32 against float64. */
const TOLERANCE = 1e-3;

describe('layers that TensorFlow.js lacks: their gradients are the slopes of the naive reference', () => {
  it.each(OWN)('%s', (kind) => {
    fc.assert(
      fc.property(CASES[kind], fc.nat(1e6), ({ inputs, layer }, seed) => {
        const stream = random(seed);
        const sources = inputs.map((shape) => tf.input({ shape: [...shape] }));
        const outputs = layer().apply(sources.length === 1 ? sources[0] : sources) as tf.SymbolicTensor;
        const model = tf.model({ inputs: sources, outputs });
        randomiseWeights(model, () => stream.normal());
        const artifacts = artifactsOf(model);
        const given = inputs.map((shape) => ({ shape, data: randomInput(shape, stream).data.slice(0, size(shape)) }));
        const factors = randomInput(outputs.shape.slice(1).map(Number), stream).data;
        const weights = artifacts.weights.map(({ data }) => Float64Array.from(data));
        const values = given.map(({ data }) => Float64Array.from(data));
        const slow = (): number => {
          const exact = artifacts.weights.map((weight, i) => ({ ...weight, data: weights[i] as never }));
          const [y] = forwardModel(
            layerModel({ ...artifacts, weights: exact }),
            given.map(({ shape }, i) => ({ shape, data: values[i] })),
          );
          return y.data.reduce((sum, one, i) => sum + one * factors[i], 0);
        };
        const slopes = [...values, ...weights].map((numbers) =>
          numbers.map((number, i) => {
            numbers[i] = number + STEP;
            const up = slow();
            numbers[i] = number - STEP;
            const down = slow();
            numbers[i] = number;
            return (up - down) / (2 * STEP);
          }),
        );
        const xs = given.map(({ shape, data }) => tfc.variable(tfc.tensor(data, [1, ...shape])));
        const trained = model.trainableWeights.map((weight) => weight.read() as tfc.Variable);
        const { grads } = tfc.variableGrads(() => {
          const y = model.apply(xs.length === 1 ? xs[0] : xs) as tfc.Tensor;
          const shape = y.shape;
          return tfc.sum(tfc.mul(y, tfc.tensor(factors.slice(0, y.size), shape))) as tfc.Scalar;
        }, [...xs, ...trained]);
        [...xs, ...model.weights.map((weight) => weight.read() as tfc.Variable)].forEach((variable, at) => {
          if (!(variable.name in grads)) return;
          const got = grads[variable.name].dataSync();
          const scale = slopes[at].reduce((most, slope) => Math.max(most, Math.abs(slope)), 1);
          slopes[at].forEach((slope, i) => {
            expect(Math.abs(got[i] - slope) / scale, `${variable.name}[${i}]`).toBeLessThan(TOLERANCE);
          });
        });
        expect(Object.keys(grads).length).toBe(xs.length + trained.length);
        model.dispose();
        tfc.disposeVariables();
      }),
      { numRuns: 15 },
    );
  });
});

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
