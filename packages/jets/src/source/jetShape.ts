/** @file What jets an array holds, told from its shape. */
import { JetError } from '../errors.js';

/** What jets an array of this shape holds: rank 3 with a last axis of 4 is constituents, rank 3 or 4 images. */
export function kindOfShape(shape: readonly number[], name: string): 'constituents' | 'images' {
  if (shape.length === 3 && shape[2] === 4) return 'constituents';
  if (shape.length === 3 || shape.length === 4) return 'images';
  throw new JetError(
    'BAD_DATASET',
    `${name}: no jets, shape (${shape.join(', ')}); expected images (n, height, width[, channels]) or constituents (n, m, 4)`,
    { shape },
  );
}

/** The shape of one jet. */
export function jetShapeOf(kind: 'constituents' | 'images', shape: readonly number[], name: string): readonly number[] {
  return kind === 'images' ? imageShape(name, shape) : shape.slice(1);
}

/**
 * The shape of one jet in a dataset of images, channels last.
 *
 * @throws {JetError} UNSUPPORTED if the channels come first
 */
export function imageShape(name: string, shape: readonly number[]): readonly number[] {
  const [, height, width, channels = 1] = shape;
  if (shape.length === 4 && height <= 4 && channels > 4)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: shape (${shape.join(', ')}) looks like channels first; expected (jets, height, width, channels); transpose it`,
      { shape },
    );
  return [height, width, channels];
}
