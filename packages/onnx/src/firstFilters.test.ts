import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstFilters } from './firstFilters.js';
import { floatsOf } from './initializer.js';
import { decodeModel } from './read/decodeModel.js';

describe('firstFilters', () => {
  const root = join(import.meta.dirname, '../../..');
  const read = (path: string) => firstFilters(readFileSync(join(root, path)));

  it('reads the kernels of the first convolution', () => {
    const bank = read('models/course-cnn/model.onnx');
    expect(bank).toMatchObject({ shape: [3, 3, 1, 8] });
    expect(typeof bank === 'string' ? [] : bank.weights).toHaveLength(72);
  });

  it.each([
    ['course-dense', [30, 30, 1, 112]],
    ['jet-images-maxout', [25, 25, 1, 1280]],
  ])('reads the weights of the dense layer on the image of %s, a picture a unit', (model, shape) => {
    const path = join(root, `models/${model}/model.onnx`);
    const { nodes, initializers } = decodeModel(readFileSync(path)).graph;
    const gemm = nodes.find(({ opType }) => opType === 'Gemm');
    const kernel = initializers.find(({ name }) => name === gemm?.inputs[1]);
    const bank = firstFilters(readFileSync(path));
    if (typeof bank === 'string' || kernel === undefined) throw new Error(`${bank}`);
    expect(bank.shape).toEqual(shape);
    const [pixels, units] = [shape[0] * shape[1], shape[3]];
    const values = floatsOf(kernel);
    const rows = kernel.dims[0] === pixels;
    for (const [pixel, unit] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [pixels - 1, units - 1],
    ])
      expect(bank.weights[pixel * units + unit]).toBe(values[rows ? pixel * units + unit : unit * pixels + pixel]);
  });

  it('says why there are none', () => {
    expect(read('models/constituent-dnn/model.onnx')).toMatch(/no convolution, and no dense layer on an image/);
    expect(read('packages/infer/fixtures/half.onnx')).toMatch(/float16|no convolution/);
  });
});
