/** @file The standard TensorFlow.js layers-model files: `model.json` and the weight files it names. */
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { JetError, type LayerArtifacts, quoted, SDK_VERSION, sizeOf } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { parseJson } from '@jetsdk/jets/json';
import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel as loadModel } from '@tensorflow/tfjs-layers';
import { registerLayers } from '../layers/index.js';
import { artifactsOf, packWeights } from './artifacts.js';

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
 * @param path its `model.json`
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is no layers model, or a weight file is missing, has another size
 *   than the manifest says or lies outside the folder; BAD_MODEL if topology and weights do not fit together
 */
export async function loadLayersModel(path: string): Promise<LayerArtifacts> {
  const description = parseDescription(path, await readOrFail(path));
  const buffers: Uint8Array[] = [];
  const specs: io.WeightsManifestEntry[] = [];
  for (const group of description.weightsManifest) {
    const files = await Promise.all(group.paths.map((file) => readOrFail(weightFile(path, file))));
    const bytes = files.reduce((sum, file) => sum + file.length, 0);
    const expected = group.weights.reduce((sum, spec) => sum + bytesOf(path, spec), 0);
    if (bytes !== expected)
      throw new JetError('BAD_FILE', `${path}: ${group.paths.join(', ')} hold ${bytes} bytes; expected ${expected}`, {
        bytes,
        expected,
      });
    buffers.push(...files);
    specs.push(...group.weights);
  }
  registerLayers();
  const weightData = new Uint8Array(Buffer.concat(buffers)).buffer;
  try {
    const model = await loadModel(
      io.fromMemory({ modelTopology: description.modelTopology, weightSpecs: specs, weightData }),
    );
    try {
      return await artifactsOf(model);
    } finally {
      model.dispose();
    }
  } catch (cause) {
    throw new JetError('BAD_MODEL', `${path}: ${cause instanceof Error ? cause.message : cause}`, { path }, { cause });
  }
}

interface Description {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: string[]; readonly weights: io.WeightsManifestEntry[] }[];
}

function parseDescription(path: string, bytes: Uint8Array): Description {
  const fail = (reason: string): never => {
    throw new JetError('BAD_FILE', `${path}: ${reason}; expected the model.json of a TensorFlow.js layers model`, {
      path,
    });
  };
  const parsed = parseJson(Buffer.from(bytes).toString('utf8'), path) as Partial<Description> | null;
  const { modelTopology, weightsManifest } = parsed ?? {};
  if (typeof modelTopology !== 'object' || modelTopology === null) return fail('no modelTopology');
  if ('node' in modelTopology)
    throw new JetError(
      'UNSUPPORTED',
      `${path}: a TensorFlow.js graph model, whose operators are no layers; expected a layers model; convert the network again with --output_format=tfjs_layers_model, or to ONNX with tf2onnx`,
      { path },
    );
  if (/^[3-9]/.test(String(Reflect.get(modelTopology, 'keras_version'))))
    throw new JetError(
      'UNSUPPORTED',
      `${path}: written by Keras 3, whose layers TensorFlow.js does not read; expected Keras 2; save the network with tf_keras (TF_USE_LEGACY_KERAS=1) and convert it again, or export it to ONNX in Keras`,
      { path },
    );
  if (!Array.isArray(weightsManifest)) return fail('no weightsManifest');
  for (const group of weightsManifest)
    if (!isArrayOf(group?.paths, 'string') || !isArrayOf(group?.weights, 'object'))
      return fail('a bad weightsManifest');
  return { modelTopology, weightsManifest };
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
  const relative = normalize(file);
  if (isAbsolute(relative) || relative.startsWith('..'))
    throw new JetError('BAD_FILE', `${path}: weight file ${quoted(file)} lies outside the model's folder`, { file });
  return join(dirname(path), relative);
}

async function readOrFail(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new JetError('FILE_NOT_FOUND', `${path}: cannot be read`, { path }, { cause });
  }
}
