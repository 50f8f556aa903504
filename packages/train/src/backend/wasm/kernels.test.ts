import {
  concat,
  conv2d,
  engine,
  grads,
  maxPool,
  mean,
  memory,
  mul,
  pad,
  slice,
  sum,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
  tensor,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
// Registers the gradients of TensorFlow.js operations.
import '@tensorflow/tfjs-layers';
import { random } from '@jetsdk/jets';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose, largest, noise } from '../../compare.testing.js';
import { useWasm } from './index.js';
import { BATCH_NORMALISATION } from './kernels/batchNormalisation.js';
import { FUSED_CONVOLUTION } from './kernels/convolution.js';
import { DENSE } from './kernels/product.js';
import { NOISE, RUNS, run, size, windows } from './kernels.testing.js';
import * as naive from './naive.testing.js';
import { upstreamKernel } from './register.js';

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
  tidy(() => {
    const tensors = [tensor(x!, xShape), tensor(filter!, filterShape), tensor(bias!)];
    const attrs = { strides: [w.strideHeight, w.strideWidth], pad: w.padding, dataFormat: 'NHWC', relu };
    const f = (...[a, b, c]: Tensor[]) => run(FUSED_CONVOLUTION, { x: a!, filter: b!, bias: c! }, attrs);
    const out = f(...tensors).dataSync();
    expectClose(out, relu ? y.map((v) => Math.max(0, v)) : y, largest(yTerms));

    // of a sum near 0, rounding decides whether the rectifier lets it through
    const d = dy!.map((g, i) => (relu && out[i]! <= 0 ? 0 : g));
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
    const got = grads((...t) => sum(mul(f(...t), tensor(dy!, yShape))))(tensors);
    reference.forEach((values, i) => {
      expectClose(got[i].dataSync(), values, largest(terms[i]));
    });
  });
}

describe.each([1, 3])('kernels of the wasm backend on %i threads', (threads) => {
  beforeAll(() => useWasm(threads));

  test('convolution with bias and rectifier, and its three gradients, agree with float64', () => {
    fc.assert(fc.property(windows, fc.boolean(), checkConvolution), RUNS);
  });

  test('of images that are nearly empty, pixels are taken one by one, and no bit differs', () => {
    const images = fc
      .record({ window: windows, filled: fc.constantFrom(0, 0.02, 0.05), relu: fc.boolean() })
      .map(({ window, ...rest }) => ({
        ...rest,
        window: { ...window, height: 3 * window.height, width: 3 * window.width, inputs: Math.min(3, window.inputs) },
      }))
      // those of threes and fours over channels in eights go another way
      .filter(({ window: { kernelHeight: tall, kernelWidth: wide } }) => tall !== wide || tall < 3);
    fc.assert(
      fc.property(images, fc.nat(), ({ window: w, filled, relu }, seed) => {
        const outputs = 8 * Math.ceil(w.outputs / 8);
        const draw = random(seed);
        const x = noise(w.images * w.height * w.width * w.inputs, seed).map((v) => (draw.uniform() < filled ? v : 0));
        const attrs = { strides: [w.strideHeight, w.strideWidth], pad: w.padding, dataFormat: 'NHWC', relu };
        const work = (t: Tensor4D, filter: Tensor4D): Tensor[] => {
          const f = (b: Tensor) => run(FUSED_CONVOLUTION, { x: t, filter: b, bias: tensor(noise(outputs, 5)) }, attrs);
          const y = f(filter);
          const [gradient] = grads((b) => sum(mul(f(b!), tensor(noise(y.size, 6), y.shape))))([filter]);
          return [y, slice(gradient!, [0, 0, 0, 0], [-1, -1, w.inputs, -1])];
        };
        tidy(() => {
          const image = tensor4d(x, [w.images, w.height, w.width, w.inputs]);
          const shape = [w.kernelHeight, w.kernelWidth, w.inputs, outputs] as const;
          const filter = tensor4d(
            noise(
              shape.reduce((a, b) => a * b, 1),
              4,
            ),
            [...shape],
          );
          // eight channels are taken as they are, full or empty
          const empty = (t: Tensor4D, axis: 2 | 3) =>
            pad(
              t,
              t.shape.map((_, i) => [0, i === axis ? 8 - w.inputs : 0] as [number, number]),
            );
          const expected = work(empty(image, 3), empty(filter, 2));
          for (const [i, got] of work(image, filter).entries()) expect(got.dataSync()).toEqual(expected[i]!.dataSync());
        });
      }),
      RUNS,
    );
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

  test('a sum that rounding puts on the other side of the rectifier has the gradient of what came out', () => {
    const kernel = { kernelHeight: 4, kernelWidth: 4, strideHeight: 1, strideWidth: 1, padding: 'same' as const };
    // one of these is −1.7 · 10⁻⁵, and minimal filtering is good to 5 · 10⁻⁵
    checkConvolution({ images: 4, height: 14, width: 12, inputs: 16, outputs: 24, ...kernel }, true);
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
