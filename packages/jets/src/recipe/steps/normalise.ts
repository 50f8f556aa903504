import { JetError } from '../../errors.js';
import { finite, listOf, object, oneOf, optional, positive, suchThat } from '../../json.js';
import { type Touched, touchAll } from '../touched.js';
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
function scale(image: Float32Array, from: number, size: number, step: NormaliseStep, touched: Touched): void {
  if (step.by === 'standardise') {
    standardise(image, from, size, step.mean!, step.std!, touched);
    return;
  }
  const norm = normOf(image, from, step.by, touched);
  if (!(norm > 0)) return;
  const { count, pixel } = touched;
  for (let i = 0; i < count; i++) {
    const at = from + pixel[i];
    image[at] = image[at] / norm;
  }
}

function normOf(image: Float32Array, from: number, by: NormaliseStep['by'], { count, pixel }: Touched): number {
  let norm = 0;
  if (by === 'max')
    for (let i = 0; i < count; i++) {
      const value = image[from + pixel[i]];
      if (value > norm) norm = value;
    }
  else if (by === 'sum') for (let i = 0; i < count; i++) norm += image[from + pixel[i]];
  else for (let i = 0; i < count; i++) norm += image[from + pixel[i]] * image[from + pixel[i]];
  return by === 'l2' ? Math.sqrt(norm) : norm;
}

function standardise(
  image: Float32Array,
  from: number,
  size: number,
  mean: readonly number[],
  std: readonly number[],
  touched: Touched,
): void {
  for (const [what, values] of Object.entries({ mean, std }))
    if (values.length !== 1 && values.length !== size)
      throw new JetError(
        'SHAPE_MISMATCH',
        `normalise: ${values.length} numbers in ${what}, ${size} pixels in an image; expected 1 or ${size}`,
        { [what]: values.length, pixels: size },
      );
  if (mean.length === 1 && std.length === 1 && mean[0] === 0) {
    const { count, pixel } = touched;
    for (let i = 0; i < count; i++) {
      const at = from + pixel[i];
      image[at] = image[at] / std[0];
    }
    return;
  }
  touchAll(touched);
  for (let i = 0; i < size; i++) {
    const m = mean[mean.length === 1 ? 0 : i];
    const s = std[std.length === 1 ? 0 : i];
    image[from + i] = (image[from + i] - m) / s;
  }
}
