/** @file Jets of a file as the inputs of a network. */
import {
  counted,
  type InputForm,
  inputSource,
  JetError,
  type JetSource,
  type LabelledInputs,
  readLabelledInputs,
  type Where,
  whereSource,
} from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { progress } from './terminal.js';

/**
 * Reads labelled jets of a file, with a progress bar.
 *
 * @param label of the bar
 * @throws {JetError} as `openJets` and `readLabelledInputs`
 */
export async function readLabelledFile(
  path: string,
  form: InputForm | undefined,
  label: string,
): Promise<LabelledInputs> {
  const file = await openJets(path);
  const bar = progress(label, file.count, 'jets');
  try {
    return await readLabelledInputs(file, form, { onProgress: ({ done }) => bar.update(done) });
  } finally {
    bar.stop();
    file.close();
  }
}

/**
 * Opens labelled jets of a file, whose inputs are made when they are read.
 *
 * @param where which jets; default: all
 * @throws {JetError} as `openJets`, `whereSource` and `inputSource`; BAD_DATASET without labels
 */
export async function openLabelledFile(
  path: string,
  form: InputForm | undefined,
  where?: Where,
): Promise<{
  readonly inputs: JetSource;
  readonly labels: Uint8Array;
  readonly classes: readonly string[] | undefined;
}> {
  const file = await openJets(path);
  try {
    const source = where === undefined ? file : await whereSource(file, where);
    const labels = await source.labels();
    if (labels === undefined)
      throw new JetError(
        'BAD_DATASET',
        `${path}: got ${counted(source.count, 'jet')} without labels; expected labelled jets`,
        {
          path,
        },
      );
    return { inputs: await inputSource(source, form), labels, classes: file.classes };
  } catch (error) {
    file.close();
    throw error;
  }
}
