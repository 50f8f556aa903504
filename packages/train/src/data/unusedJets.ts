import { type CardTraining, columnOf, JetError, type JetSource } from '@jetsdk/jets';
import { drawJets } from './drawJets.js';
import { rowNumbers } from './inputs.js';
import { splitJets } from './split.js';
import { PARTS } from './trainingData.js';

/**
 * The jets of a file that are apart from a training on it: nothing was learned from them, and they did not choose the epoch.
 * Of a split those that it set apart, without one those that were not drawn; in either case those outside the rows taken.
 *
 * @param source all jets of the file
 * @param training what card or run say of it
 * @returns their numbers in the file, rising
 * @throws {JetError} BAD_DATASET if the split cannot be made again: the file has no labels, or no column of that name;
 *   OUT_OF_RANGE if there are fewer jets than were drawn
 */
export async function unusedJets(
  source: JetSource,
  { rows, split, drawSeed, trainJets }: Pick<CardTraining, 'rows' | 'split' | 'drawSeed' | 'trainJets'>,
): Promise<Uint32Array> {
  const [first = 0, stop = source.count] = rows ?? [];
  const unused = new Uint8Array(source.count).fill(1).fill(0, first, stop);
  if (split === undefined && drawSeed !== undefined) {
    unused.fill(1);
    for (const jet of drawJets(rowNumbers(first, stop), trainJets, drawSeed, source.name)) unused[jet] = 0;
  } else if (split !== undefined && 'column' in split) {
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
  return rowNumbers(0, source.count).filter((jet) => unused[jet] === 1);
}
