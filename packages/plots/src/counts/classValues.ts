import { checkLength } from '../parts/check.js';
import type { ClassValues } from './binned.js';

/**
 * The values of each class, as the pictures take them.
 *
 * @param labels (n,) index of the class; jets with a label that is no class are left out
 * @param values (n,) not modified
 * @param classes names, index = label
 * @throws {JetError} SHAPE_MISMATCH if lengths differ
 */
export function classValues(
  labels: ArrayLike<number>,
  values: ArrayLike<number>,
  classes: readonly string[],
): ClassValues[] {
  checkLength('classValues', 'values', values.length, labels.length);
  const counts = classes.map(() => 0);
  for (let i = 0; i < labels.length; i++) if (labels[i] in counts) counts[labels[i]]++;
  const parts = counts.map((count) => new Float64Array(count));
  const filled = counts.map(() => 0);
  for (let i = 0; i < labels.length; i++) {
    const part = parts[labels[i]];
    if (part !== undefined) part[filled[labels[i]]++] = values[i];
  }
  return classes.map((name, label) => ({ name, values: parts[label] }));
}
