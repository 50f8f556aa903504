/** @file Lists of numbers among the attributes of a kernel, which TensorFlow.js types as nearly anything. */
import type { NamedAttrMap } from '@tensorflow/tfjs-core';

/** Of rows and of columns. */
export type Pair = readonly [number, number];

/** @throws {Error} for what `runKernel` was not given by the layer */
export function numbersOf(attrs: NamedAttrMap | undefined, name: string): readonly number[] {
  const value: unknown = attrs?.[name];
  if (Array.isArray(value) && value.every((one): one is number => typeof one === 'number')) return value;
  throw new Error(`kernel: ${name} ${JSON.stringify(value)}; expected numbers`);
}

/** @throws {Error} as `numbersOf` */
export function pairOf(attrs: NamedAttrMap | undefined, name: string): Pair {
  const [down, across] = numbersOf(attrs, name);
  if (down === undefined || across === undefined) throw new Error(`kernel: ${name} [${down}]; expected two numbers`);
  return [down, across];
}
