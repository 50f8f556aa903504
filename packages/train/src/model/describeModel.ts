import { isObject } from '@jetsdk/jets/json';
import type { Json } from '../keras/dialect.js';
import { modelIn, writtenVersion } from '../keras/kerasJson.js';
import { type ModelFileKind, openModelFile } from './loadModel.js';

/** What a file of a model is, and what it holds, without building it. */
export interface ModelDescription {
  readonly kind: ModelFileKind;
  /** of Keras or TensorFlow.js, where the file tells it */
  readonly version?: string;
  readonly name?: string;
  /** kinds of all layers, those of models within as well, with how many there are of each */
  readonly layers?: Readonly<Record<string, number>>;
  /** shapes of its inputs, jets first; null where a length is open */
  readonly inputs?: readonly (readonly (number | null)[])[];
  /** numbers in its weights */
  readonly numbers?: number;
  /** how it was trained, where the file tells it */
  readonly training?: { readonly optimizer?: string; readonly loss?: string };
}

/**
 * Says what the file of a model is: of Keras, or of TensorFlow.js.
 *
 * @param path a file, or an address (`https://…`)
 * @throws {JetError} FILE_NOT_FOUND; REMOTE; BAD_FILE, UNSUPPORTED if it is damaged or no model; LIMIT_EXCEEDED
 */
export async function describeModel(path: string): Promise<ModelDescription> {
  const file = await openModelFile(path);
  if ('json' in file) {
    const version = writtenVersion(file.json);
    const numbers = file.kind === 'architecture' ? undefined : numbersIn(file.json);
    return {
      kind: file.kind,
      ...(version !== undefined && { version }),
      ...architecture(modelIn(file.json)),
      ...(numbers !== undefined && { numbers }),
    };
  }
  file.close();
  const { kind, version, model, training, numbers } = file;
  return {
    kind,
    ...(version !== undefined && { version }),
    ...architecture(model),
    numbers,
    ...(training && {
      training: {
        ...named('optimizer', training['optimizer_config'] ?? training['optimizer']),
        ...named('loss', training['loss']),
      },
    }),
  };
}

/** A name, or an object of a class with a name. */
function named(key: 'optimizer' | 'loss', value: unknown): { readonly [key in 'optimizer' | 'loss']?: string } {
  const name = isObject(value) ? value['class_name'] : value;
  // without the package that Keras puts in front of its own
  return typeof name === 'string' ? { [key]: name.replace(/^.*>/, '') } : {};
}

function architecture(model: Json | undefined): Pick<ModelDescription, 'name' | 'layers' | 'inputs'> {
  if (model === undefined) return {};
  const { config } = model;
  const layers: Record<string, number> = {};
  const visit = (one: Json): void => {
    for (const layer of layersIn(one)) {
      const kind = String(layer['class_name']);
      layers[kind] = (layers[kind] ?? 0) + 1;
      if (modelIn(layer)) visit(layer);
    }
  };
  visit(model);
  const shapes = layersIn(model).flatMap((layer, i) => {
    const own = isObject(layer['config']) ? layer['config'] : {};
    const shape = own['batch_shape'] ?? own['batch_input_shape'];
    return (i === 0 || layer['class_name'] === 'InputLayer') && Array.isArray(shape)
      ? [shape as (number | null)[]]
      : [];
  });
  const name = isObject(config) ? config['name'] : undefined;
  return { ...(typeof name === 'string' && { name }), layers, ...(shapes.length > 0 && { inputs: shapes }) };
}

function layersIn({ config }: Json): readonly Json[] {
  const layers: unknown = isObject(config) ? config['layers'] : config;
  return Array.isArray(layers) ? layers.filter(isObject) : [];
}

/** Of a manifest of TensorFlow.js. */
function numbersIn({ weightsManifest }: Json): number | undefined {
  if (!Array.isArray(weightsManifest)) return undefined;
  const weights = weightsManifest.flatMap((group: unknown): unknown[] =>
    isObject(group) && Array.isArray(group['weights']) ? group['weights'] : [],
  );
  return weights.reduce<number>((sum, weight) => {
    const shape = isObject(weight) && Array.isArray(weight['shape']) ? (weight['shape'] as unknown[]) : [];
    return sum + shape.reduce<number>((size, length) => size * Number(length), 1);
  }, 0);
}
