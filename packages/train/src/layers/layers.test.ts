import {
  gather,
  memory,
  mul,
  sum,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import {
  input,
  type layers,
  model,
  type SymbolicTensor,
  sequential,
  layers as tfLayers,
} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { expectClose, largest, noise } from '../compare.testing.js';
import { artifactsOf, modelOf } from '../model/artifacts.js';
import {
  LocallyConnected2D,
  LocalResponseNormalization,
  MaxoutDense,
  MinibatchDiscrimination,
  registerLayers,
  SeededDropout,
} from './index.js';

type Forward = (x: Float64Array, weights: Float64Array[]) => Float64Array;

/** Float64 central differences of Σ c · forward in every element of every argument. */
function finiteDifferences(forward: Forward, args: Float64Array[], c: Float32Array): Float64Array[] {
  const objective = (): number => forward(args[0], args.slice(1)).reduce((total, y, i) => total + y * c[i], 0);
  return args.map((values) =>
    values.map((value, i) => {
      const step = 1e-7;
      values[i] = value + step;
      const up = objective();
      values[i] = value - step;
      const down = objective();
      values[i] = value;
      return (up - down) / (2 * step);
    }),
  );
}

/** Compares a layer and its gradients with a float64 reference. */
function check(layer: layers.Layer, xShape: number[], forward: Forward): void {
  tidy(() => {
    const x = variable(
      tensor(
        noise(
          xShape.reduce((a, b) => a * b),
          1,
        ),
        xShape,
      ),
    );
    layer.apply(x);
    for (const [i, weight] of layer.weights.entries())
      weight.write(
        tensor(
          noise(
            weight.shape.reduce<number>((a, b) => a * b!, 1),
            10 + i,
          ),
          weight.shape as number[],
        ),
      );
    const args = [x, ...layer.weights.map((weight) => weight.read())].map((t) => Float64Array.from(t.dataSync()));
    const y = layer.apply(x) as Tensor;
    const expected = forward(args[0], args.slice(1));
    expectClose(y.dataSync(), expected, 10 * largest(expected));
    const c = noise(y.size, 3);
    const variables = [x, ...layer.weights.map((weight) => weight.read() as Variable)];
    const { grads } = variableGrads(() => sum(mul(layer.apply(x) as Tensor, tensor(c, y.shape))), variables);
    for (const [i, reference] of finiteDifferences(forward, args, c).entries())
      expectClose(grads[variables[i].name].dataSync(), reference, 10 * Math.max(1, largest(reference)));
  });
  layer.dispose();
}

const size = (min: number, max: number) => fc.integer({ min, max });
const RUNS = { numRuns: 25 };

describe.each(['wasm', 'cpu'] as const)('layers of our own on %s', (backend) => {
  beforeAll(() => selectBackend(backend, { threads: 1 }));

  test('LocalResponseNormalization and its gradient agree with float64', () => {
    const configs = fc.record({
      depthRadius: size(0, 3),
      bias: fc.constantFrom(1, 2),
      alpha: fc.constantFrom(1e-4, 0.3),
      beta: fc.constantFrom(0.5, 0.75),
    });
    fc.assert(
      fc.property(configs, size(1, 3), size(1, 8), (config, pixels, channels) => {
        const { depthRadius, bias, alpha, beta } = config;
        check(new LocalResponseNormalization(config), [2, pixels, pixels, channels], (x) =>
          x.map((value, i) => {
            const c = i % channels;
            let squares = 0;
            for (let k = Math.max(0, c - depthRadius); k <= Math.min(channels - 1, c + depthRadius); k++)
              squares += x[i - c + k] ** 2;
            return value / (bias + alpha * squares) ** beta;
          }),
        );
      }),
      RUNS,
    );
  });

  test('MaxoutDense and its gradients agree with float64', () => {
    fc.assert(
      fc.property(size(1, 4), size(1, 6), size(1, 5), size(1, 4), (jets, inputs, units, pieces) => {
        check(new MaxoutDense({ units, pieces }), [jets, inputs], (x, [kernel, bias]) =>
          Float64Array.from({ length: jets * units }, (_, i) => {
            const [jet, unit] = [Math.floor(i / units), i % units];
            const outputs = Array.from({ length: pieces }, (_, piece) => {
              const column = piece * units + unit;
              let y = bias![column];
              for (let k = 0; k < inputs; k++) y += x[jet * inputs + k] * kernel![k * units * pieces + column];
              return y;
            });
            return Math.max(...outputs);
          }),
        );
      }),
      RUNS,
    );
  });

  test.each([
    ['glorotUniform' as const, 3],
    ['heUniform' as const, 6],
  ])('LocallyConnected2D begins as in Keras 1, with the root of its size as fan: %s', (kernelInitializer, variance) => {
    tidy(() => {
      const layer = new LocallyConnected2D({ filters: 6, kernelSize: [3, 3], kernelInitializer, seed: 1 });
      layer.apply(tensor(noise(8 * 8 * 4, 1), [1, 8, 8, 4]));
      const kernel = layer.weights[0]!.read();
      expect(kernel.shape).toEqual([36, 36, 6]);
      const limit = Math.sqrt(variance / Math.sqrt(36 * 36 * 6));
      const most = largest(kernel.dataSync());
      expect(most).toBeLessThanOrEqual(limit);
      expect(most).toBeGreaterThan(0.99 * limit);
    });
  });

  test('LocallyConnected2D and its gradients agree with float64, with and without strides', () => {
    const sizes = fc.tuple(size(1, 5), size(1, 5), size(1, 3), size(1, 3), size(1, 3), size(1, 3));
    fc.assert(
      fc.property(sizes, size(1, 3), size(1, 3), ([h, w, kh, kw, sh, sw], channels, filters) => {
        fc.pre(h >= kh && w >= kw);
        const [oh, ow] = [Math.floor((h - kh) / sh) + 1, Math.floor((w - kw) / sw) + 1];
        const useBias = (h + w) % 2 === 0;
        const layer = new LocallyConnected2D({ filters, kernelSize: [kh, kw], strides: [sh, sw], useBias });
        check(layer, [2, h, w, channels], (x, [kernel, bias]) => {
          const y = new Float64Array(2 * oh * ow * filters);
          for (let at = 0; at < y.length; at++) {
            const f = at % filters;
            const pixel = Math.floor(at / filters) % (oh * ow);
            const [row, column] = [Math.floor(pixel / ow), pixel % ow];
            const jet = Math.floor(at / (filters * oh * ow));
            y[at] = bias?.[pixel * filters + f] ?? 0;
            for (let i = 0; i < kh; i++)
              for (let j = 0; j < kw; j++)
                for (let c = 0; c < channels; c++) {
                  const from = ((jet * h + row * sh + i) * w + column * sw + j) * channels + c;
                  const tap = (pixel * kh * kw + i * kw + j) * channels + c;
                  y[at] += x[from] * kernel![tap * filters + f];
                }
          }
          return y;
        });
      }),
      RUNS,
    );
  });
});

describe.each(['wasm', 'cpu'] as const)('layers of adversaries on %s', (backend) => {
  beforeAll(() => selectBackend(backend, { threads: 1 }));

  test('MinibatchDiscrimination and its gradient agree with float64', () => {
    fc.assert(
      fc.property(size(1, 20), size(1, 3), size(1, 4), (rows, kernels, dimensions) => {
        const width = kernels * dimensions;
        check(new MinibatchDiscrimination({ kernels, dimensions }), [rows, width], (x) =>
          Float64Array.from({ length: rows * kernels }, (_, at) => {
            const [row, kernel] = [Math.floor(at / kernels), at % kernels];
            let likeness = 0;
            for (let other = 0; other < rows; other++) {
              let distance = 0;
              for (let k = kernel * dimensions; k < (kernel + 1) * dimensions; k++)
                distance += Math.abs(x[row * width + k]! - x[other * width + k]!);
              likeness += Math.exp(-distance);
            }
            return likeness;
          }),
        );
      }),
      RUNS,
    );
  });

  test('an embedding learns: its gradient has the rows that were looked up, summed', () => {
    tidy(() => {
      const table = variable(tensor(noise(12, 1), [4, 3]));
      const c = noise(15, 2);
      const numbers = [3, 0, 3, 1, 3];
      const { grads } = variableGrads(
        () => sum(mul(gather(table, tensor(numbers, [5], 'int32')), tensor(c, [5, 3]))),
        [table],
      );
      const expected = new Float64Array(12);
      numbers.forEach((row, i) => {
        for (let k = 0; k < 3; k++) expected[3 * row + k]! += c[3 * i + k]!;
      });
      expectClose(grads[table.name]!.dataSync(), expected, 10);
    });
  });
});

describe('SeededDropout', () => {
  beforeAll(() => selectBackend('wasm', { threads: 1 }));
  const masks = (seed: number, steps: number[], rate = 0.3): number[][] => {
    const layer = new SeededDropout({ rate, seed });
    return steps.map((step) => {
      layer.step = step;
      return tidy(() => [
        ...(layer.apply(tensor(new Float32Array(1000).fill(1)), { training: true }) as Tensor).dataSync(),
      ]);
    });
  };

  test('draws another mask at each step, the same one for the same seed and step', () => {
    const [first, second, again] = masks(7, [1, 2, 1]);
    expect(first).toEqual(again);
    expect(first).not.toEqual(second);
    expect(masks(8, [1])[0]).not.toEqual(first);
  });

  test('keeps the expected share and the expected sum', () => {
    const [mask] = masks(1, [5]);
    const dropped = mask!.filter((value) => value === 0).length;
    // Three standard deviations of a binomial with n = 1000, p = 0.3.
    expect(Math.abs(dropped - 300)).toBeLessThan(44);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  });

  test('does nothing at inference and leaves no tensor behind', () => {
    const layer = new SeededDropout({ rate: 0.5, seed: 1 });
    const before = memory().numTensors;
    tidy(() => {
      const y = layer.apply(tensor([1, 2, 3])) as Tensor;
      expect([...y.dataSync()]).toEqual([1, 2, 3]);
    });
    expect(memory().numTensors).toBe(before);
  });
});

test('networks with these layers survive the way through artifacts, with the configuration the exporter reads', async () => {
  await selectBackend('wasm', { threads: 1 });
  const own = [
    new LocalResponseNormalization({ name: 'lrn', inputShape: [6, 6, 4], depthRadius: 1, alpha: 0.1 }),
    new LocallyConnected2D({ name: 'local', filters: 3, kernelSize: [2, 3], strides: [1, 2], seed: 1 }),
    new SeededDropout({ name: 'dropout', rate: 0.25, seed: 3 }),
  ];
  const flat = new MaxoutDense({ name: 'maxout', units: 4, pieces: 2, seed: 2, inputShape: [7] });
  const [images, dense] = [sequential({ layers: own }), sequential({ layers: [flat] })];
  const configOf = async (model: typeof images, name: string): Promise<unknown> => {
    const config = (await artifactsOf(model)).topology['config'] as {
      layers: { class_name: string; config: { name: string } }[];
    };
    return config.layers.find((layer) => layer.config.name === name);
  };
  expect(await configOf(images, 'lrn')).toMatchObject({
    class_name: 'LocalResponseNormalization',
    config: { depth_radius: 1, bias: 1, alpha: 0.1, beta: 0.75 },
  });
  expect(await configOf(images, 'local')).toMatchObject({
    class_name: 'LocallyConnected2D',
    config: { filters: 3, kernel_size: [2, 3], strides: [1, 2] },
  });
  expect(await configOf(images, 'dropout')).toMatchObject({
    class_name: 'SeededDropout',
    config: { rate: 0.25, seed: 3 },
  });
  expect(await configOf(dense, 'maxout')).toMatchObject({ class_name: 'MaxoutDense', config: { units: 4, pieces: 2 } });
  for (const [model, shape] of [
    [images, [2, 6, 6, 4]],
    [dense, [2, 7]],
  ] as const) {
    const copy = await modelOf(await artifactsOf(model));
    const x = tensor(
      noise(
        shape.reduce<number>((a, b) => a * b, 1),
        1,
      ),
      [...shape],
    );
    expect((copy.predict(x) as Tensor).dataSync()).toEqual((model.predict(x) as Tensor).dataSync());
  }
});

test('a separable convolution is read back with its depth multiplier', async () => {
  const layer = tfLayers.separableConv2d({ filters: 2, kernelSize: 3, depthMultiplier: 2, inputShape: [6, 6, 2] });
  const built = sequential({ layers: [layer] });
  const artifacts = await artifactsOf(built);
  const again = await modelOf(artifacts);
  expect(await artifactsOf(again)).toEqual(artifacts);
  expect(again.weights.map(({ shape }) => shape)).toEqual([[3, 3, 2, 2], [1, 1, 4, 2], [2]]);
  built.dispose();
  again.dispose();
});

test('a tensor that a layer takes twice is there for the layers behind it', async () => {
  registerLayers();
  const x = input({ shape: [2] });
  const doubled = tfLayers.rescaling({ scale: 2 }).apply(x) as SymbolicTensor;
  const fourfold = tfLayers.add().apply([doubled, doubled]) as SymbolicTensor;
  const sixfold = tfLayers.add().apply([doubled, fourfold]) as SymbolicTensor;
  const built = model({ inputs: x, outputs: sixfold });
  const again = await modelOf(await artifactsOf(built));
  for (const one of [built, again])
    expect([...(one.predict(tensor([1, 2, 3, 4], [2, 2])) as Tensor).dataSync()]).toEqual([6, 12, 18, 24]);
  built.dispose();
  again.dispose();
});

test.each([
  { center: false, scale: false },
  { center: true, scale: false },
  { center: false, scale: true },
])('a batch normalisation with %o trains as one that has 1 and 0 in place of what it lacks', async (parts) => {
  await selectBackend('wasm', { threads: 1 });
  registerLayers();
  const normalization = (config: object) =>
    sequential({
      layers: [
        tfLayers.dense({ units: 8, inputShape: [3], kernelInitializer: 'ones', useBias: false }),
        tfLayers.batchNormalization(config),
      ],
    });
  const [part, whole] = [normalization(parts), normalization({})];
  const x = tensor(noise(15, 1), [5, 3]);
  const work = (network: typeof part) => {
    const kernel = network.trainableWeights[0]!.read() as Variable;
    const { value, grads } = variableGrads(
      () => sum(mul(network.apply(x, { training: true }) as Tensor, tensor(noise(40, 2), [5, 8]))),
      [kernel],
    );
    const after = network.apply(x) as Tensor;
    return [value, ...Object.values(grads), after, ...network.weights.slice(-2).map((weight) => weight.read())].map(
      (one) => Array.from(one.dataSync()),
    );
  };
  const [got, expected] = [work(part), work(whole)];
  for (const [i, values] of expected.entries()) expectClose(got[i]!, values);
  expect(part.weights).toHaveLength(3 + Number(parts.center) + Number(parts.scale));
  for (const network of [part, whole]) network.dispose();
});
