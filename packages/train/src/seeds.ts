/** @file Seeds made from seeds. */
import { random } from '@jetsdk/jets';

/** What a derived seed is for; each has its own stream. */
export type SeedPurpose = 'initialise' | 'shuffle' | 'dropout' | 'augment' | 'split' | 'noise' | 'draw' | 'flip';

const PURPOSES: readonly SeedPurpose[] = [
  'initialise',
  'shuffle',
  'dropout',
  'augment',
  'split',
  'noise',
  'draw',
  'flip',
];

/**
 * The seed of the `index`-th stream for one purpose.
 *
 * @param seed an integer in [0, 2³²)
 * @param index an integer in [0, 2³²), such as the epoch
 * @returns an integer in [0, 2³²)
 */
export function derivedSeed(seed: number, purpose: SeedPurpose, index = 0): number {
  const mixed = random((random(seed).uint32() + PURPOSES.indexOf(purpose)) >>> 0).uint32();
  return random((mixed + index) >>> 0).uint32();
}
