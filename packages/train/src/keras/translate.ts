/** @file Models as TensorFlow.js reads them, of what Keras writes. */
import { JetError, type JetErrorCode, quoted } from '@jetsdk/jets';
import { isObject, requireDepth } from '@jetsdk/jets/json';
import type { Dialect, Json, LayerRow } from './dialect.js';

const MODELS = ['Sequential', 'Functional', 'Model'];

/** Kinds that have no row and never will, with what to do. */
const HOPELESS: readonly (readonly [kind: RegExp, what: string, remedy: string])[] = [
  [
    /^Lambda$/,
    'a Lambda, whose Python code cannot be run here',
    'replace it by layers, e.g. Rescaling, Normalization or Activation, and save the model again',
  ],
  [
    /OpLambda$|^TensorFlowOpLayer$/,
    'an operation of TensorFlow that is no layer',
    'replace it by a layer such as Add, Multiply, Concatenate or Reshape, and save the model again',
  ],
  [/^Q[A-Z]/, 'a layer of QKeras', 'build the network with layers of Keras, and give it the weights by set_weights'],
];

/** What to do where a key has a value that is not known. */
const REMEDIES: Readonly<Record<string, string>> = {
  data_format:
    "build the network with data_format='channels_last' and give it the weights; rows of a Dense behind a Flatten change their order",
  groups: 'use a convolution of each group, or a DepthwiseConv2D',
  keepdims: 'put a Reshape behind it',
  dtype: "build the network in float32 (keras.config.set_dtype_policy('float32')) and give it the weights",
};

/** Where something stands. */
interface Place {
  readonly file: string;
  readonly dialect: Dialect;
  /** whether rows may be masked anywhere in the model */
  readonly masks: boolean;
}

function unsupported({ file, dialect }: Place, layer: Json, what: string, remedy: string): JetError {
  const { class_name: kind } = layer;
  const name = isObject(layer['config']) ? layer['config']['name'] : undefined;
  const where = `${file}, ${typeof name === 'string' ? `layer ${quoted(name)} (${String(kind)})` : String(kind)}`;
  return new JetError('UNSUPPORTED', `${where}: ${what}; ${remedy}`, { layer: name, kind, version: dialect.name });
}

const bad = (where: string, what: string, code: JetErrorCode = 'BAD_MODEL'): JetError =>
  new JetError(code, `${where}: ${what}; expected a model as Keras writes it`);

/**
 * A model as TensorFlow.js reads it.
 *
 * @param model with `class_name` and `config`, as Keras writes it
 * @param file for messages
 * @throws {JetError} UNSUPPORTED, naming the layer, for layers, options and numbers that are not known; BAD_MODEL if it
 *   is no model
 */
export function translateModel(model: Json, dialect: Dialect, file: string): Json {
  requireDepth(model, { where: file, code: 'BAD_MODEL' });
  const masks = /"class_name":"Masking"|"mask_zero":true/.test(JSON.stringify(model));
  return modelOf(model, { file, dialect, masks });
}

function modelOf(model: Json, place: Place): Json {
  const { class_name: kind, config } = model;
  checkOrigin(model, place);
  const {
    layers,
    build_input_shape: built,
    ...own
  } = Array.isArray(config)
    ? { name: 'sequential', layers: config as unknown[] }
    : isObject(config)
      ? (config as Json & { layers?: unknown; build_input_shape?: unknown })
      : { layers: undefined };
  if (!Array.isArray(layers) || !layers.every(isObject)) throw bad(place.file, `a ${String(kind)} without layers`);
  const name = { name: typeof own['name'] === 'string' ? own['name'] : 'model' };
  const trainable = typeof own['trainable'] === 'boolean' ? { trainable: own['trainable'] } : {};
  if (kind === 'Sequential')
    return {
      class_name: kind,
      config: { ...name, ...trainable, layers: sequentialLayers(layers, built, place) },
    };
  const ports = (key: string): Port[] => {
    const written = own[key];
    if (!Array.isArray(written)) throw bad(place.file, `a model with ${key} ${quoted(written)}`, 'UNSUPPORTED');
    // a single one is written without a list around it
    return (typeof written[0] === 'string' ? [written] : written).map((port) => portOf(port, place));
  };
  const outputs = ports('output_layers');
  const inputs = ports('input_layers');
  const calls = layers.map((layer) => callsOf(layer, place));
  const shift = shiftOf(layers, [...outputs, ...calls.flat(2)]);
  const moved = ([layer, call, tensor]: Port): Port => [layer, call + (shift.get(layer) ?? 0), tensor];
  return {
    class_name: kind,
    config: {
      ...name,
      ...trainable,
      layers: layers.map((layer, i) => ({
        ...layerOf(layer, place, false),
        name: nameOf(layer, place),
        inbound_nodes: calls[i]?.map((call) => call.map((port) => [...moved(port), {}])),
      })),
      input_layers: inputs,
      output_layers: outputs.map(moved),
    },
  };
}

/** The first layer of a Sequential knows the shape of the input, or the model does. */
function sequentialLayers(layers: readonly Json[], built: unknown, place: Place): Json[] {
  return layers.map((layer, i) => {
    const translated = layerOf(layer, place, i === 0);
    if (i > 0 || MODELS.includes(String(layer['class_name']))) return translated;
    const config = translated['config'] as Json;
    if (config['batch_input_shape'] !== undefined) return translated;
    if (!Array.isArray(built))
      throw bad(place.file, `layer ${quoted(config['name'])} knows no shape of its input: the model was never built`);
    return { ...translated, config: { ...config, batch_input_shape: built as unknown[] } };
  });
}

function nameOf(layer: Json, place: Place): string {
  const name = isObject(layer['config']) ? layer['config']['name'] : undefined;
  if (typeof name !== 'string' || name === '') throw bad(place.file, `a ${quoted(layer['class_name'])} without a name`);
  return name;
}

/** @throws {JetError} UNSUPPORTED for a class that is not of Keras */
function checkOrigin(value: Json, place: Place): void {
  const { class_name: kind, module, registered_name: registered } = value;
  const foreign = typeof module === 'string' && !/^(keras|tf_keras|tensorflow\.keras|builtins)(\.|$)/.test(module);
  const named = typeof registered === 'string' && registered.includes('>') && !registered.startsWith('keras>');
  if (foreign || named)
    throw unsupported(
      place,
      value,
      `got class ${String(registered ?? kind)} of ${String(module)}; expected layers of Keras`,
      'replace it by these',
    );
}

/** @param first whether it may say what shape the input has */
function layerOf(layer: Json, place: Place, first: boolean): Json {
  const { dialect } = place;
  const kind = String(layer['class_name']);
  const operation = typeof layer['module'] === 'string' && /\.ops(\.|$)/.test(layer['module']);
  const hopeless = HOPELESS.find(([one]) => one.test(operation ? 'OpLambda' : kind));
  if (hopeless) throw unsupported(place, layer, hopeless[1], hopeless[2]);
  checkOrigin(layer, place);
  if (MODELS.includes(kind)) return modelOf(layer, place);
  const config = layer['config'];
  if (!isObject(config)) throw bad(place.file, `a ${kind} without config`);
  const row = Object.hasOwn(dialect.layers, kind) ? dialect.layers[kind] : undefined;
  if (row === undefined)
    throw unsupported(
      place,
      layer,
      `no layer ${kind} here; expected one that docs/keras.md lists`,
      'replace it, or write the network as a module',
    );
  if (row.wraps !== undefined) return wrapped(layer, config, row, place, first);
  const translated = configOf(layer, config, row, place, first);
  return { class_name: typeof row.as === 'function' ? row.as(translated) : (row.as ?? kind), config: translated };
}

/** What is done to every row alike does the layer within by itself. */
function wrapped(layer: Json, config: Json, row: LayerRow, place: Place, first: boolean): Json {
  const inner = config['layer'];
  if (!isObject(inner) || inner['class_name'] !== row.wraps)
    throw unsupported(
      place,
      layer,
      `got ${quoted(isObject(inner) ? inner['class_name'] : inner)} within; expected ${row.wraps}`,
      'replace it',
    );
  const { class_name: kind, config: own } = layerOf(inner, place, false);
  const shape =
    first && Array.isArray(config['batch_input_shape']) ? { batch_input_shape: config['batch_input_shape'] } : {};
  return { class_name: kind, config: { ...(own as Json), ...shape, name: config['name'] } };
}

function configOf(layer: Json, config: Json, row: LayerRow, place: Place, first: boolean): Json {
  const { dialect } = place;
  const refuse = (key: string, value: unknown, expected: string): JetError =>
    unsupported(
      place,
      layer,
      `got ${key} ${quoted(value)}; expected ${expected}`,
      REMEDIES[key] ?? 'build the network without it',
    );
  const input = layer['class_name'] === 'InputLayer';
  const made: Record<string, unknown> = {};
  for (const [key, written] of Object.entries(config)) {
    const value = plainNumber(written);
    const name = row.renamed?.[key] ?? key;
    const [, weight, role] = /^(\w+)_(initializer|regularizer|constraint)$/.exec(key) ?? [];
    if (row.dropped?.includes(key)) continue;
    // what becomes of masked rows is nothing where no row is masked
    if (key === 'zero_output_for_mask' && !place.masks) continue;
    if (row.only && Object.hasOwn(row.only, key)) {
      const expected = row.only[key] ?? [];
      const same = (one: unknown): boolean => JSON.stringify(one) === JSON.stringify(value);
      if (!expected.some(same)) throw refuse(key, value, expected.map((one) => quoted(one)).join(' or '));
    } else if (key === 'dtype') {
      const type = isObject(value) && isObject(value['config']) ? value['config']['name'] : value;
      // of mixed precision the weights are float32, and so is what is computed here; whole numbers are fed as float32
      const single = type === 'float32' || type === null || /^mixed_b?float16$/.test(String(type));
      if (!single && !(input && /^u?int\d+$/.test(String(type))))
        throw refuse(key, type, 'float32, or mixed precision');
      made[key] = 'float32';
    } else if (key === 'activation' || key === 'recurrent_activation') {
      const function_ = functionName(value);
      const known = function_ !== undefined && Object.hasOwn(dialect.activations, function_);
      if (!known) throw refuse(key, function_ ?? value, Object.keys(dialect.activations).join(', '));
      made[key] = dialect.activations[function_];
    } else if (name === 'batch_input_shape') {
      if (first || input) made[name] = value;
    } else if (weight !== undefined && role !== undefined) made[key] = partOf(value, role, place);
    else if (key === row.inner && isObject(value)) made[key] = layerOf(value, place, false);
    else if (key === 'name' || key === 'trainable' || row.keys?.includes(key) || row.renamed?.[key] !== undefined)
      made[name] = value;
    // what is null is not used
    else if (value !== null) throw refuse(key, value, 'nothing of the kind');
  }
  const finished = row.finish ? row.finish(made) : made;
  if (finished === undefined)
    throw unsupported(
      place,
      layer,
      `got ${quoted(Object.fromEntries(Object.entries(made).filter(([key]) => row.keys?.includes(key) || key === 'activation')))}; expected what there is here`,
      'build the network with other layers',
    );
  return { ...finished, ...row.added };
}

/** Older versions write numbers of NumPy, and tuples, as objects. */
function plainNumber(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (value['type'] === 'ndarray' && 'value' in value) return value['value'];
  if (value['class_name'] === '__numpy__' && isObject(value['config'])) return value['config']['value'];
  if (value['class_name'] === '__tuple__' && Array.isArray(value['items'])) return value['items'].map(plainNumber);
  return value;
}

/** Activations are written by their name, or as a function with its name. */
function functionName(value: unknown): string | undefined {
  if (value === null || value === undefined) return 'linear';
  if (typeof value === 'string') return value;
  if (!isObject(value) || value['class_name'] !== 'function') return undefined;
  const name = value['config'];
  return typeof name === 'string' ? name : undefined;
}

/** An initialiser, a regulariser or a constraint. */
function partOf(value: unknown, role: string, place: Place): unknown {
  if (!isObject(value)) return value ?? null;
  checkOrigin(value, place);
  const { class_name: kind, config } = value;
  const given = isObject(config)
    ? Object.fromEntries(Object.entries(config).map(([key, one]) => [key, plainNumber(one)]))
    : {};
  if (role === 'regularizer' && (kind === 'L1' || kind === 'L2' || kind === 'L1L2'))
    return { class_name: 'L1L2', config: { l1: 0, l2: 0, ...given } };
  if (role !== 'initializer') return { class_name: kind, config: given };
  const { dtype: _, input_axes: __, output_axes: ___, ...rest } = given;
  return { class_name: String(kind).replace(/^Lecun/, 'LeCun'), config: rest };
}

/** Layer, call and tensor. */
type Port = readonly [layer: string, call: number, tensor: number];

function portOf(value: unknown, place: Place): Port {
  const [layer, call, tensor] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof layer !== 'string' || !Number.isInteger(call) || !Number.isInteger(tensor))
    throw bad(place.file, `got ${quoted(value)} for an output of a layer`, 'UNSUPPORTED');
  return [layer, call as number, tensor as number];
}

/** The inputs of each call of a layer. */
function callsOf(layer: Json, place: Place): Port[][] {
  const nodes = layer['inbound_nodes'];
  if (!Array.isArray(nodes)) throw bad(place.file, `layer ${quoted(layer['name'])} without inbound_nodes`);
  return nodes.map((node) => (isObject(node) ? argumentsOf(layer, node, place) : listOf(layer, node, place)));
}

/** Keras 2: a list of [layer, call, tensor, options]; Keras 3 in older files as well. */
function listOf(layer: Json, node: unknown, place: Place): Port[] {
  if (!Array.isArray(node)) throw bad(place.file, `got ${quoted(node)} for a call of a layer`);
  const entries = (typeof node[0] === 'string' ? [node] : node) as unknown[];
  const ports: Port[] = [];
  for (const entry of entries) {
    ports.push(portOf(entry, place));
    const options = (entry as unknown[])[3];
    if (isObject(options)) ports.push(...optionTensors(layer, options, place, (value) => portOf(value, place)));
  }
  return ports;
}

/** Keras 3: positional and named arguments with tensors in them. */
function argumentsOf(layer: Json, { args, kwargs }: Json, place: Place): Port[] {
  const tensor = (value: unknown): Port => {
    const config = isObject(value) && value['class_name'] === '__keras_tensor__' ? value['config'] : undefined;
    if (!isObject(config))
      throw unsupported(
        place,
        layer,
        `got ${quoted(value)} for an argument; expected tensors alone`,
        'call layers with tensors alone',
      );
    return portOf(config['keras_history'], place);
  };
  const ports = ([args] as unknown[]).flat(2).map(tensor);
  return isObject(kwargs) ? [...ports, ...optionTensors(layer, kwargs, place, tensor)] : ports;
}

/** Tensors among named arguments; others must not be given. */
function optionTensors(layer: Json, options: Json, place: Place, tensor: (value: unknown) => Port): Port[] {
  const names = place.dialect.layers[String(layer['class_name'])]?.tensors ?? [];
  for (const [key, value] of Object.entries(options))
    if (!names.includes(key) && value !== null && value !== false)
      throw unsupported(
        place,
        layer,
        `called with ${key} ${quoted(value)}; expected ${['tensors', ...names].join(', ')} alone`,
        'build the network without it',
      );
  return names.filter((key) => (options[key] ?? null) !== null).map((key) => tensor(options[key]));
}

/** TensorFlow.js counts the calls of models within from 1; Keras 3 and some files of Keras 2 count from 0. */
function shiftOf(layers: readonly Json[], ports: readonly Port[]): Map<string, number> {
  const shifts = new Map<string, number>();
  for (const layer of layers) {
    if (!MODELS.includes(String(layer['class_name'])) || !isObject(layer['config'])) continue;
    const { name } = layer['config'];
    const calls = ports.filter(([from]) => from === name).map(([, call]) => call);
    if (calls.length > 0) shifts.set(String(name), 1 - Math.min(...calls));
  }
  return shifts;
}
