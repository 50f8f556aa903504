// The range of the jets that a model was trained on, as its network sees them.
import { join } from 'node:path';
import { inputForm, inputRange, inputSource, joinRanges, whereSource } from '@jetsdk/jets';
import { openAllJets } from '@jetsdk/jets/files';
import { PARTS } from '@jetsdk/train';

const SLICE = 1000;

/** Where the jets that a model was trained on lie below `folder`. */
export const trainingFiles = ({ training }, folder) =>
  (training.files?.map(({ name }) => name) ?? [training.dataset]).map((name) => join(folder, name));

/** @param card of a model that was trained on whole files, or on what a column says, below `folder` */
export async function trainedRange(card, folder) {
  const { training, input, recipe } = card;
  const file = await openAllJets(trainingFiles(card, folder));
  const { column } = training.split ?? {};
  const jets = column === undefined ? file : await whereSource(file, { column, equals: PARTS.train });
  const source = await inputSource(jets, inputForm(input.shape, recipe));
  let range;
  for (let start = 0; start < source.count; start += SLICE)
    range = joinRanges(range, inputRange(await source.read(start, Math.min(source.count, start + SLICE))));
  source.close();
  return range;
}
