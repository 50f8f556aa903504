import { normaliseImages, random, sizeOf, type Tensor } from '@jetsdk/jets';
import { calibrationImages } from './calibrationImages.js';

/**
 * Inputs to certify a network on of which nothing is known: sparse images with pixels up to 1, as most networks take
 * them, or normal numbers.
 *
 * @param shape of one example
 * @param below whole numbers from 0 up to this, not included: what an Embedding takes
 * @param seed other ones give other inputs
 * @returns (count, …shape), the same each time
 */
export function madeUpInputs(shape: readonly number[], count: number, below?: number, seed = 1): Tensor {
  if (below !== undefined) {
    const { integer } = random(seed);
    return {
      shape: [count, ...shape],
      data: Float32Array.from({ length: count * sizeOf(shape) }, () => integer(below)),
    };
  }
  const [height, width, channels] = shape;
  if (height !== undefined && width !== undefined && channels !== undefined && shape.length === 3)
    return normaliseImages(
      { format: 'jetsdk-recipe/1', name: 'up to 1', steps: [{ step: 'normalise', by: 'max' }] },
      calibrationImages({ shape: [height, width, channels], count, seed: seed - 1 }),
    );
  const { normal } = random(seed);
  return { shape: [count, ...shape], data: Float32Array.from({ length: count * sizeOf(shape) }, normal) };
}
