/** @file Operators that bring several arrays together. */
import type { Node } from '../model.js';
import type { Inputs, Known } from './known.js';

export function binary(
  one: (a: number, b: number) => number,
  a: Known | undefined,
  b: Known | undefined,
): Known | undefined {
  if (a === undefined || b === undefined) return undefined;
  const shape = broadcast(a.shape, b.shape);
  const [left, right] = [a.numbers, b.numbers];
  if (left === undefined || right === undefined) return { shape };
  if (left.length !== right.length && left.length !== 1 && right.length !== 1) return { shape };
  const length = Math.max(left.length, right.length);
  const at = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i];
  return { shape, numbers: Array.from({ length }, (_, i) => one(at(left, i), at(right, i))) };
}

export function broadcastAll(inputs: Inputs): readonly number[] | undefined {
  const shapes = inputs.map((input) => input?.shape);
  if (shapes.length === 0 || !shapes.every((shape) => shape !== undefined)) return undefined;
  return shapes.reduce(broadcast, []);
}

export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1),
  );
}

export function product(a: Known | undefined, b: Known | undefined): Known | undefined {
  const [left, right] = [a?.shape, b?.shape];
  if (left === undefined || right === undefined || left.length === 0 || right.length === 0) return undefined;
  const outer = broadcast(left.slice(0, -2), right.slice(0, -2));
  const [rows, columns] = [left.slice(-2, -1), right.length > 1 ? right.slice(-1) : []];
  return { shape: [...outer, ...rows, ...columns] };
}

/** Lengths by the letters of `ij,jk->ik`, and those of the output; undefined where some are left open. */
export function lettersOf(
  { equation }: Node['attributes'],
  inputs: Inputs,
): { readonly lengths: ReadonlyMap<string, number>; readonly output: string } | undefined {
  if (equation?.type !== 'string' || equation.value.includes('.') || !equation.value.includes('->')) return undefined;
  const [given = '', output = ''] = equation.value.replaceAll(' ', '').split('->');
  const lengths = new Map<string, number>();
  for (const [i, letters] of given.split(',').entries())
    for (const [axis, letter] of [...letters].entries())
      lengths.set(letter, Math.max(lengths.get(letter) ?? 0, inputs[i]?.shape[axis] ?? Number.NaN));
  return { lengths, output };
}
