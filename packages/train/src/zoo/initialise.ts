/** @file Seeded initial weights. */
import { JetError } from '@jetsdk/jets';
import { getBackend } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { derivedSeed } from '../seeds.js';

type Initializer = ReturnType<typeof initializers.glorotUniform>;

/**
 * One kernel initialiser after the other, each with its own seed drawn from `seed`.
 *
 * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected
 */
export function glorotUniforms(seed: number): () => Initializer {
  if (getBackend() === undefined)
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      'zoo: no backend is selected; call selectBackend before building a network',
    );
  let layer = 0;
  return () => initializers.glorotUniform({ seed: derivedSeed(seed, 'initialise', layer++) });
}
