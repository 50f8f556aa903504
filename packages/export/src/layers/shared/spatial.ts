/** @file What convolutions share, on any number of spatial axes. */
import { sizeOf } from '@jetsdk/jets';
import type { Array64, Shape } from '../rule.js';
import type { Window } from './window.js';

/** Row-major strides of a shape. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Calls `visit` with every index of a shape, in row-major order; the array is reused. */
export function forEachIndex(shape: Shape, visit: (index: readonly number[]) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const count = sizeOf(shape);
  for (let i = 0; i < count; i++) {
    visit(index);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
}

/**
 * Calls `visit` for every output pixel and every tap of its window that lies inside the input.
 *
 * @param input spatial sizes
 * @param visit gets pixel numbers (row-major over the spatial axes) of output and input, and the number of the tap
 */
export function forEachTap(
  input: Shape,
  kernel: Shape,
  strides: Shape,
  dilations: Shape,
  all: readonly Window[],
  visit: (output: number, input: number, tap: number) => void,
): void {
  const inputStrides = stridesOf(input);
  let output = 0;
  forEachIndex(
    all.map(({ out }) => out),
    (pixel) => {
      let tap = 0;
      forEachIndex(kernel, (offset) => {
        let at = 0;
        let inside = true;
        for (let axis = 0; axis < input.length; axis++) {
          const position = pixel[axis] * strides[axis] - all[axis].padBegin + offset[axis] * dilations[axis];
          inside &&= position >= 0 && position < input[axis];
          at += position * inputStrides[axis];
        }
        if (inside) visit(output, at, tap);
        tap++;
      });
      output++;
    },
  );
}

/** Adds a bias to every pixel, in place. */
export function addBias(x: Array64, bias: Float32Array | undefined): Array64 {
  if (bias !== undefined) for (let i = 0; i < x.data.length; i++) x.data[i] += bias[i % bias.length];
  return x;
}
