// The range of the jets that a model was trained on, as its network sees them.
import { join } from 'node:path';
import { inputForm, inputRange, inputSource, joinRanges, whereSource } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { PARTS } from '@jetsdk/train';

const SLICE = 1000;

/** @param card of a model that was trained on a whole file, or on what a column says, below `folder` */
export async function trainedRange({ training, input, recipe }, folder) {
  const file = await openJets(join(folder, training.dataset));
  const { column } = training.split ?? {};
  const jets = column === undefined ? file : await whereSource(file, { column, equals: PARTS.train });
  const source = await inputSource(jets, inputForm(input.shape, recipe));
  let range;
  for (let start = 0; start < source.count; start += SLICE)
    range = joinRanges(range, inputRange(await source.read(start, Math.min(source.count, start + SLICE))));
  source.close();
  return range;
}
