/** @file The package as Node sees it. */
import { compareOn, type DeviceComparison } from '../devices/compareDevices.js';
import type { Generator } from '../generation/generator.js';
import { type GeneratorLoadOptions, loadGeneratorOn } from '../generation/loadGenerator.js';
import { load, loadImages } from '../load.js';
import { readWhole } from '../model/readWhole.js';
import { type ModelSource, type ReadModelOptions, requireSource } from '../model/source.js';
import type { LoadOptions, LoadRegressorOptions } from '../options.js';
import type { Platform } from '../platform.js';
import { openReference, type RunnableModel } from '../reference.js';
import type { Device } from '../runtime/runtime.js';
import type { Regressor } from '../scoring/regressor.js';
import type { JetArrays, Tagger } from '../scoring/tagger.js';
import { nativeObstacle } from './obstacles.js';
import { nodePlatform } from './platform.js';
import { readModelInNode } from './source.js';
import { nodeWasmPlatform, withoutNative } from './wasmPlatform.js';

export { listDevices } from './listDevices.js';

/**
 * Loads a model that scores jets.
 *
 * @param source a name in the registry, a path, a URL, a `File` or `Blob`, the bytes of an ONNX file, or the address
 *   `http(s)://…/v2/models/NAME` of a model that a server runs by the Open Inference Protocol
 * @throws {JetError} FILE_NOT_FOUND; REMOTE; BAD_FILE if the SHA-256 is another; BAD_MODEL if the file is damaged or
 *   its card contradicts its graph; LIMIT_EXCEEDED if opening it, or running it on a jet, takes too much memory or time;
 *   BAD_ARGUMENT; DEVICE_UNAVAILABLE naming what is missing; PARITY_FAILED if the
 *   device does not give the reference's scores; CANCELLED
 */
export function loadTagger(source: ModelSource, options: LoadOptions = {}): Promise<Tagger> {
  return load(options?.device === 'wasm' ? nodeWasmPlatform : installedPlatform(), source, options);
}

/**
 * Loads a model that makes showers or jets from noise and conditions.
 *
 * @param source as of `loadTagger`
 * @throws {JetError} FILE_NOT_FOUND; REMOTE; BAD_FILE if the SHA-256 is another; BAD_MODEL if the file is damaged, no
 *   generator, or its card contradicts its graph; BAD_ARGUMENT; DEVICE_UNAVAILABLE naming what is missing; UNSUPPORTED for
 *   a device on which generators do not run; CANCELLED
 */
export function loadGenerator(source: ModelSource, options: GeneratorLoadOptions = {}): Promise<Generator> {
  return loadGeneratorOn(options?.device === 'wasm' ? nodeWasmPlatform : installedPlatform(), source, options);
}

/**
 * Loads a model that gives an image of each jet, such as one that takes pile-up out of it.
 *
 * @param source as of `loadTagger`
 * @throws {JetError} as `loadTagger`; BAD_MODEL for a classifier, or any model without the card of a regressor
 */
export function loadRegressor(source: ModelSource, options: LoadRegressorOptions = {}): Promise<Regressor> {
  return loadImages(options?.device === 'wasm' ? nodeWasmPlatform : installedPlatform(), source, options);
}

/**
 * Scores the same jets on several devices, one after the other, and tells how far they are from the first and how fast.
 *
 * @param source as of `loadTagger`
 * @param jets in memory; not modified
 * @param devices the first is what the others are compared with; each once
 * @param options as of `loadTagger`
 * @returns an entry for each, with the reason where it does not work here
 * @throws {JetError} DEVICE_UNAVAILABLE if the first does not work; BAD_ARGUMENT without any; as `loadTagger` and `score`
 */
export function compareDevices(
  source: ModelSource,
  jets: JetArrays,
  devices: readonly Device[],
  options: Omit<LoadOptions, 'device'> = {},
): Promise<DeviceComparison[]> {
  return compareOn(loadTagger, source, jets, devices, options);
}

function installedPlatform(): Platform {
  const missing = nativeObstacle();
  return missing === undefined ? nodePlatform : withoutNative(missing);
}

/**
 * Reads a model, as `loadTagger` does, for other uses than scoring.
 *
 * @param source as in `loadTagger`, but not a model that a server runs
 * @returns bytes of an ONNX file with all weights inside, also where it has external data
 * @throws {JetError} FILE_NOT_FOUND, REMOTE, BAD_FILE, BAD_MODEL, LIMIT_EXCEEDED, CANCELLED
 */
export async function readModel(source: ModelSource, options: ReadModelOptions = {}): Promise<Uint8Array> {
  requireSource('readModel', source, options);
  return (await readWhole(readModelInNode, source, options)).bytes;
}

/**
 * Opens a model on the CPU as `loadTagger` does, for other uses than scoring jets; in WebAssembly where
 * onnxruntime-node is not installed, as `runtime` of the model says.
 *
 * @param model bytes of an ONNX file
 * @throws {JetError} BAD_MODEL
 */
export function openModel(model: Uint8Array): Promise<RunnableModel> {
  return openReference(installedPlatform(), model);
}
