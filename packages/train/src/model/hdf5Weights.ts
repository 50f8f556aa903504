/**
 * @file Weights in the HDF5 files of Keras: by names of layers in whole models and older files of weights, by kinds of
 * layers in `.weights.h5` and archives.
 */
import { JetError, quoted } from '@jetsdk/jets';
import type { Hdf5Array, Hdf5Arrays } from '@jetsdk/jets/files';
import { isObject } from '@jetsdk/jets/json';
import type { Json } from '../keras/dialect.js';
import { modelIn } from '../keras/kerasJson.js';
import type { StoredWeight, WeightGroup } from './kerasWeights.js';

/** Texts of an attribute that is cut into pieces where it is long. */
function listed(file: Hdf5Arrays, path: string, attribute: string): readonly string[] | undefined {
  const whole = file.texts(path, attribute);
  if (whole !== undefined) return whole;
  const pieces: string[] = [];
  for (let i = 0; ; i++) {
    const piece = file.texts(path, `${attribute}${i}`);
    if (piece === undefined) return i === 0 ? undefined : pieces;
    pieces.push(...piece);
  }
}

/** The group that lists layers by their names, if there is one. */
export function namedLayers(file: Hdf5Arrays): string | undefined {
  return ['/model_weights', '/'].find((path) => listed(file, path, 'layer_names') !== undefined);
}

/** Whether layers are stored by their kinds. */
export const isByKind = (file: Hdf5Arrays): boolean =>
  file.groups.some((path) => /^\/(layers|_layer_checkpoint)/.test(path));

/** The weights of each layer by its name. */
export async function weightsByName(file: Hdf5Arrays, root: string, model: Json): Promise<WeightGroup[]> {
  const base = root === '/' ? '' : root;
  const arrays = new Map(file.arrays.map((array) => [array.path, array]));
  refuseTheano(file, root, model);
  const groups: WeightGroup[] = [];
  for (const layer of listed(file, root, 'layer_names') ?? []) {
    const names = listed(file, `${base}/${layer}`, 'weight_names') ?? [];
    if (names.length === 0) continue;
    const weights: StoredWeight[] = [];
    for (const name of names) {
      const array = arrays.get(`${base}/${layer}/${name}`);
      if (array === undefined)
        throw new JetError(
          'BAD_FILE',
          `${file.name}: no array for weight ${quoted(name)} of layer ${quoted(layer)}; the file is incomplete, copy or save it again`,
          { layer, weight: name },
        );
      weights.push({ name, ...(await file.read(array)) });
    }
    groups.push({ path: [layer], weights });
  }
  return groups;
}

/** Theano turned the kernels of convolutions round. */
function refuseTheano(file: Hdf5Arrays, root: string, model: Json): void {
  const [backend] = file.texts('/', 'backend') ?? file.texts(root, 'backend') ?? [];
  if (backend === 'theano' && /"class_name":"\w*Conv\w*"/.test(JSON.stringify(model)))
    throw new JetError(
      'UNSUPPORTED',
      `${file.name}: convolutions trained with Theano, whose kernels are turned round; expected those of another backend; load and save the model with Keras 2 on TensorFlow`,
      { backend },
    );
}

/** Where the weights of a layer lie within its group, for kinds with layers inside. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  MultiHeadAttention: ['query_dense', 'key_dense', 'value_dense', 'output_dense'],
  TimeDistributed: ['layer'],
  LSTM: ['cell'],
  GRU: ['cell'],
  SimpleRNN: ['cell'],
  Bidirectional: ['forward_layer/cell', 'backward_layer/cell'],
};

/** The groups of a file, with the arrays that lie in each in order. Older files have `\\` in their names. */
class Groups {
  readonly #arrays = new Map<string, Hdf5Array[]>();
  readonly #names = new Map<string, string>();

  constructor(file: Hdf5Arrays) {
    const plain = (path: string): string => path.replaceAll('\\', '/');
    for (const path of file.groups) {
      this.#arrays.set(plain(path), []);
      const [name] = (path.endsWith('vars') ? file.texts(path, 'name') : undefined) ?? [];
      if (name !== undefined) this.#names.set(plain(path), name);
    }
    for (const array of file.arrays) {
      const path = plain(array.path);
      const group = path.slice(0, path.lastIndexOf('/'));
      const arrays = this.#arrays.get(group) ?? [];
      this.#arrays.set(group, [...arrays, array]);
    }
    const numberOf = ({ path }: Hdf5Array): number => Number(/\d+$/.exec(path)?.[0] ?? 0);
    for (const arrays of this.#arrays.values()) arrays.sort((a, b) => numberOf(a) - numberOf(b));
  }

  /** The arrays of the first of some groups that is there. */
  arraysOf(...paths: readonly string[]): readonly Hdf5Array[] {
    return paths.map((path) => this.#arrays.get(path)).find((arrays) => arrays !== undefined) ?? [];
  }

  /** Groups of a kind, by their numbers. */
  ofKind(root: string, stem: string): string[] {
    const found: [number, string][] = [];
    for (const path of this.#arrays.keys()) {
      if (!path.startsWith(`${root}/${stem}`)) continue;
      const [, number] = /^(?:_(\d+))?$/.exec(path.slice(root.length + 1 + stem.length)) ?? ['', 'none'];
      if (number !== 'none') found.push([Number(number ?? 0), path]);
    }
    return found.sort(([a], [b]) => a - b).map(([, path]) => path);
  }

  /** The name of the layer that lies there, where the file tells it. */
  nameOf(path: string): string | undefined {
    return this.#names.get(`${path}/vars`);
  }

  /** Where the layers of a model lie. */
  layersOf(model: string): string {
    const older = `${model}/_layer_checkpoint_dependencies`;
    return [...this.#arrays.keys()].some((path) => path.startsWith(`${older}/`)) ? older : `${model}/layers`;
  }
}

/** As Keras makes names of groups from names of classes. */
const snakeCase = (name: string): string =>
  name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/**
 * The weights of each layer by its kind: the first `Dense` of a model is `dense`, the next `dense_1`, and so on. Newer
 * files tell names beside; older ones skip numbers, so that the order counts.
 */
export async function weightsByKind(file: Hdf5Arrays, model: Json): Promise<WeightGroup[]> {
  const stored = new Groups(file);
  const groups: WeightGroup[] = [];
  const visit = async ({ config }: Json, at: string, path: readonly string[]): Promise<void> => {
    const root = stored.layersOf(at);
    const counts = new Map<string, number>();
    const layers = isObject(config) ? config['layers'] : config;
    for (const layer of layers as readonly Json[]) {
      const kind = String(layer['class_name']);
      const name = isObject(layer['config']) ? String(layer['config']['name']) : '';
      const candidates = stored.ofKind(root, snakeCase(kind));
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      const group = candidates.find((one) => stored.nameOf(one) === name) ?? candidates[count];
      if (group === undefined) continue;
      const inside = [...path, name];
      if (modelIn(layer) !== undefined) {
        await visit(layer, group, inside);
        continue;
      }
      const arrays = (INSIDE[kind] ?? ['']).flatMap((part) =>
        part === ''
          ? stored.arraysOf(`${group}/vars`)
          : stored.arraysOf(`${group}/${part}/vars`, `${group}/_${part}/vars`),
      );
      const weights: StoredWeight[] = [];
      for (const [i, array] of arrays.entries()) weights.push({ name: String(i), ...(await file.read(array)) });
      if (weights.length > 0) groups.push({ path: inside, weights: withoutCounter(kind, weights) });
    }
  };
  await visit(model, '', []);
  return groups;
}

/** Normalization counts what it has seen, in its third array. */
const withoutCounter = (kind: string, weights: readonly StoredWeight[]): readonly StoredWeight[] =>
  kind === 'Normalization' ? weights.slice(0, 2) : weights;
