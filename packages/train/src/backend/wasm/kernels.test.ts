import {
  concat,
  conv2d,
  engine,
  grads,
  image,
  maxPool,
  mean,
  memory,
  mul,
  pad,
  softmax,
  sum,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
// Registers the gradients of TensorFlow.js operations.
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose, largest, noise } from '../../compare.testing.js';
import { useWasm } from './index.js';
import { BATCH_NORMALISATION } from './kernels/batchNormalisation.js';
import { FUSED_CONVOLUTION } from './kernels/convolution.js';
import { ENLARGEMENT } from './kernels/enlargement.js';
import { LOOKUP } from './kernels/lookup.js';
import { DENSE } from './kernels/product.js';
import { transposedConvolution } from './kernels/transposedConvolution.js';
import { weightedMean } from './kernels/weightedMean.js';
import * as naive from './naive.testing.js';
import { upstreamKernel } from './register.js';

const RUNS = { numRuns: 60 };

/** Smallest normal float32. */
const LEAST_FLOAT = 2 ** -126;

/** Typical size of normal random numbers. */
const NOISE = 1;

const size = (max: number) => fc.integer({ min: 1, max });
const windows = fc
  .record({
    images: size(20),
    height: size(9),
    width: size(9),
    inputs: size(9),
    outputs: size(17),
    kernelHeight: size(4),
    kernelWidth: size(4),
    strideHeight: size(3),
    strideWidth: size(3),
    padding: fc.constantFrom('same' as const, 'valid' as const),
  })
  .filter((w) => w.padding === 'same' || (w.height >= w.kernelHeight && w.width >= w.kernelWidth));

const run = (name: string, inputs: Record<string, Tensor>, attrs = {}): Tensor =>
  engine().runKernel<Tensor>(name, inputs, attrs);

/** Holds a convolution with bias and rectifier, and its three gradients, to sums in float64. */
function checkConvolution(w: naive.Window, relu: boolean): void {
  const xShape = [w.images, w.height, w.width, w.inputs];
  const filterShape = [w.kernelHeight, w.kernelWidth, w.inputs, w.outputs];
  const [outHeight] = naive.along(w.height, w.kernelHeight, w.strideHeight, w.padding);
  const [outWidth] = naive.along(w.width, w.kernelWidth, w.strideWidth, w.padding);
  const yShape = [w.images, outHeight, outWidth, w.outputs];
  const count = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const [x, filter, bias, dy] = [xShape, filterShape, [w.outputs], yShape].map((s, i) => noise(count(s), i + 1));

  const y = Float64Array.from({ length: dy!.length }, (_, i) => bias![i % w.outputs]);
  const yTerms = y.map(Math.abs);
  naive.convolutionTerms(w, (xi, fi, yi) => {
    y[yi] += x![xi] * filter![fi];
    yTerms[yi] += Math.abs(x![xi] * filter![fi]);
  });
  const d = dy!.map((g, i) => (relu && y[i] <= 0 ? 0 : g));
  const reference = [x!, filter!, bias!].map((a) => new Float64Array(a.length));
  const terms = reference.map((a) => a.slice());
  const addTerm = (of: number, at: number, term: number): void => {
    reference[of][at] += term;
    terms[of][at] += Math.abs(term);
  };
  naive.convolutionTerms(w, (xi, fi, yi) => {
    addTerm(0, xi, d[yi] * filter![fi]);
    addTerm(1, fi, d[yi] * x![xi]);
  });
  d.forEach((g, i) => {
    addTerm(2, i % w.outputs, g);
  });

  tidy(() => {
    const tensors = [tensor(x!, xShape), tensor(filter!, filterShape), tensor(bias!)];
    const attrs = { strides: [w.strideHeight, w.strideWidth], pad: w.padding, dataFormat: 'NHWC', relu };
    const f = (...[a, b, c]: Tensor[]) => run(FUSED_CONVOLUTION, { x: a!, filter: b!, bias: c! }, attrs);
    expectClose(f(...tensors).dataSync(), relu ? y.map((v) => Math.max(0, v)) : y, largest(yTerms));
    const got = grads((...t) => sum(mul(f(...t), tensor(dy!, yShape))))(tensors);
    // Rounding may put a sum near 0 on the other side of the rectifier: such cases tell nothing.
    if (relu && y.some((v) => Math.abs(v) < 1e-5)) return;
    reference.forEach((values, i) => {
      expectClose(got[i].dataSync(), values, largest(terms[i]));
    });
  });
}

/** Holds a transposed convolution of images of `w`, and its three gradients, to sums in float64. */
function checkTransposed(w: naive.Window, relu: boolean): void {
  const [outHeight, outWidth] = [
    [w.height, w.kernelHeight, w.strideHeight] as const,
    [w.width, w.kernelWidth, w.strideWidth] as const,
  ].map(([size, kernel, stride]) => size * stride + (w.padding === 'same' ? 0 : Math.max(0, kernel - stride)));
  const xShape = [w.images, w.height, w.width, w.inputs];
  const filterShape = [w.kernelHeight, w.kernelWidth, w.outputs, w.inputs];
  const yShape = [w.images, outHeight!, outWidth!, w.outputs];
  const count = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const [x, filter, bias, dy] = [xShape, filterShape, [w.outputs], yShape].map((s, i) => noise(count(s), i + 1));
  // of the convolution that leads from y to x
  const back = { ...w, height: outHeight!, width: outWidth!, inputs: w.outputs, outputs: w.inputs };

  const y = Float64Array.from({ length: dy!.length }, (_, i) => bias![i % w.outputs]!);
  const yTerms = y.map(Math.abs);
  naive.convolutionTerms(back, (yi, fi, xi) => {
    y[yi]! += x![xi]! * filter![fi]!;
    yTerms[yi]! += Math.abs(x![xi]! * filter![fi]!);
  });
  const d = dy!.map((g, i) => (relu && y[i]! <= 0 ? 0 : g));
  const reference = [x!, filter!, bias!].map((a) => new Float64Array(a.length));
  const terms = reference.map((a) => a.slice());
  const addTerm = (of: number, at: number, term: number): void => {
    reference[of]![at]! += term;
    terms[of]![at]! += Math.abs(term);
  };
  naive.convolutionTerms(back, (yi, fi, xi) => {
    addTerm(0, xi, d[yi]! * filter![fi]!);
    addTerm(1, fi, d[yi]! * x![xi]!);
  });
  d.forEach((g, i) => {
    addTerm(2, i % w.outputs, g);
  });

  tidy(() => {
    const tensors = [tensor(x!, xShape), tensor(filter!, filterShape), tensor(bias!)];
    const f = (...[a, b, c]: Tensor[]) =>
      transposedConvolution(a!, b!, c!, {
        strides: [w.strideHeight, w.strideWidth],
        padding: w.padding,
        relu,
      });
    const got = f(...tensors);
    expect(got.shape).toEqual(yShape);
    expectClose(got.dataSync(), relu ? y.map((v) => Math.max(0, v)) : y, largest(yTerms));
    if (relu && y.some((v) => Math.abs(v) < 1e-5)) return;
    const gradients = grads((...t) => sum(mul(f(...t), tensor(dy!, yShape))))(tensors);
    reference.forEach((values, i) => {
      expectClose(gradients[i]!.dataSync(), values, largest(terms[i]!));
    });
  });
}

describe.each([1, 3])('kernels of the wasm backend on %i threads', (threads) => {
  beforeAll(() => useWasm(threads));

  test('convolution with bias and rectifier, and its three gradients, agree with float64', () => {
    fc.assert(fc.property(windows, fc.boolean(), checkConvolution), RUNS);
  });

  test('so do those by minimal filtering: 3 × 3 and 4 × 4 filters over channels in eights', () => {
    const eights = fc.integer({ min: 1, max: 3 }).map((n) => 8 * n);
    const tiled = fc
      .record({
        images: size(20),
        height: fc.integer({ min: 4, max: 14 }),
        width: fc.integer({ min: 4, max: 14 }),
        inputs: eights,
        outputs: eights,
        kernel: fc.constantFrom(3, 4),
        padding: fc.constantFrom('same' as const, 'valid' as const),
      })
      .map((w) => ({ ...w, kernelHeight: w.kernel, kernelWidth: w.kernel, strideHeight: 1, strideWidth: 1 }));
    fc.assert(fc.property(tiled, fc.boolean(), checkConvolution), { numRuns: 30 });
  });

  test('bands of tiles end within an image and reach over several', () => {
    const kernel = { kernelHeight: 4, kernelWidth: 4, strideHeight: 1, strideWidth: 1, padding: 'same' as const };
    checkConvolution({ images: 3, height: 40, width: 40, inputs: 16, outputs: 8, ...kernel }, true);
    checkConvolution({ images: 40, height: 6, width: 6, inputs: 16, outputs: 16, ...kernel }, false);
  });

  test('convolutions with more room around the image than the filter reaches agree with those of the wider image', () => {
    tidy(() => {
      const [x, filter] = [tensor(noise(2 * 9 * 9 * 8, 1), [2, 9, 9, 8]), tensor(noise(9 * 8 * 8, 2), [3, 3, 8, 8])];
      const dy = tensor(noise(2 * 23 * 23 * 8, 3), [2, 23, 23, 8]);
      const loss = (y: Tensor) => sum(mul(y, dy));
      const room: [number, number] = [8, 8];
      const got = grads((a, b) => loss(conv2d(a as Tensor4D, b as Tensor4D, 1, 8)))([x, filter]);
      const wider = grads((a, b) =>
        loss(conv2d(pad(a, [[0, 0], room, room, [0, 0]]) as Tensor4D, b as Tensor4D, 1, 'valid')),
      )([x, filter]);
      got.forEach((gradient, i) => {
        expectClose(gradient.dataSync(), wider[i].dataSync(), 9 * 8 * 23 * NOISE ** 2);
      });
    });
  });

  test('matrix products agree with float64, transposed or not, in batches or not', () => {
    const dims = fc.record({ m: size(40), k: size(40), n: size(40), batchA: size(3), batchB: size(3) });
    fc.assert(
      fc.property(dims, fc.boolean(), fc.boolean(), ({ m, k, n, batchA, batchB }, transposeA, transposeB) => {
        if (batchA !== batchB && batchA !== 1 && batchB !== 1) return;
        const [a, b] = [noise(batchA * m * k, 1), noise(batchB * k * n, 2)];
        tidy(() => {
          const got = run(
            'BatchMatMul',
            {
              a: tensor(a, [batchA, ...(transposeA ? [k, m] : [m, k])]),
              b: tensor(b, [batchB, ...(transposeB ? [n, k] : [k, n])]),
            },
            { transposeA, transposeB },
          );
          const batch = Math.max(batchA, batchB);
          expect(got.shape).toEqual([batch, m, n]);
          const values = got.dataSync();
          for (let i = 0; i < batch; i++) {
            const ai = a.subarray((batchA === 1 ? 0 : i) * m * k).subarray(0, m * k);
            const bi = b.subarray((batchB === 1 ? 0 : i) * k * n).subarray(0, k * n);
            const left = transposeA ? naive.transpose(ai, k, m) : ai;
            const right = transposeB ? naive.transpose(bi, n, k) : bi;
            expectClose(values.slice(i * m * n, (i + 1) * m * n), naive.product(left, right, m, k, n), k * NOISE ** 2);
          }
        });
      }),
      RUNS,
    );
  });

  test('more matrices than are packed at once are multiplied each by its own', () => {
    const [a, b] = [noise(75 * 5 * 3, 1), noise(75 * 3 * 2, 2)];
    tidy(() => {
      const got = run('BatchMatMul', { a: tensor(a, [75, 5, 3]), b: tensor(b, [75, 3, 2]) }).dataSync();
      for (let i = 0; i < 75; i++)
        expectClose(
          got.slice(i * 10, i * 10 + 10),
          naive.product(a.subarray(i * 15, i * 15 + 15), b.subarray(i * 6, i * 6 + 6), 5, 3, 2),
          3 * NOISE ** 2,
        );
    });
  });

  test('dense layers and their gradients agree with float64', () => {
    fc.assert(
      fc.property(size(70), size(40), size(20), fc.boolean(), (m, k, n, relu) => {
        const [x, kernel, bias, dy] = [m * k, k * n, n, m * n].map((length, i) => noise(length, i + 5));
        const y = naive.product(x!, kernel!, m, k, n).map((v, i) => v + bias![i % n]);
        const d = dy!.map((g, i) => (relu && y[i] <= 0 ? 0 : g));
        const ones = new Float64Array(m).fill(1);
        const reference = [
          naive.product(d, naive.transpose(kernel!, k, n), m, n, k),
          naive.product(naive.transpose(x!, m, k), d, k, m, n),
          naive.product(ones, d, 1, m, n),
        ];
        tidy(() => {
          const f = (...t: Tensor[]) => run(DENSE, { x: t[0], kernel: t[1], bias: t[2] }, { relu });
          const tensors = [tensor(x!, [m, k]), tensor(kernel!, [k, n]), tensor(bias!)];
          expectClose(f(...tensors).dataSync(), relu ? y.map((v) => Math.max(0, v)) : y, k * NOISE ** 2);
          if (relu && y.some((v) => Math.abs(v) < 1e-5)) return;
          const got = grads((...t) => sum(mul(f(...t), tensor(dy!, [m, n]))))(tensors);
          reference.forEach((values, i) => {
            expectClose(got[i].dataSync(), values, Math.max(m, n) * NOISE ** 2);
          });
        });
      }),
      RUNS,
    );
  });

  test('max pooling and its gradient agree with float64, also where a whole window is negative', () => {
    const pairs = { kernelHeight: 2, kernelWidth: 2, strideHeight: 2, strideWidth: 2, padding: 'valid' as const };
    const halving = windows.map((w) => ({
      ...w,
      ...pairs,
      height: w.height + 1,
      width: w.width + 1,
      inputs: 4 * w.inputs,
    }));
    fc.assert(
      fc.property(fc.oneof(windows, halving), fc.constantFrom(-10, 0, 10), (w, offset) => {
        const shape: [number, number, number, number] = [w.images, w.height, w.width, w.inputs];
        const x = noise(w.images * w.height * w.width * w.inputs, 3).map((v) => v + offset);
        tidy(() => {
          const pool = (t: Tensor) =>
            maxPool(t as Tensor4D, [w.kernelHeight, w.kernelWidth], [w.strideHeight, w.strideWidth], w.padding);
          const input = tensor(x, shape);
          const y = pool(input);
          expectClose(y.dataSync(), naive.maxPool(w, x));
          const dy = noise(y.size, 4);
          const [got] = grads((t: Tensor) => sum(mul(pool(t), tensor(dy, y.shape))))([input]);
          expectClose(got!.dataSync(), naive.maxPoolGradient(w, x, dy));
        });
      }),
      RUNS,
    );
  });

  test('upstream still gives the gradient of windows without a positive pixel to the wrong pixel', () => {
    const attrs = { filterSize: [2, 2], strides: [2, 2], pad: 'valid' };
    const inputs = () => ({
      dy: tensor([1], [1, 1, 1, 1]),
      input: tensor([-4, -1, -2, -3], [1, 2, 2, 1]),
      output: tensor([-1], [1, 1, 1, 1]),
    });
    const gradient = (args: { inputs: ReturnType<typeof inputs> }) =>
      upstreamKernel('MaxPoolGrad')({ ...args, backend: engine().backend, attrs });
    tidy(() => {
      expect([...run('MaxPoolGrad', inputs(), attrs).dataSync()]).toEqual([0, 1, 0, 0]);
      const result = gradient({ inputs: inputs() });
      const wrong = engine().makeTensorFromTensorInfo(Array.isArray(result) ? result[0] : result);
      expect([...wrong.dataSync()]).toEqual([1, 0, 0, 0]);
    });
  });

  test('batch normalisation and its gradients agree with float64', () => {
    fc.assert(
      fc.property(size(2000), fc.constantFrom(4, 8, 12), fc.constantFrom(0, 100), (rows, channels, offset) => {
        const length = rows * channels;
        const x = noise(length, 1).map((v) => v + offset);
        const [dy, gamma, beta] = [noise(length, 2), noise(channels, 3), noise(channels, 4)];
        const epsilon = 1e-3;
        const reference = naive.batchNormalisation(x, dy, gamma, beta, epsilon);
        tidy(() => {
          const f = (...t: Tensor[]) =>
            engine().runKernel<Tensor[]>(BATCH_NORMALISATION, { x: t[0], gamma: t[1], beta: t[2] }, { epsilon });
          const tensors = [tensor(x, [rows, channels]), tensor(gamma), tensor(beta)];
          const [y, mean, variance] = f(...tensors);
          // A float32 mean of 100 is good to 4e-6, which shows in x − mean.
          const unit = largest(gamma) / Math.sqrt(Math.min(...reference.variance) + epsilon);
          expectClose(y!.dataSync(), reference.y, unit * (largest(reference.y) + offset));
          expectClose(mean!.dataSync(), reference.mean, largest(x));
          expectClose(variance!.dataSync(), reference.variance, largest(x) ** 2 / (1 + offset));
          const got = grads((...t) => sum(mul(f(...t)[0], tensor(dy, [rows, channels]))))(tensors);
          const slope = unit * largest(dy) * (1 + offset);
          expectClose(got[0].dataSync(), reference.dx, slope);
          expectClose(got[1].dataSync(), reference.dGamma, slope * rows);
          expectClose(got[2].dataSync(), reference.dBeta, largest(dy) * rows);
        });
      }),
      RUNS,
    );
  });

  test('sums and means over all but the last axis agree with float64, also of a million numbers', () => {
    fc.assert(
      fc.property(size(3000), size(13), fc.boolean(), fc.boolean(), (rows, channels, keepDims, isMean) => {
        const x = noise(rows * channels, rows);
        const reference = naive.product(new Float64Array(rows).fill(isMean ? 1 / rows : 1), x, 1, rows, channels);
        tidy(() => {
          const got = (isMean ? mean : sum)(tensor(x, [rows, 1, channels]), [0, 1], keepDims);
          expect(got.shape).toEqual(keepDims ? [1, 1, channels] : [channels]);
          expectClose(got.dataSync(), reference, isMean ? NOISE : rows * NOISE);
        });
      }),
      RUNS,
    );
    tidy(() => {
      const million = tensor(new Float32Array(1e6).fill(0.1), [1e6, 1]);
      expectClose(sum(million, 0).dataSync(), [1e6 * Math.fround(0.1)]);
    });
  });

  test('weighted means over the last axis and enlargements agree with TensorFlow.js, and so do their gradients', () => {
    fc.assert(
      fc.property(
        size(4),
        size(5),
        size(5),
        size(4),
        size(3),
        size(3),
        (images, height, width, channels, down, across) => {
          const shape: [number, number, number, number] = [images, height, width, channels];
          const count = images * height * width * channels;
          const [x, weights] = [tensor(noise(count, 1), shape), tensor(noise(count, 2), shape)];
          const pairs: [(...t: Tensor4D[]) => Tensor, (...t: Tensor4D[]) => Tensor][] = [
            [(a, b) => weightedMean(a, b), (a, b) => sum(mul(a, softmax(b)), -1, true)],
            [
              (a) => run(ENLARGEMENT, { x: a }, { size: [down, across] }),
              (a) => image.resizeNearestNeighbor(a, [height * down, width * across]),
            ],
          ];
          for (const [ours, theirs] of pairs)
            tidy(() => {
              const given = ours.length === 1 ? [x] : [x, weights];
              const [got, expected] = [ours, theirs].map((f) => {
                const y = f(...(given as Tensor4D[]));
                const dy = tensor(noise(y.size, 3), y.shape);
                return [y, ...grads((...t) => f(...(t as Tensor4D[])))(given, dy)];
              });
              got!.forEach((one, k) => {
                expect(one.shape).toEqual(expected![k]!.shape);
                expectClose(
                  one.dataSync(),
                  Float64Array.from(expected![k]!.dataSync()),
                  4 * channels * down * across * NOISE,
                );
              });
            });
          x.dispose();
          weights.dispose();
        },
      ),
      RUNS,
    );
  });

  test('weights of numbers far apart agree with float64 to a millionth of each, down to none at all', () => {
    fc.assert(
      fc.property(size(200), size(9), fc.constantFrom(1, 10, 60), (rows, width, spread) => {
        const x = noise(rows * width, 1).map((value, i) => (i % 17 === 16 ? -Infinity : spread * value));
        for (let row = 0; row < rows; row++) x[row * width + (row % width)] = spread;
        const shape = [rows, width];
        tidy(() => {
          // the gradient of the mean by its values is their weights
          const [got] = grads((values, logits) => weightedMean(values, logits))([
            tensor(noise(rows * width, 2), shape),
            tensor(x, shape),
          ]);
          const weights = got!.dataSync();
          for (let row = 0; row < rows; row++) {
            const numbers = [...x.subarray(row * width, (row + 1) * width)];
            const most = Math.max(...numbers);
            const parts = numbers.map((value) => Math.exp(Math.fround(value - most)));
            const total = parts.reduce((all, part) => all + part, 0);
            parts.forEach((part, k) => {
              const share = part / total;
              expect(Math.abs(weights[row * width + k]! - share)).toBeLessThanOrEqual(1e-6 * share + LEAST_FLOAT);
            });
          }
        });
      }),
      RUNS,
    );
  });

  test.each([2, 3])('a row of %i with NaN has a mean that is NaN, and no other row has', (width) => {
    const x = Float32Array.from({ length: 6 * width }, (_, i) => (i === width ? Number.NaN : i));
    const got = tidy(() => weightedMean(tensor(noise(6 * width, 1), [6, width]), tensor(x, [6, width])).dataSync());
    expect([...got].map(Number.isNaN)).toEqual([false, true, false, false, false, false]);
  });

  test('transposed convolutions and their three gradients agree with float64, whatever stride and padding', () => {
    fc.assert(fc.property(windows, fc.boolean(), checkTransposed), RUNS);
  });

  test('so do those whose places are filtered minimally', () => {
    const same = { strideHeight: 2, strideWidth: 2, padding: 'same' as const };
    const [five, four] = [
      { kernelHeight: 5, kernelWidth: 5 },
      { kernelHeight: 4, kernelWidth: 4 },
    ];
    checkTransposed({ images: 3, height: 7, width: 8, inputs: 16, outputs: 8, ...five, ...same }, false);
    checkTransposed({ images: 9, height: 8, width: 8, inputs: 8, outputs: 6, ...four, ...same }, true);
  });

  test('rows of a table are looked up by number, and their gradient is summed by number', () => {
    fc.assert(
      fc.property(size(9), size(20), fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }), (rows, width, drawn) => {
        const numbers = drawn.map((one) => one % rows);
        const [table, dy] = [noise(rows * width, 1), noise(numbers.length * width, 2)];
        tidy(() => {
          const asked = tensor(numbers, [numbers.length, 1], 'int32');
          const f = (t: Tensor) => run(LOOKUP, { numbers: asked, table: t });
          const given = tensor(table, [rows, width]);
          const y = f(given);
          expect(y.shape).toEqual([numbers.length, 1, width]);
          expect([...y.dataSync()]).toEqual(numbers.flatMap((row) => [...table.slice(row * width, (row + 1) * width)]));
          const expected = new Float64Array(rows * width);
          dy.forEach((value, i) => {
            expected[numbers[Math.floor(i / width)]! * width + (i % width)]! += value;
          });
          const [got] = grads((t: Tensor) => f(t))([given], tensor(dy, y.shape));
          expectClose(got!.dataSync(), expected, numbers.length * NOISE);
        });
      }),
      RUNS,
    );
  });

  test.each([-1, 2])('a number that the table has no row for is refused: %i of 2 rows', (number) => {
    tidy(() => {
      const [numbers, table] = [tensor([0, number], [2], 'int32'), tensor(noise(6, 1), [2, 3])];
      expect(() => run(LOOKUP, { numbers, table })).toThrow(
        `embedding: got the number ${number}; expected 0 to 1; give the layer a larger inputDim, or other numbers`,
      );
    });
  });

  test('no kernel leaves tensors behind', () => {
    const before = memory().numTensors;
    tidy(() => {
      const tensors = [tensor(noise(200, 1), [2, 5, 5, 4]), tensor(noise(288, 2), [3, 3, 4, 8]), tensor(noise(8, 3))];
      const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', relu: true };
      grads((...t) => sum(run(FUSED_CONVOLUTION, { x: t[0], filter: t[1], bias: t[2] }, attrs)))(tensors);
    });
    expect(memory().numTensors).toBe(before);
  });
});

describe('Concat', () => {
  test('joins rows of any width along any axis as TensorFlow.js does', async () => {
    await useWasm(1);
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(size(3), size(5), size(4)),
        fc.nat(2),
        fc.array(size(40), { minLength: 1, maxLength: 4 }),
        fc.nat(1e6),
        async (shape, axis, lengths, seed) => {
          const parts = lengths.map((length, i) => {
            const own = shape.map((other, k) => (k === axis ? length : other)) as [number, number, number];
            return tensor(noise(own[0] * own[1] * own[2], seed + i), own);
          });
          const joined = concat(parts, axis);
          const args = { inputs: parts as never, backend: engine().backend, attrs: { axis } };
          const upstream = engine().makeTensorFromTensorInfo(upstreamKernel('Concat')(args) as TensorInfo);
          expect(joined.shape).toEqual(upstream.shape);
          expect(joined.dataSync()).toEqual(upstream.dataSync());
        },
      ),
      RUNS,
    );
  });

  test('has the gradient of its parts', () => {
    const [a, b] = [tensor(noise(12, 1), [2, 3, 2]), tensor(noise(6, 2), [2, 3, 1])];
    const weights = tensor(noise(18, 3), [2, 3, 3]);
    const [da, db] = grads((x: Tensor, y: Tensor) => sum(mul(concat([x, y], 2), weights)))([a, b]) as [Tensor, Tensor];
    const expected = weights.arraySync() as number[][][];
    expect(da.arraySync()).toEqual(expected.map((rows) => rows.map((row) => row.slice(0, 2))));
    expect(db.arraySync()).toEqual(expected.map((rows) => rows.map((row) => row.slice(2))));
  });
});
