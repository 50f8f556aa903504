/** @file Weights as Keras stores them, given to a model that has been built. */
import { JetError, quoted } from '@jetsdk/jets';
import { tensor } from '@tensorflow/tfjs-core';
import { LayersModel, type LayerVariable, type layers } from '@tensorflow/tfjs-layers';
import { Normalization } from '../layers/index.js';

/** One array of a file. */
export interface StoredWeight {
  /** as the file has it, e.g. `dense/kernel:0` */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The arrays of one layer, or of a model within, in the order of Keras: those that are trained first. */
export interface WeightGroup {
  /** names of layers from the outermost inwards */
  readonly path: readonly string[];
  readonly weights: readonly StoredWeight[];
}

/** The last part of a name, without what TensorFlow appends to it. */
export const stemOf = (name: string): string =>
  (name.split('/').at(-1) ?? '').replace(/:\d+$/, '').replace(/_\d+$/, '');

/** Counters of what has been seen, which nothing is computed from. */
export const isCounter = (name: string): boolean => /^(count|seed_generator_state)$/.test(stemOf(name));

/**
 * Gives a model the weights of a file.
 *
 * @throws {JetError} BAD_MODEL for a layer that is not there, or has no weights, more or others; SHAPE_MISMATCH
 */
export function assignWeights(model: LayersModel, groups: readonly WeightGroup[], file: string): void {
  const waiting = new Set<LayerVariable>(variablesOf(model));
  for (const { path, weights } of groups) {
    const layer = layerAt(model, path, file);
    const variables = variablesOf(layer);
    const stored = weights.filter(({ name }) => !isCounter(name));
    const where = `${file}, layer ${quoted(path.join('/'))}`;
    if (stored.length !== variables.length)
      throw new JetError(
        'BAD_MODEL',
        `${where}: ${stored.length} weights; expected ${variables.length}, ${variables.map(({ originalName }) => originalName).join(', ')}; save the model again`,
        { layer: path.join('/'), weights: stored.length, expected: variables.length },
      );
    variables.forEach((variable, i) => {
      assign(variable, stored[i], where);
      waiting.delete(variable);
    });
  }
  const [missing] = waiting;
  if (missing !== undefined)
    throw new JetError(
      'BAD_MODEL',
      `${file}: no weights for ${[...waiting].map(({ originalName }) => originalName).join(', ')}; expected all of them; save the whole model again`,
      { weights: missing.originalName },
    );
}

/**
 * Gives a model weights that are named by their layers, e.g. `dense/kernel` or `sequential/dense/kernel`.
 *
 * @throws {JetError} as `assignWeights`
 */
export function assignByName(model: LayersModel, weights: readonly StoredWeight[], file: string): void {
  const unused = new Set(weights.filter(({ name }) => !isCounter(name)));
  const visit = (layer: layers.Layer, path: readonly string[]): void => {
    if (layer instanceof LayersModel) {
      for (const inner of layer.layers) visit(inner, [...path, inner.name]);
      return;
    }
    for (const variable of variablesOf(layer)) {
      // the name that the most layers around it agree with
      const inside = variable.originalName.slice(layer.name.length + 1);
      const names = path.flatMap((_, i) =>
        // the second is what Keras 3 says
        [inside, inside.replace('depthwise_kernel', 'kernel')].map((end) => [...path.slice(i), end].join('/')),
      );
      const ends = (name: string, end: string): boolean => name === end || name.endsWith(`/${end}`);
      // recurrent layers name their cell as well
      const found = names.flatMap((end) =>
        [...unused].filter(({ name }) => ends(name.replace(/\/(\w+_)?cell(_\d+)?(?=\/[^/]+$)/, ''), end)),
      )[0];
      const where = `${file}, layer ${quoted(path.join('/'))}`;
      if (found === undefined)
        throw new JetError(
          'BAD_MODEL',
          `${where}: no weight ${quoted(variable.originalName)}; expected one in the manifest`,
          {
            weight: variable.originalName,
          },
        );
      unused.delete(found);
      assign(variable, found, where);
    }
  };
  visit(model, []);
  const [left] = unused;
  if (left !== undefined)
    throw new JetError(
      'BAD_MODEL',
      `${file}: weight ${quoted(left.name)} belongs to no layer; expected those of its layers`,
      {
        weight: left.name,
      },
    );
}

/** Writes an array into a variable of the same meaning and shape. */
export function assign(variable: LayerVariable, { name, shape, data }: StoredWeight, where: string): void {
  const [got, expected] = [stemOf(name), stemOf(variable.originalName)];
  // of kernels, Keras 3 does not always say which
  if (!/^\d+$/.test(got) && got !== expected && !expected.endsWith(`_${got}`))
    throw new JetError(
      'BAD_MODEL',
      `${where}: weight ${quoted(name)}; expected ${quoted(expected)} here; save the model again with Keras 2 or 3`,
      { weight: name, expected },
    );
  if (shape.join() !== variable.shape.join())
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: weight ${quoted(name)} of shape [${shape}]; expected [${variable.shape}]; is it the architecture of these weights?`,
      { weight: name, shape, expected: variable.shape },
    );
  const value = tensor(data, [...shape]);
  variable.write(value);
  value.dispose();
}

/** What files hold of a layer: what is trained first, and nothing that its configuration tells. */
export function variablesOf(layer: layers.Layer): LayerVariable[] {
  const chosen = new Set<LayerVariable>();
  const visit = (one: layers.Layer): void => {
    if (one instanceof LayersModel) one.layers.forEach(visit);
    else if (one instanceof Normalization && one.chosen) for (const weight of one.weights) chosen.add(weight);
  };
  visit(layer);
  return layer.weights.filter((weight) => !chosen.has(weight));
}

function layerAt(model: LayersModel, path: readonly string[], file: string): layers.Layer {
  let found: layers.Layer = model;
  for (const name of path) {
    const inner: layers.Layer | undefined =
      found instanceof LayersModel ? found.layers.find((layer) => layer.name === name) : undefined;
    if (inner === undefined)
      throw new JetError(
        'BAD_MODEL',
        `${file}: weights of a layer ${quoted(path.join('/'))}, which the model has not; expected those of its own layers`,
        { layer: path.join('/') },
      );
    found = inner;
  }
  return found;
}
