/** @file The standard TensorFlow.js layers-model files: `model.json` and the weight files it names. */
import { dirname, isAbsolute, join, posix } from 'node:path';
import { isJetError, JetError, type LayerArtifacts, quoted, SDK_VERSION, shortText, sizeOf } from '@jetsdk/jets';
import { requireOwnFile, writeFileAtomically } from '@jetsdk/jets/files';
import { isObject } from '@jetsdk/jets/json';
import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel as loadModel, models } from '@tensorflow/tfjs-layers';
import type { Json } from '../keras/dialect.js';
import { dialectOf, readableModel } from '../keras/kerasJson.js';
import { registerLayers } from '../layers/index.js';
import { artifactsOf, packWeights } from './artifacts.js';
import { assignByName, type StoredWeight } from './kerasWeights.js';
import { isAddress, MAX_MODEL_BYTES, readModelBytes } from './modelBytes.js';

/** Writes `model.json` and `weights.bin` into a folder, each whole or not at all. */
export async function writeLayersModel(folder: string, artifacts: LayerArtifacts): Promise<void> {
  const { specs } = packWeights(artifacts.weights);
  const description = {
    format: 'layers-model',
    generatedBy: `Jet SDK ${SDK_VERSION}`,
    convertedBy: null,
    modelTopology: artifacts.topology,
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
  };
  await writeWeights(folder, artifacts.weights);
  await writeFileAtomically(join(folder, 'model.json'), `${JSON.stringify(description, null, 1)}\n`);
}

/** Replaces the weights of a model that `writeLayersModel` wrote. */
export async function writeWeights(folder: string, weights: LayerArtifacts['weights']): Promise<void> {
  await writeFileAtomically(join(folder, 'weights.bin'), new Uint8Array(packWeights(weights).data.buffer));
}

/**
 * Reads a TensorFlow.js layers model, ours or a foreign one; a backend must have been selected.
 *
 * @param path its `model.json`, or the address of one
 * @param json what is in it
 * @throws {JetError} BAD_FILE if it is no layers model, or a weight file has another size than the manifest says or lies
 *   outside the folder; FILE_NOT_FOUND, REMOTE if one is missing; UNSUPPORTED for what is not known of Keras; BAD_MODEL if
 *   topology and weights do not fit together; LIMIT_EXCEEDED
 */
export async function readLayersModel(path: string, json: Json): Promise<LayerArtifacts> {
  const { modelTopology, weightsManifest } = parseDescription(path, json);
  const buffers: Uint8Array[] = [];
  const specs: io.WeightsManifestEntry[] = [];
  requireBudget(path, weightsManifest);
  for (const group of weightsManifest) {
    const expected = group.weights.reduce((sum, spec) => sum + bytesOf(path, spec), 0);
    buffers.push(...(await readGroup(path, group.paths, expected)));
    specs.push(...group.weights);
  }
  registerLayers();
  const weightData = new Uint8Array(Buffer.concat(buffers)).buffer;
  const dialect = dialectOf(json, path);
  try {
    const model =
      dialect === undefined
        ? await loadModel(io.fromMemory({ modelTopology, weightSpecs: specs, weightData }))
        : await models.modelFromJSON({ modelTopology: readableModel(json, path) as never });
    try {
      if (dialect !== undefined) assignByName(model, decoded(specs, weightData), path);
      return await artifactsOf(model);
    } finally {
      model.dispose();
    }
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    throw new JetError('BAD_MODEL', `${path}: ${cause instanceof Error ? cause.message : cause}`, { path }, { cause });
  }
}

/**
 * The files of a group of weights, one after the other: no more is read than the weights take.
 *
 * @throws {JetError} as `readLayersModel`
 */
async function readGroup(path: string, files: readonly string[], expected: number): Promise<Uint8Array[]> {
  const wrong = (bytes: string): JetError =>
    new JetError('BAD_FILE', `${path}: ${shortText(files.join(', '))} hold ${bytes} bytes; expected ${expected}`, {
      bytes,
      expected,
    });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (const file of files) {
    const place = weightFile(path, file);
    if (!isAddress(path)) await requireOwnFile(path, place);
    try {
      const part = await readModelBytes(place, expected - bytes);
      bytes += part.length;
      parts.push(part);
    } catch (cause) {
      throw isJetError(cause, 'LIMIT_EXCEEDED') ? wrong(`more than ${expected}`) : cause;
    }
  }
  if (bytes !== expected) throw wrong(String(bytes));
  return parts;
}

/** Weights as float32, also where they are stored more coarsely. */
function decoded(specs: io.WeightsManifestEntry[], data: ArrayBuffer): StoredWeight[] {
  const tensors = io.decodeWeights(data, specs);
  return Object.entries(tensors).map(([name, tensor]) => {
    const weight = { name, shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) };
    tensor.dispose();
    return weight;
  });
}

interface Description {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: string[]; readonly weights: io.WeightsManifestEntry[] }[];
}

function parseDescription(path: string, { modelTopology, weightsManifest }: Json): Description {
  const fail = (reason: string): never => {
    throw new JetError('BAD_FILE', `${path}: ${reason}; expected the model.json of a TensorFlow.js layers model`, {
      path,
    });
  };
  if (!isObject(modelTopology)) return fail('no modelTopology');
  if (!Array.isArray(weightsManifest)) return fail('no weightsManifest');
  const groups = weightsManifest as Description['weightsManifest'];
  for (const group of groups)
    if (!isArrayOf(group?.paths, 'string') || !isArrayOf(group?.weights, 'object'))
      return fail('a bad weightsManifest');
  return { modelTopology, weightsManifest: groups };
}

/** @throws {JetError} LIMIT_EXCEEDED before anything of that size is read; BAD_FILE for shapes and types that are none */
function requireBudget(path: string, groups: Description['weightsManifest']): void {
  const specs = groups.flatMap(({ weights }) => weights);
  for (const spec of specs) bytesOf(path, spec);
  const bytes = specs.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  if (bytes > MAX_MODEL_BYTES)
    throw new JetError('LIMIT_EXCEEDED', `${path}: weights of ${bytes} bytes; expected at most ${MAX_MODEL_BYTES}`, {
      bytes,
      limit: MAX_MODEL_BYTES,
    });
}

function isArrayOf(value: unknown, type: 'string' | 'object'): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type && item !== null);
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 };

function bytesOf(path: string, { name, shape, dtype, quantization }: io.WeightsManifestEntry): number {
  const bytes = BYTES[quantization?.dtype ?? dtype];
  const valid = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (bytes === undefined || !valid)
    throw new JetError(
      'BAD_FILE',
      `${path}: weight ${quoted(name)} has type ${quoted(dtype)} and shape ${quoted(shape)}`,
      {
        name,
      },
    );
  return bytes * sizeOf(shape);
}

function weightFile(path: string, file: string): string {
  const relative = posix.normalize(file);
  if (isAbsolute(relative) || posix.isAbsolute(relative) || relative.startsWith('..') || isAddress(file))
    throw new JetError('BAD_FILE', `${path}: weight file ${quoted(file)} lies outside the model's folder`, { file });
  if (!isAddress(path)) return join(dirname(path), relative);
  const address = new URL(relative, path);
  // what tells who may read, as in the addresses of some stores, belongs to its files as well
  address.search = new URL(path).search;
  return address.href;
}
