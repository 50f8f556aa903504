import type { LayersModel } from '@tensorflow/tfjs-layers';
import { selectedBackend } from '../backend/backend.js';
import { seededLayers } from '../networks/layers.js';
import { derivedSeed } from '../seeds.js';
import type { Gan } from './gan.js';

/**
 * Makes both networks with fresh weights, on the selected backend; dispose of them after use.
 *
 * @param seed an integer in [0, 2³²); the same seed gives the same weights
 * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected
 */
export function buildGan(
  gan: Gan,
  seed: number,
): { readonly generator: LayersModel; readonly discriminator: LayersModel } {
  selectedBackend();
  const [own, other] = [0, 1].map((index) => seededLayers(derivedSeed(seed, 'initialise', index)));
  return { generator: gan.generator(own), discriminator: gan.discriminator(other) };
}
