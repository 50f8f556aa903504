import { grads, image, mul, softmax, sum, type Tensor, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core';
// Registers the gradients of TensorFlow.js operations.
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose, largest, noise } from '../../compare.testing.js';
import { useWasm } from './index.js';
import { ENLARGEMENT } from './kernels/enlargement.js';
import { LOOKUP } from './kernels/lookup.js';
import { transposedConvolution } from './kernels/transposedConvolution.js';
import { weightedMean } from './kernels/weightedMean.js';
import { NOISE, RUNS, run, size, windows } from './kernels.testing.js';
import * as naive from './naive.testing.js';

/** Smallest normal float32. */
const LEAST_FLOAT = 2 ** -126;

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

describe.each([1, 3])('kernels of adversarial networks on %i threads', (threads) => {
  beforeAll(() => useWasm(threads));

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
});
