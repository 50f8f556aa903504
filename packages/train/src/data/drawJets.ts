import { JetError, random } from '@jetsdk/jets';
import { derivedSeed } from '../seeds.js';

/**
 * So many of some jets, at random; of more of them, drawn by the same seed, the first ones.
 *
 * @param jets numbers; not modified
 * @param seed an integer in [0, 2³²)
 * @param name of the jets, for messages
 * @throws {JetError} OUT_OF_RANGE if there are not as many
 */
export function drawJets(jets: Uint32Array, count: number, seed: number, name: string): Uint32Array {
  if (count > jets.length)
    throw new JetError(
      'OUT_OF_RANGE',
      `${name}: ${count} jets to learn from; expected at most ${jets.length}, which there are; ask for fewer (--train-jets)`,
      { count, jets: jets.length },
    );
  return random(derivedSeed(seed, 'draw')).shuffle(jets.slice()).subarray(0, count);
}
