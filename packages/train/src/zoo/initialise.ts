/** @file Seeded initial weights. */
import { initializers } from '@tensorflow/tfjs-layers';
import { derivedSeed } from '../seeds.js';

type Initializer = ReturnType<typeof initializers.glorotUniform>;

/** One kernel initialiser after the other, each with its own seed drawn from `seed`. */
export function glorotUniforms(seed: number): () => Initializer {
  let layer = 0;
  return () => initializers.glorotUniform({ seed: derivedSeed(seed, 'initialise', layer++) });
}
