/** @file One comparison of three runners: the naive float64 reference, tfjs, and ONNX Runtime. */

import type { Tensor } from '@jetsdk/jets';
import { type Random, random } from '@jetsdk/jets';
import { decodeModel } from '@jetsdk/onnx';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import { type ExportedModel, type ExportOptions, exportModel } from './exportModel.js';
import { forwardModel, layerModel } from './layerModel.js';
import type { Shape } from './layers/rule.js';
import { runOrt } from './ort.testing.js';
import { artifactsOf, predict, randomiseWeights } from './tfjs.testing.js';

/**
 * Of the largest number of the output, or of 1 where that is larger: float32 sums of some hundred terms, and tfjs'
 * polynomial for the error function (1.5e-7).
 */
export const RELATIVE_TOLERANCE = 1e-5;

const EXAMPLES = 3;

/** @throws an assertion error unless both have the same shape and, but for rounding, the same numbers */
export function expectClose(got: Tensor, expected: Tensor, what: string, tolerance = RELATIVE_TOLERANCE): void {
  expect(got.shape, `${what}: shape`).toEqual(expected.shape);
  const scale = expected.data.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 1);
  for (let i = 0; i < expected.data.length; i++) {
    if (Object.is(got.data[i], expected.data[i])) continue;
    const difference = Math.abs(got.data[i] - expected.data[i]) / scale;
    if (!(difference <= tolerance))
      expect.fail(`${what}: [${i}] is ${got.data[i]}, expected ${expected.data[i]} (scale ${scale})`);
  }
}

/** Normal numbers, or whole numbers below `indices`. */
export function randomInput(shape: Shape, stream: Random, indices?: number): Tensor {
  const length = shape.reduce((a, b) => a * b, EXAMPLES);
  return {
    shape: [EXAMPLES, ...shape],
    data: Float32Array.from({ length }, () => (indices === undefined ? stream.normal() : stream.integer(indices))),
  };
}

/** Gives a model random weights, exports it, and runs all three; disposes of the model. */
export async function compareRunners(
  model: LayersModel,
  seed: number,
  { indices, ...options }: ExportOptions & { indices?: number | undefined } = {},
): Promise<ExportedModel> {
  const stream = random(seed);
  randomiseWeights(model, () => stream.normal());
  const artifacts = artifactsOf(model);
  const exported = exportModel(artifacts, options);
  decodeModel(exported.bytes);
  const inputs = exported.inputs.map(({ shape }) => randomInput(shape, stream, indices));
  const trained = predict(model, inputs);
  model.dispose();
  const feeds = Object.fromEntries(exported.inputs.map(({ name }, i) => [name, inputs[i]]));
  const outputs = await runOrt(exported.bytes, feeds);
  const source = layerModel(artifacts, options.inputShapes);
  const naive = Array.from({ length: EXAMPLES }, (_, example) =>
    forwardModel(
      source,
      inputs.map(({ shape, data }) => {
        const width = data.length / EXAMPLES;
        return {
          shape: shape.slice(1),
          data: Float64Array.from(data.subarray(example * width, (example + 1) * width)),
        };
      }),
    ),
  );
  exported.outputs.forEach(({ name, shape }, i) => {
    expect(shape, `${name}: shape as exported`).toEqual(trained[i].shape.slice(1));
    const slow = {
      shape: [EXAMPLES, ...naive[0][i].shape],
      data: Float32Array.from(naive.flatMap((example) => [...example[i].data])),
    };
    expectClose(slow, trained[i], `${name}: naive against tfjs`);
    expectClose(outputs[name], trained[i], `${name}: ONNX Runtime against tfjs`);
  });
  return exported;
}
