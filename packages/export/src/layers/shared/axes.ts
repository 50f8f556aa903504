/** @file Axes of one example, as configurations count them: with the batch, negative ones from the end. */
import type { LayerConfig } from './config.js';

/** A list of axes, or one; none of them the batch. */
export function axesOf(config: LayerConfig, key: string, fallback: number): readonly number[] {
  const value = config.value(key) ?? fallback;
  const axes: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!axes.every((axis) => Number.isInteger(axis) && axis !== 0))
    throw config.refuse(key, 'an axis, or a list of axes, none of them the batch');
  return axes.map(Number);
}

/** As axes of one example, rising; outside of the shape where it has no such axis. */
export const exampleAxes = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => (axis < 0 ? axis + rank : axis - 1)).sort((a, b) => a - b);
