import type { Attribute, Node } from '../model.js';
import type { Known } from './known.js';

export const intOf = (attribute: Attribute | undefined, otherwise: number): number =>
  attribute?.type === 'int' ? attribute.value : otherwise;

export const intsOf = (attribute: Attribute | undefined): readonly number[] | undefined =>
  attribute?.type === 'ints' ? attribute.value : undefined;

/** Axes may be counted from the end. */
export const from = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Of an attribute or, since operator set 13, of an input; `none` where neither is there. */
export function axesOf(
  attributes: Node['attributes'],
  input: Known | undefined,
  name: string | undefined,
): readonly number[] | 'none' | undefined {
  const given = intsOf(attributes['axes']);
  if (given !== undefined) return given;
  return name === undefined || name === '' ? 'none' : input?.numbers;
}

export type Axes = ReturnType<typeof axesOf>;
