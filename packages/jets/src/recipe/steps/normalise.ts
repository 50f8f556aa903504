import { JetError } from '../../errors.js';
import { finite, listOf, object, oneOf, optional, positive, suchThat } from '../../json.js';
import { listAll, type SparseImage } from '../sparseImage.js';
import type { ImageRule } from './step.js';

/**
 * Scales the pixels of one jet, all channels together: divided by their `max`, `sum` or `l2` norm (an empty image
 * stays empty), or `standardise`: (x − mean) / std with stored arrays of one image, or of one number.
 */
export interface NormaliseStep {
  readonly step: 'normalise';
  readonly by: 'max' | 'sum' | 'l2' | 'standardise';
  /** only with `standardise`: one number, or height × width × channels numbers */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

const isFloat32 = (value: number): boolean => {
  const near = Math.fround(value);
  return Number.isFinite(near) && (near !== 0 || value === 0);
};

export const normalise: ImageRule<NormaliseStep> = {
  on: 'image',
  says: 'divides an image, all channels together, `by` its `max`, `sum` or `l2` norm, or standardises it: (x − `mean`) / `std`, each one number or one per pixel',
  check: suchThat(
    object({
      step: oneOf('normalise'),
      by: oneOf('max', 'sum', 'l2', 'standardise'),
      mean: optional(listOf(suchThat(finite, 'a number that float32 holds', isFloat32), 1)),
      std: optional(listOf(suchThat(positive, 'a number above 0 that float32 holds', isFloat32), 1)),
    }),
    'mean and std with standardise, and only then',
    ({ by, mean, std }) => [mean, std].every((stored) => (stored !== undefined) === (by === 'standardise')),
  ),
  act: scale,
};

/** @throws {JetError} SHAPE_MISMATCH if the stored mean or std has neither one number nor one per pixel */
function scale(image: SparseImage, size: number, step: NormaliseStep): void {
  if (step.by === 'standardise') {
    standardise(image, size, step.mean!, step.std!);
    return;
  }
  const norm = normOf(image, step.by);
  if (norm > 0) divide(image, norm);
}

function normOf({ count, value }: SparseImage, by: 'max' | 'sum' | 'l2'): number {
  let norm = 0;
  if (by === 'max') {
    for (let i = 0; i < count; i++) if (value[i] > norm) norm = value[i];
  } else if (by === 'sum') for (let i = 0; i < count; i++) norm += value[i];
  else for (let i = 0; i < count; i++) norm += value[i] * value[i];
  return by === 'l2' ? Math.sqrt(norm) : norm;
}

function divide({ count, value }: SparseImage, by: number): void {
  for (let i = 0; i < count; i++) value[i] = value[i] / by;
}

function standardise(image: SparseImage, size: number, mean: readonly number[], std: readonly number[]): void {
  for (const [what, values] of Object.entries({ mean, std }))
    if (values.length !== 1 && values.length !== size)
      throw new JetError(
        'SHAPE_MISMATCH',
        `normalise: ${values.length} numbers in ${what}, ${size} pixels in an image; expected 1 or ${size}`,
        { [what]: values.length, pixels: size },
      );
  if (mean.length === 1 && std.length === 1 && mean[0] === 0) {
    divide(image, std[0]);
    return;
  }
  listAll(image, size);
  const { value } = image;
  for (let i = 0; i < size; i++) {
    const m = mean[mean.length === 1 ? 0 : i];
    const s = std[std.length === 1 ? 0 : i];
    value[i] = (value[i] - m) / s;
  }
}
