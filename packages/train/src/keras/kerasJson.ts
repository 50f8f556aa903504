/** @file What Keras and TensorFlow.js write of a model as JSON, and which of them wrote it. */
import { JetError } from '@jetsdk/jets';
import { isObject } from '@jetsdk/jets/json';
import type { Dialect, Json } from './dialect.js';
import { keras2 } from './keras2.js';
import { keras3 } from './keras3.js';
import { translateModel } from './translate.js';

/** The part with class name and layers: the whole, or within what saved models have around it. */
export function modelIn(value: unknown): Json | undefined {
  if (!isObject(value)) return undefined;
  const inner = value['modelTopology'] ?? value['model_config'];
  if (inner !== undefined) return modelIn(inner);
  const config = value['config'];
  const layers = isObject(config) ? config['layers'] : config;
  return typeof value['class_name'] === 'string' && Array.isArray(layers) ? value : undefined;
}

/** The version that a saved model or its parts tell, e.g. `2.15.0`, or `tfjs-layers 4.22.0`. */
export function writtenVersion(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const own = value['keras_version'];
  return typeof own === 'string' ? own : writtenVersion(value['modelTopology'] ?? value['model_config']);
}

/**
 * The Keras that wrote a model.
 *
 * @param value the model, or what saved models have around it
 * @param version as the file says beside
 * @returns undefined if TensorFlow.js wrote it
 * @throws {JetError} UNSUPPORTED for versions that are not known
 */
export function dialectOf(value: unknown, file: string, version = writtenVersion(value)): Dialect | undefined {
  if (version === undefined || version.startsWith('tfjs')) {
    const model = modelIn(value);
    if (model === undefined || !('module' in model)) return undefined;
    return JSON.stringify(model).includes('"batch_input_shape"') ? keras2 : keras3;
  }
  if (version.startsWith('2.')) return keras2;
  if (version.startsWith('3.')) return keras3;
  throw new JetError(
    'UNSUPPORTED',
    `${file}: written by Keras ${version}; expected Keras 2 or 3; load and save it with one of these`,
    { version },
  );
}

/**
 * A model as TensorFlow.js reads it, whoever wrote it.
 *
 * @throws {JetError} as `dialectOf` and `translateModel`
 */
export function readableModel(value: unknown, file: string, version?: string): Json | undefined {
  const model = modelIn(value);
  const dialect = dialectOf(value, file, version);
  return model && dialect ? translateModel(model, dialect, file) : model;
}
