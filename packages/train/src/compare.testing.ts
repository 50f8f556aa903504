/** @file Comparing float32 results with float64 references. */
import { createHash } from 'node:crypto';
import { type LayerArtifacts, random } from '@jetsdk/jets';
import { expect } from 'vitest';

/** Normal random numbers, as float32. */
export function noise(length: number, seed: number): Float32Array {
  const rng = random(seed);
  return Float32Array.from({ length }, () => rng.normal());
}

/** Float32 sums of a few hundred terms are good to this, on the scale of the sum of their absolute values. */
const RELATIVE = 2e-6;

/**
 * Expects float32 results near a float64 reference.
 *
 * @param scale of the terms that were added up; default: the largest element of the reference
 */
export function expectClose(got: ArrayLike<number>, reference: ArrayLike<number>, scale = largest(reference)): void {
  expect(got.length).toBe(reference.length);
  let worst = 0;
  for (let i = 0; i < reference.length; i++) {
    const difference = Math.abs(got[i] - reference[i]);
    if (!(difference <= worst)) worst = difference;
  }
  expect(worst).toBeLessThanOrEqual(RELATIVE * scale);
}

/** The largest absolute value. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** SHA-256 of all weights, for comparing them bit for bit. */
export function digest({ weights }: Pick<LayerArtifacts, 'weights'>): string {
  const hash = createHash('sha256');
  for (const { data } of weights) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}
