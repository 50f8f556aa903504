/** @file The patches under the pixels of an image, which locally connected layers multiply, each pixel by filters of its own. */
import { engine, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { numbersOf, pairOf } from './attributes.js';

/** (jets, height, width, channels) to (pixels, jets, kernel rows · kernel columns · channels), without padding. */
export const PATCHES = 'JetPatches';
const GRADIENT = 'JetPatchesGradient';

/** Geometry of patches. */
export interface PatchAttributes {
  /** of the images */
  readonly shape: readonly number[];
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
}

export function registerPatches(runtime: () => KernelRuntime): void {
  putKernel(PATCHES, ({ inputs, attrs }) => {
    const rt = runtime();
    const given = patchesOf(attrs);
    const { pixels, jets, patch, size } = sizesOf(given);
    const out = rt.output([pixels, jets, patch]);
    const [to, from] = [rt.floats(rt.at(out), pixels * jets * patch), rt.floats(rt.at(inputs['x']!), size)];
    const { starts, length } = runsOf(given);
    for (let run = 0, at = 0; run < starts.length; run++)
      for (let k = starts[run]!; k < starts[run]! + length; k++) to[at++] = from[k]!;
    return out;
  });
  putKernel(GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const given = patchesOf(attrs);
    const { pixels, jets, patch, size } = sizesOf(given);
    const out = rt.output(given.shape);
    const [from, to] = [rt.floats(rt.at(inputs['dy']!), pixels * jets * patch), rt.floats(rt.at(out), size).fill(0)];
    const { starts, length } = runsOf(given);
    for (let run = 0, at = 0; run < starts.length; run++)
      for (let k = starts[run]!; k < starts[run]! + length; k++) to[k] = to[k]! + from[at++]!;
    return out;
  });
  putGradient(PATCHES, {}, (dy, _, attrs) => ({
    x: () => engine().runKernel<Tensor>(GRADIENT, { dy: dy as Tensor }, attrs),
  }));
}

/** @throws {Error} as `numbersOf` */
function patchesOf(attrs: NamedAttrMap | undefined): PatchAttributes {
  return {
    shape: numbersOf(attrs, 'shape'),
    kernelSize: pairOf(attrs, 'kernelSize'),
    strides: pairOf(attrs, 'strides'),
  };
}

function sizesOf({ shape, kernelSize, strides }: PatchAttributes) {
  const [jets, height, width, channels] = shape as [number, number, number, number];
  const rows = Math.floor((height - kernelSize[0]) / strides[0]) + 1;
  const columns = Math.floor((width - kernelSize[1]) / strides[1]) + 1;
  const patch = kernelSize[0] * kernelSize[1] * channels;
  return { jets, rows, columns, pixels: rows * columns, patch, size: jets * height * width * channels };
}

/** A row of a patch lies in one piece in the image: where each begins, in the order of the patches. */
function runsOf(given: PatchAttributes): { readonly starts: Int32Array; readonly length: number } {
  const { jets, rows, columns, pixels } = sizesOf(given);
  const [, height, width, channels] = given.shape as [number, number, number, number];
  const [tall, wide] = given.kernelSize;
  const starts = new Int32Array(pixels * jets * tall);
  let run = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let jet = 0; jet < jets; jet++)
        for (let down = 0; down < tall; down++)
          starts[run++] =
            ((jet * height + row * given.strides[0] + down) * width + column * given.strides[1]) * channels;
  return { starts, length: wide * channels };
}
