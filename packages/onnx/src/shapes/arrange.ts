/** @file Operators that arrange numbers otherwise, or choose some. */
import { sizeOf } from '@jetsdk/jets';
import type { Node } from '../model.js';
import { type Axes, from, intOf, intsOf } from './attributes.js';
import { type Inputs, type Known, MOST_FOLLOWED } from './known.js';

export function reduced(shape: readonly number[], axes: Axes, attributes: Node['attributes']): number[] | undefined {
  if (axes === undefined) return undefined;
  if (axes === 'none' && intOf(attributes['noop_with_empty_axes'], 0) === 1) return [...shape];
  const gone = axes === 'none' ? undefined : new Set(axes.map((axis) => from(axis, shape.length)));
  const goes = (axis: number): boolean => gone === undefined || gone.has(axis);
  if (intOf(attributes['keepdims'], 1) === 1) return shape.map((length, axis) => (goes(axis) ? 1 : length));
  return shape.filter((_, axis) => !goes(axis));
}

/** A shape that is not known becomes NaN, which is refused above. */
const UNKNOWN = [Number.NaN];

export function unsqueezed(shape: readonly number[], axes: Axes): readonly number[] {
  if (axes === undefined || axes === 'none') return UNKNOWN;
  const rank = shape.length + axes.length;
  const made = new Set(axes.map((axis) => from(axis, rank)));
  let at = 0;
  return Array.from({ length: rank }, (_, axis) => (made.has(axis) ? 1 : shape[at++]));
}

export function squeezed(shape: readonly number[], axes: Axes): readonly number[] {
  if (axes === undefined) return UNKNOWN;
  if (axes === 'none') return shape.filter((length) => length !== 1);
  const gone = new Set(axes.map((axis) => from(axis, shape.length)));
  return shape.filter((_, axis) => !gone.has(axis));
}

export function concat(inputs: Inputs, given: number): Known | undefined {
  const all = inputs.filter((input) => input !== undefined);
  if (all.length < inputs.length || all.length === 0) return undefined;
  const axis = from(given, all[0].shape.length);
  const length = all.reduce((sum, { shape }) => sum + (shape[axis] ?? Number.NaN), 0);
  const lists = all.map(({ numbers }) => numbers);
  const numbers = lists.every((list) => list !== undefined) ? lists.flatMap((list) => list ?? []) : undefined;
  return {
    shape: all[0].shape.with(axis, length),
    numbers: numbers !== undefined && numbers.length <= MOST_FOLLOWED ? numbers : undefined,
  };
}

export function reshaped(a: Known | undefined, target: readonly number[] | undefined): Known | undefined {
  if (target === undefined || a === undefined) return undefined;
  const lengths = target.map((length, axis) => (length === 0 ? (a.shape[axis] ?? 1) : length));
  const rest = sizeOf(a.shape) / sizeOf(lengths.filter((length) => length !== -1));
  return { shape: lengths.map((length) => (length === -1 ? rest : length)), numbers: a.numbers };
}

export function gathered(a: Known | undefined, indices: Known | undefined, given: number): Known | undefined {
  if (a === undefined || indices === undefined) return undefined;
  const axis = from(given, a.shape.length);
  const { numbers } = a;
  return {
    shape: [...a.shape.slice(0, axis), ...indices.shape, ...a.shape.slice(axis + 1)],
    numbers: numbers && indices.numbers?.map((at) => numbers[from(at, numbers.length)] ?? Number.NaN),
  };
}

export function sliced(
  a: Known | undefined,
  inputs: Inputs,
  names: readonly string[],
  attributes: Node['attributes'],
): Known | undefined {
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map((name, i) => {
    const absent = (names[i + 1] ?? '') === '';
    return intsOf(attributes[name]) ?? (absent ? 'none' : inputs[i + 1]?.numbers);
  });
  if (a === undefined || starts === undefined || ends === undefined || axes === undefined || steps === undefined)
    return undefined;
  if (starts === 'none' || ends === 'none') return undefined;
  if (steps !== 'none' && steps.includes(0)) return undefined;
  const shape = [...a.shape];
  let { numbers } = a;
  starts.forEach((start, i) => {
    const axis = from(axes === 'none' ? i : axes[i], shape.length);
    const step = steps === 'none' ? 1 : steps[i];
    const length = shape[axis];
    // backwards the first is an element, and the end may lie in front of all
    const lower = step < 0 ? -1 : 0;
    const clamp = (at: number): number => Math.min(length + lower, Math.max(lower, from(at, length)));
    const [first, last] = [Math.max(0, clamp(start)), clamp(ends[i])];
    const count = Math.max(0, Math.ceil((last - first) / step));
    shape[axis] = count;
    numbers = numbers && Array.from({ length: count }, (_, at) => numbers?.[first + at * step] ?? Number.NaN);
  });
  return { shape, numbers };
}

export function splitOf({ attributes, inputs: names, outputs }: Node, [a, b]: Inputs): readonly (Known | undefined)[] {
  if (a === undefined) return [];
  const axis = from(intOf(attributes['axis'], 0), a.shape.length);
  const even = Math.ceil(a.shape[axis] / outputs.length);
  const absent = (names[1] ?? '') === '';
  const parts = intsOf(attributes['split']) ?? (absent ? outputs.map(() => even) : b?.numbers);
  return outputs.map((_, i) => (parts === undefined ? undefined : { shape: a.shape.with(axis, parts[i]) }));
}
