/** @file Jets of a file as the inputs of a network, with a progress bar. */
import { type InputForm, type LabelledInputs, readLabelledInputs, type Where, whereSource } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { progress } from './terminal.js';

/**
 * Reads labelled jets of a file.
 *
 * @param label of the bar
 * @throws {JetError} as `openJets` and `readLabelledInputs`
 */
export async function readLabelledFile(
  path: string,
  form: InputForm | undefined,
  label: string,
  where?: Where,
): Promise<LabelledInputs> {
  const file = await openJets(path);
  const bar = progress(label, file.count, 'jets');
  try {
    const source = where === undefined ? file : await whereSource(file, where);
    return await readLabelledInputs(source, form, { onProgress: ({ done }) => bar.update(done) });
  } finally {
    bar.stop();
    file.close();
  }
}
