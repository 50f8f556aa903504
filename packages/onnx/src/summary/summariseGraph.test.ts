import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skimModel } from '../read/decodeModel.js';
import { summariseGraph } from './summariseGraph.js';

const root = join(import.meta.dirname, '../../../..');
const graphOf = (name: string) => skimModel(readFileSync(join(root, 'models', name, 'model.onnx'))).graph;
const torch = JSON.parse(readFileSync(join(root, 'packages/onnx/fixtures/flops.json'), 'utf8')) as {
  readonly flops: Readonly<Record<string, number>>;
};

/** Products and sums of a convolution on a square: places × filters × numbers of its window. */
const conv = (size: number, channels: number, filters: number, kernel: number): number =>
  2 * size ** 2 * filters * channels * kernel ** 2;
/** Of dense layers behind one another. */
const dense = (...units: readonly number[]): number =>
  units.slice(1).reduce((sum, after, i) => sum + 2 * units[i] * after, 0);
const inception = (size: number, channels: number): number =>
  conv(size, channels, 64, 1) +
  conv(size, channels, 96, 1) +
  conv(size, 96, 128, 3) +
  conv(size, channels, 16, 1) +
  conv(size, 16, 32, 5) +
  conv(size, channels, 32, 1);
const tower = conv(24, 1, 64, 7) + conv(12, 64, 64, 1) + conv(12, 64, 192, 3) + inception(6, 192) + inception(6, 256);
const block = (size: number, channels: number, filters: number): number =>
  conv(size, channels, filters, 3) +
  conv(size, filters, filters, 3) +
  (channels === filters ? 0 : conv(size, channels, filters, 1));

/** By hand, of what is multiplied and added. */
const BY_HAND: Readonly<Record<string, number>> = {
  'course-cnn': conv(30, 1, 8, 3) + dense(15 * 15 * 8, 64, 1),
  'course-dense': dense(900, 112, 112, 1),
  'tutorial-cnn': conv(40, 1, 8, 4) + conv(40, 8, 8, 4) + 2 * conv(20, 8, 8, 4) + dense(20 * 20 * 8, 64, 64, 64, 2),
  'jet-images-maxout': dense(625, 5 * 256) + dense(256, 5 * 128) + dense(128, 64, 25, 1),
  'jet-images-conv': conv(25, 1, 64, 11) + conv(12, 64, 32, 3) + conv(4, 32, 32, 3) + dense(128, 64, 1),
  'constituent-dnn': dense(80, 100, 100, 50, 2),
  'landscape-cnn':
    conv(40, 1, 128, 4) +
    conv(40, 128, 64, 4) +
    conv(20, 64, 64, 4) +
    conv(17, 64, 64, 4) +
    dense(8 * 8 * 64, 64, 256, 256, 2),
  'landscape-resnet':
    conv(40, 1, 24, 5) +
    2 * block(20, 24, 24) +
    block(10, 24, 48) +
    block(10, 48, 48) +
    block(5, 48, 96) +
    block(5, 96, 96) +
    dense(96, 2),
  cvn: tower + inception(3, 256) + dense(256, 2),
  'cvn-two-view': 2 * tower + inception(3, 512) + dense(256, 2),
};

describe.each(Object.keys(BY_HAND))('of %s', (name) => {
  const { flops = {} } = summariseGraph(graphOf(name));
  const products = (flops['Conv'] ?? 0) + (flops['Gemm'] ?? 0) + (flops['MatMul'] ?? 0);

  it('products and sums are those counted by hand', () => expect(products).toBe(BY_HAND[name]));
  it('and those that torch.utils.flop_counter counts', () => expect(products).toBe(torch.flops[name]));
});

it('what is no product counts by the number of its outputs, windows and inputs', () => {
  expect(summariseGraph(graphOf('course-cnn')).flops).toEqual({
    Conv: conv(30, 1, 8, 3),
    Relu: 30 * 30 * 8 + 64,
    MaxPool: 15 * 15 * 8 * 4,
    BatchNormalization: 2 * 15 * 15 * 8,
    Gemm: dense(15 * 15 * 8, 64, 1),
    Sigmoid: 1,
  });
});

describe('the receptive field', () => {
  it.each<[string, number | undefined, string]>([
    ['course-cnn', 4, '3, pooled'],
    ['tutorial-cnn', 20, '4 and 4, pooled, then 4 and 4 of twice the step'],
    ['landscape-cnn', 22, 'the same, pooled'],
    ['jet-images-conv', 38, '11, pooled by 2, 3, pooled by 3, 3, pooled by 2'],
    ['landscape-resnet', 106, 'the blocks, not their shortcuts'],
    ['cvn', 171, 'the branches with the filters of 5'],
    ['cvn-two-view', 171, 'the same in each tower, turned and turned back'],
    ['course-dense', undefined, 'no window'],
    ['constituent-dnn', undefined, 'no window'],
  ])('of %s is %s: %s', (name, size) => {
    expect(summariseGraph(graphOf(name)).receptiveField).toEqual(size && [size, size]);
  });
});

describe('layers', () => {
  it('are operators with their activation, shape, parameters and what they read', () => {
    expect(summariseGraph(graphOf('course-cnn')).layers).toEqual([
      { name: 'conv', kind: 'Reshape', shape: [1, 30, 30], parameters: 0, inputs: [] },
      { name: 'conv', kind: 'Conv', shape: [8, 30, 30], parameters: 80, inputs: [0], activation: 'Relu' },
      { name: 'pool', kind: 'MaxPool', shape: [8, 15, 15], parameters: 0, inputs: [1] },
      { name: 'norm', kind: 'BatchNormalization', shape: [8, 15, 15], parameters: 32, inputs: [2] },
      { name: 'flatten', kind: 'Reshape', shape: [1800], parameters: 0, inputs: [3] },
      { name: 'hidden', kind: 'Gemm', shape: [64], parameters: 115_264, inputs: [4], activation: 'Relu' },
      { name: 'score', kind: 'Gemm', shape: [1], parameters: 65, inputs: [5], activation: 'Sigmoid' },
    ]);
  });

  it('of a network with shortcuts read what they add', () => {
    const { layers } = summariseGraph(graphOf('landscape-resnet'));
    const sums = layers.filter(({ kind }) => kind === 'Add');
    expect(sums.map(({ inputs }) => inputs.length)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(sums[0].inputs.map((row) => layers[row].name)).toEqual(['block_1_1_conv_2', 'pool']);
  });
});

describe('memory', () => {
  it('of lagan is that of an image: its float16 weights, as float32, are made of constants alone', () => {
    // the patches of the first locally connected layer, 14 × 14 places of 5 × 5 × 64, and the same as rows
    expect(summariseGraph(graphOf('lagan')).activationBytes).toBe(2 * 4 * 14 * 14 * 5 * 5 * 64);
  });
});
