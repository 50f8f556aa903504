import { type CardTraining, columnOf, JetError, type JetSource } from '@jetsdk/jets';
import { splitJets } from './split.js';
import { PARTS } from './trainingData.js';

/**
 * The jets of a file that took no part in a training on it: nothing was learned from them, and they did not choose the epoch.
 *
 * @param source all jets of the file
 * @param training what card or run say of it
 * @returns their numbers in the file, rising
 * @throws {JetError} BAD_DATASET if the split cannot be made again: the file has no labels, or no column of that name
 */
export async function unusedJets(
  source: JetSource,
  { rows, split }: Pick<CardTraining, 'rows' | 'split'>,
): Promise<Uint32Array> {
  const [first = 0, stop = source.count] = rows ?? [];
  const unused = new Uint8Array(source.count).fill(1).fill(0, first, stop);
  if (split !== undefined && 'column' in split) {
    const parts = await columnOf(source, split.column);
    for (let jet = first; jet < stop; jet++) unused[jet] = parts[jet] === PARTS.test ? 1 : 0;
  } else if (split !== undefined) {
    const labels = await source.labels();
    if (labels === undefined)
      throw new JetError(
        'BAD_DATASET',
        `${source.name}: no labels, which its random split was made with; expected the file of the training`,
      );
    for (const jet of splitJets(labels.subarray(first, stop), split).test) unused[first + jet] = 1;
  }
  return Uint32Array.from({ length: source.count }, (_, jet) => jet).filter((jet) => unused[jet] === 1);
}
