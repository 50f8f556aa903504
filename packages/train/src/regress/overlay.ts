/** @file Jets under the pile-up of other jets, part of it or all: no two epochs see the same collisions together. */
import { JetError, type Jets, type Random, random } from '@jetsdk/jets';
import { type BatchChange, rowReader } from '../data/inputs.js';
import { derivedSeed } from '../seeds.js';
import type { ImageInputs } from './examples.js';

/**
 * What other collisions left in jets.
 *
 * @param jets not modified
 * @param thin of each jet a fraction is kept that is uniform in [0, 1), particle by particle; default: all of it
 * @throws {JetError} BAD_DATASET without vertices
 */
export function pileupOf(jets: Jets, thin?: Random): Jets {
  const { vertex } = jets;
  if (vertex === undefined) throw new JetError('BAD_DATASET', 'pileupOf: jets without vertices; expected them');
  const data = jets.data.slice();
  const [count, slots] = jets.shape;
  for (let jet = 0; jet < count; jet++) {
    const kept = thin?.uniform() ?? 1;
    for (let slot = jet * slots; slot < (jet + 1) * slots; slot++)
      if (vertex[slot] === 0 || (thin !== undefined && thin.uniform() >= kept)) data.fill(0, 4 * slot, 4 * slot + 4);
  }
  return { ...jets, data };
}

/**
 * Exchanges the pile-up of the jets of a batch.
 *
 * @param numbers pixels of the batch, of each input; changed in place
 * @param rows whose they are
 * @param changes what was done to the images, and what is done to the new pile-up
 */
export type ExchangePileup = (
  numbers: readonly Float32Array[],
  rows: Uint32Array,
  changes: { readonly seed: number; readonly own?: BatchChange; readonly other?: BatchChange },
) => Promise<void>;

/**
 * @param names of the inputs in order
 * @param pileup images of pile-up alone, of those inputs that see it: row i is in image i of the input, every row may take its place
 */
export function exchangePileup(names: readonly string[], pileup: ImageInputs): ExchangePileup {
  const readers = names.map((name) => (pileup[name] === undefined ? undefined : rowReader(pileup[name])));
  const count = Object.values(pileup)[0]?.shape[0] ?? 0;
  return async (numbers, rows, { seed, own, other }) => {
    const { integer } = random(derivedSeed(seed, 'draw'));
    const drawn = rows.map(() => integer(count));
    for (const [i, read] of readers.entries()) {
      if (read === undefined) continue;
      const [before, after] = await Promise.all([read(rows, own), read(drawn, other)]);
      const pixels = numbers[i];
      for (let k = 0; k < pixels.length; k++) pixels[k] = Math.max(0, pixels[k] - before[k]) + after[k];
    }
  };
}
