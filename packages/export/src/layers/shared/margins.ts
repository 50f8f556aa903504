/** @file Pixels added or cut off around an image. */
import type { LayerConfig } from './config.js';

/** Pixels at the beginning and the end of height and width. */
export type Margins = readonly (readonly [begin: number, end: number])[];

/** `[[top, bottom], [left, right]]`, as tfjs writes it. */
export function margins(config: LayerConfig, key: string): Margins {
  const value = config.value(key);
  const good =
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0));
  if (!good) throw config.refuse(key, '[[top, bottom], [left, right]] in pixels');
  return value;
}
