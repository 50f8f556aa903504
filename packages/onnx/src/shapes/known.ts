/** @file What is known of a value: its shape, and short lists of whole numbers that become shapes. Lengths that are open count as one. */
import { sizeOf } from '@jetsdk/jets';
import { floatsOf, int64sOf } from '../initializer.js';
import type { Initializer, ValueInfo } from '../model.js';

/** Numbers of a constant that are followed: shapes are short. */
export const MOST_FOLLOWED = 64;

/** What is known of a value. */
export interface Known {
  readonly shape: readonly number[];
  /** of whole numbers, and of flags as 0 and 1 */
  readonly numbers?: readonly number[] | undefined;
}

/** Of a node, by its place; undefined where nothing is known, or nothing is given. */
export type Inputs = readonly (Known | undefined)[];

/** Undefined where the rank is open. */
export function ofInput({ shape }: ValueInfo): Known | undefined {
  return shape && { shape: shape.map((length) => (typeof length === 'number' ? length : 1)) };
}

/** Numbers of lists and single numbers: shapes are no tables. */
export function ofConstant(one: Initializer): Known {
  const short = one.external === undefined && one.dims.length < 2 && sizeOf(one.dims) <= MOST_FOLLOWED;
  return { shape: one.dims, numbers: short ? numbersOf(one) : undefined };
}

function numbersOf(one: Initializer): readonly number[] | undefined {
  switch (one.type) {
    case 'int64':
      return int64sOf(one);
    case 'int32':
      return int32sOf(one);
    case 'float32':
      return [...floatsOf(one)];
    case 'bool':
      return [...one.data];
    default:
      return undefined;
  }
}

function int32sOf({ data }: Initializer): number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true));
}
