import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isJetError, JetError } from '@jetsdk/jets';
import { MODELS } from './bundled.js';

/** Whether it is called like a file of TensorFlow.js or Keras, or is the address of one. */
export const isTrainedModel = (path: string): boolean => /\.(json|keras|h5|hdf5)([?#].*)?$/i.test(path);

/** The path of an ONNX file: as given, or that of a reference model of this name. */
export async function modelPath(model: string): Promise<string> {
  if (/^[\w-]+$/.test(model)) {
    const path = join(MODELS, model, 'model.onnx');
    if (await stat(path).catch(() => undefined)) return path;
  }
  return model;
}

/**
 * The model as one file, also where its weights lie beside it.
 *
 * @throws {JetError} FILE_NOT_FOUND, BAD_MODEL
 */
export async function readModel(model: string): Promise<Uint8Array> {
  const { readModel: readWhole } = await import('@jetsdk/infer');
  const path = await modelPath(model);
  try {
    return await readWhole(path);
  } catch (cause) {
    if (!isJetError(cause, 'FILE_NOT_FOUND')) throw cause;
    throw new JetError(
      'FILE_NOT_FOUND',
      `${model}: no such file, and no reference model of that name; \`jetsdk models\` lists them`,
      { model },
      { cause },
    );
  }
}
