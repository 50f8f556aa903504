/** @file Seeded initial weights. */
import { initializers } from '@tensorflow/tfjs-layers';
import { selectedBackend } from '../backend/backend.js';
import { derivedSeed } from '../seeds.js';

type Initializer = ReturnType<typeof initializers.glorotUniform>;

/**
 * One kernel initialiser after the other, each with its own seed drawn from `seed`.
 *
 * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected
 */
export function glorotUniforms(seed: number): () => Initializer {
  selectedBackend();
  let layer = 0;
  return () => initializers.glorotUniform({ seed: derivedSeed(seed, 'initialise', layer++) });
}
