/** @file What kernels are tried with. */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';

export const RUNS = { numRuns: 60 };

/** Typical size of normal random numbers. */
export const NOISE = 1;

export const size = (max: number) => fc.integer({ min: 1, max });

/** Convolutions whose filter fits into the image. */
export const windows = fc
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

export const run = (name: string, inputs: Record<string, Tensor>, attrs = {}): Tensor =>
  engine().runKernel<Tensor>(name, inputs, attrs);
