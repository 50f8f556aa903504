import type { NormaliseStep } from '@jetsdk/jets';
import { int, ints } from '@jetsdk/onnx';
import type { Cell, Scribe } from './scribe.js';

const PIXELS = [1, 2, 3];

/** Scales every image (n, height, width, channels) by its own norm, or by stored numbers. */
export function lowerNormalise(to: Scribe, image: Cell, step: NormaliseStep, shape: readonly number[]): Cell {
  if (step.by === 'standardise') {
    const stored = (values: readonly number[] = []): Cell =>
      values.length === 1 ? to.number(values[0]) : to.floats(shape, Float32Array.from(values));
    return to.div(to.sub(image, stored(step.mean)), stored(step.std));
  }
  const over = { axes: ints(PIXELS), keepdims: int(1) };
  const norm = {
    max: () => to.op('ReduceMax', [image], over),
    l2: () => to.op('ReduceL2', [image], over),
    sum: () => to.op('ReduceSum', [image, to.integers(PIXELS)], { keepdims: int(1) }),
  }[step.by]();
  return to.div(image, to.divisor(norm));
}
