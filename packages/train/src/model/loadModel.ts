/** @file Trained models of every kind of file, as plain data. */
import { readdir, stat } from 'node:fs/promises';
import { isJetError, JetError, type LayerArtifacts, quoted } from '@jetsdk/jets';
import { isObject, parseJson } from '@jetsdk/jets/json';
import { type LayersModel, models } from '@tensorflow/tfjs-layers';
import type { Json } from '../keras/dialect.js';
import { modelIn, readableModel } from '../keras/kerasJson.js';
import { registerLayers } from '../layers/index.js';
import { artifactsOf } from './artifacts.js';
import { assignWeights } from './kerasWeights.js';
import { readLayersModel } from './layersModel.js';
import { isAddress, readModelBytes, startOf } from './modelBytes.js';
import { type KerasFile, openKerasArchive, openKerasHdf5 } from './savedModel.js';

export interface LoadLayersModelOptions {
  /** file of the architecture, as `model.to_json()` writes it, where the model is weights alone */
  readonly architecture?: string;
}

/** What a file of a model is. */
export type ModelFileKind =
  | 'keras-archive'
  | 'keras-hdf5'
  | 'keras-weights'
  | 'architecture'
  | 'layers-model'
  | 'graph-model';

/** A file that holds a model or a part of it, not built yet. */
type ModelFile = KerasFile | { readonly kind: 'architecture' | 'layers-model' | 'graph-model'; readonly json: Json };

const HDF5 = [0x89, 0x48, 0x44, 0x46];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/**
 * Reads a trained model: a whole model that Keras 2 or 3 saved (`.keras`, `.h5`), weights with their architecture, or a
 * TensorFlow.js layers model (`model.json`), ours or a foreign one. A backend must have been selected.
 *
 * @param path a file, or an address (`https://…`)
 * @throws {JetError} FILE_NOT_FOUND; REMOTE; BAD_FILE if it is damaged or no model; UNSUPPORTED, naming what stands in the
 *   way, for layers and versions that are not known; BAD_MODEL, SHAPE_MISMATCH if architecture and weights do not fit;
 *   LIMIT_EXCEEDED
 */
export async function loadLayersModel(
  path: string,
  { architecture }: LoadLayersModelOptions = {},
): Promise<LayerArtifacts> {
  const file = await openModelFile(path);
  if ('json' in file) {
    if (file.kind !== 'layers-model') throw noModel(path, file.kind);
    if (architecture !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${path}: got an architecture beside, ${architecture}; expected one for weights of Keras alone; leave it out`,
      );
    return readLayersModel(path, file.json);
  }
  try {
    const model = file.model ?? (await architectureOf(path, architecture));
    if (file.model !== undefined && architecture !== undefined)
      throw new JetError('BAD_ARGUMENT', `${path}: holds its architecture; expected none beside; leave it out`);
    const built = await buildModel(model, path, file.model && file.version);
    try {
      assignWeights(built, await file.weights(model), path);
      return await artifactsOf(built);
    } finally {
      built.dispose();
    }
  } finally {
    file.close();
  }
}

function noModel(path: string, kind: 'architecture' | 'graph-model'): JetError {
  return new JetError(
    'UNSUPPORTED',
    kind === 'graph-model'
      ? `${path}: a TensorFlow.js graph model, whose operators are no layers; expected a layers model; convert the network again with --output_format=tfjs_layers_model, or to ONNX with tf2onnx`
      : `${path}: an architecture without weights; expected a trained model; name its weights, and this file as their architecture`,
    { path },
  );
}

/**
 * The architecture of a model that Keras saved.
 *
 * @throws {JetError} as `loadLayersModel`; BAD_FILE if it holds weights alone
 */
export async function savedArchitecture(path: string): Promise<{ readonly model: Json; readonly version?: string }> {
  const file = await openModelFile(path);
  if ('json' in file)
    throw new JetError('BAD_FILE', `${path}: a JSON file; expected a model that Keras saved`, { path });
  file.close();
  const { model, version } = file;
  if (model === undefined)
    throw new JetError(
      'BAD_FILE',
      `${path}: weights of Keras without their architecture; expected a whole model; train the .json that model.to_json() wrote`,
      { path },
    );
  return { model, ...(version !== undefined && { version }) };
}

/** @returns the architecture that belongs to weights */
async function architectureOf(path: string, architecture: string | undefined): Promise<Json> {
  if (architecture === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `${path}: weights of Keras without their architecture; expected the file that model.to_json() wrote; name it with the option architecture`,
      { path },
    );
  const json = parseJson(await readModelBytes(architecture), architecture);
  const model = modelIn(json);
  if (model === undefined)
    throw new JetError(
      'BAD_FILE',
      `${architecture}: got ${quoted(json)}; expected an architecture as model.to_json() writes it`,
      { path: architecture },
    );
  // what is around it tells the version
  return isObject(json) && typeof json['keras_version'] === 'string'
    ? { ...model, keras_version: json['keras_version'] }
    : model;
}

/** @throws {JetError} as `readableModel`; BAD_MODEL if it cannot be built */
async function buildModel(model: Json, path: string, version: string | undefined): Promise<LayersModel> {
  registerLayers();
  const topology = readableModel(model, path, version);
  try {
    return await models.modelFromJSON({ modelTopology: topology as never });
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new JetError('BAD_MODEL', `${path}: cannot be built: ${reason}`, { path }, { cause });
  }
}

/** @throws {JetError} FILE_NOT_FOUND; BAD_FILE, UNSUPPORTED for what is no model of layers */
export async function openModelFile(path: string): Promise<ModelFile> {
  if (!isAddress(path)) await refuseFolder(path);
  const fetched = isAddress(path) ? await readModelBytes(path) : undefined;
  const start = fetched ?? (await startOf(path, HDF5.length));
  const begins = (magic: readonly number[]): boolean => magic.every((byte, i) => start[i] === byte);
  if (begins(HDF5)) return openKerasHdf5(path, fetched ? new File([fetched], path) : path);
  const bytes = fetched ?? (await readModelBytes(path));
  if (begins(ZIP)) return openKerasArchive(path, bytes);
  const json = parseJson(bytes, path);
  const topology = isObject(json) ? json['modelTopology'] : undefined;
  if (isObject(json) && (json['format'] === 'graph-model' || (isObject(topology) && 'node' in topology)))
    return { kind: 'graph-model', json };
  if (isObject(json) && ('modelTopology' in json || 'weightsManifest' in json)) return { kind: 'layers-model', json };
  if (isObject(json) && modelIn(json) !== undefined) return { kind: 'architecture', json };
  throw new JetError(
    'BAD_FILE',
    `${path}: got ${quoted(json)}; expected the model.json of a TensorFlow.js layers model, or a file of Keras`,
    { path },
  );
}

async function refuseFolder(path: string): Promise<void> {
  const folder = await stat(path).catch(() => undefined);
  if (!folder?.isDirectory()) return;
  const members = await readdir(path);
  throw members.includes('saved_model.pb')
    ? new JetError(
        'UNSUPPORTED',
        `${path}: a SavedModel of TensorFlow, whose operators are no layers; expected a file of Keras; load it in Keras 2 and save it as .keras, or make ONNX of it with tf2onnx`,
        { path },
      )
    : new JetError('BAD_FILE', `${path}: a folder; expected the file of a model, such as model.json or model.keras`, {
        path,
      });
}
