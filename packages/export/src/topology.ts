/** @file The topology of a layers model: a tree of nested models becomes layers with calls. */
import { JetError, quoted } from '@jetsdk/jets';
import { requireDepth } from '@jetsdk/jets/json';

/** Output `tensor` of the `call`-th use of a layer. */
export interface Port {
  readonly layer: string;
  readonly call: number;
  readonly tensor: number;
}

/** One layer instance; its weights are shared by all its calls. */
export interface LayerSpec {
  /** layer names from the outermost model inwards, joined by `/` */
  readonly path: string;
  readonly name: string;
  /** `class_name` */
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** the inputs of each call */
  readonly calls: readonly (readonly Port[])[];
  /** where the layer is itself a model */
  readonly model?: ModelSpec;
}

export interface ModelSpec {
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

type Json = Readonly<Record<string, unknown>>;

const MODEL_KINDS = ['Sequential', 'Model', 'Functional'];

function bad(where: string, problem: string, details: Json = {}): JetError {
  return new JetError('BAD_MODEL', `${where}: ${problem}; expected a topology as tfjs-layers writes it`, details);
}

function object(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(where, 'not an object');
  return value as Json;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(where, 'not a list');
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw bad(where, `got ${quoted(value)} for a name`);
  return value;
}

/**
 * Reads what `model.toJSON(null, false)` returns.
 *
 * @throws {JetError} BAD_MODEL if it is not a topology, UNSUPPORTED if the outermost class is not a model
 */
export function parseTopology(topology: Json): ModelSpec {
  requireDepth(topology, { where: 'topology', code: 'BAD_MODEL' });
  const kind = text(topology.class_name, 'topology.class_name');
  if (!MODEL_KINDS.includes(kind))
    throw new JetError('UNSUPPORTED', `topology: class ${kind}; supported: ${MODEL_KINDS.join(', ')}`, { kind });
  return parseModel(kind, object(topology.config, 'topology.config'), '');
}

function parseModel(kind: string, config: Json, path: string): ModelSpec {
  const name = text(config.name, `${path || 'model'}: name`);
  const where = path || name;
  const layers = list(config.layers, `${where}: layers`).map((layer) => object(layer, `${where}: layer`));
  if (layers.length === 0) throw bad(where, 'a model without layers');
  return kind === 'Sequential' ? sequential(name, layers, path) : functional(name, config, layers, path);
}

function layerSpec(layer: Json, path: string, calls: LayerSpec['calls']): LayerSpec {
  const kind = text(layer.class_name, `${path || 'model'}: class_name of a layer`);
  const config = object(layer.config, `${path}: config of a ${kind}`);
  const name = text(config.name, `${path}: name of a ${kind}`);
  const inside = path === '' ? name : `${path}/${name}`;
  return {
    path: inside,
    name,
    kind,
    config,
    calls,
    ...(MODEL_KINDS.includes(kind) ? { model: parseModel(kind, config, inside) } : {}),
  };
}

function sequential(name: string, layers: readonly Json[], path: string): ModelSpec {
  const specs: LayerSpec[] = [];
  if (layers[0].class_name !== 'InputLayer') specs.push(inputBefore(layers[0], path));
  for (const layer of layers) {
    const before = specs.at(-1);
    specs.push(layerSpec(layer, path, before === undefined ? [] : [[port(before.name)]]));
  }
  return { name, layers: specs, inputs: [port(specs[0].name)], outputs: [port(specs[specs.length - 1].name)] };
}

function port(layer: string): Port {
  return { layer, call: 0, tensor: 0 };
}

/** The InputLayer that tfjs puts before the first layer of a Sequential without writing it. */
function inputBefore(first: Json, path: string): LayerSpec {
  const { name, kind, config, model } = layerSpec(first, path, []);
  if (model !== undefined) {
    const inner = model.layers.find((layer) => layer.name === model.inputs[0].layer);
    if (inner === undefined || model.inputs.length !== 1)
      throw bad(name, `a nested model with ${model.inputs.length} inputs at the start of a Sequential`);
    return { ...inner, path: path === '' ? inner.name : `${path}/${inner.name}`, calls: [] };
  }
  if (config.batch_input_shape === undefined)
    throw new JetError(
      'BAD_MODEL',
      `${name} (${kind}): no batch_input_shape; give the first layer of the Sequential an inputShape`,
      { layer: name },
    );
  const input = `${name}_input`;
  return {
    path: path === '' ? input : `${path}/${input}`,
    name: input,
    kind: 'InputLayer',
    config: { name: input, batch_input_shape: config.batch_input_shape, dtype: config.dtype },
    calls: [],
  };
}

function functional(name: string, config: Json, layers: readonly Json[], path: string): ModelSpec {
  const where = path || name;
  const containers = new Set<string>();
  for (const layer of layers)
    if (MODEL_KINDS.includes(String(layer.class_name)))
      containers.add(text(object(layer.config, where).name, `${where}: name of a nested model`));
  // tfjs counts the calls of a nested model from 1: call 0 is the one on its own inputs.
  const ports = (entries: unknown, key: string): Port[] =>
    list(entries, `${where}: ${key}`).map((entry) => {
      const [layer, call, tensor, options] = list(entry, `${where}: ${key}`);
      if (!Number.isInteger(call) || !Number.isInteger(tensor)) throw bad(where, `${key}: ${quoted(entry)}`);
      if (options !== undefined && options !== null && Object.keys(object(options, `${where}: ${key}`)).length > 0)
        throw new JetError('UNSUPPORTED', `${where}: call options ${quoted(options)}; supported: none`, {
          options,
        });
      const from = text(layer, `${where}: ${key}`);
      return { layer: from, call: Number(call) - (containers.has(from) ? 1 : 0), tensor: Number(tensor) };
    });
  return {
    name,
    layers: layers.map((layer) =>
      layerSpec(
        layer,
        path,
        list(layer.inbound_nodes, `${where}: inbound_nodes`).map((call) => ports(call, 'inbound_nodes')),
      ),
    ),
    inputs: ports(config.input_layers, 'input_layers'),
    outputs: ports(config.output_layers, 'output_layers'),
  };
}

/**
 * Runs a model over any kind of value, layer by layer, each after what it reads.
 *
 * @param inputs one for each of the model's inputs
 * @param apply what one call of one layer does; nested models are entered, not applied
 * @returns one for each of the model's outputs
 * @throws {JetError} BAD_MODEL on a cycle, or on a reference to nothing
 */
export function evaluate<T>(
  model: ModelSpec,
  inputs: readonly T[],
  apply: (layer: LayerSpec, inputs: readonly T[]) => T,
): T[] {
  const where = model.name;
  const made = new Map<string, readonly T[]>();
  const key = ({ layer, call }: Pick<Port, 'layer' | 'call'>): string => `${call} ${layer}`;
  if (inputs.length !== model.inputs.length)
    throw bad(where, `${inputs.length} inputs for a model with ${model.inputs.length}`);
  model.inputs.forEach((input, i) => {
    made.set(key({ layer: input.layer, call: 0 }), [inputs[i]]);
  });
  const get = ({ layer, call, tensor }: Port): T => {
    const outputs = made.get(key({ layer, call }));
    if (outputs === undefined || tensor >= outputs.length)
      throw bad(where, `nothing makes tensor ${tensor} of call ${call} of ${quoted(layer)}`);
    return outputs[tensor];
  };
  let waiting = model.layers.flatMap((layer) => layer.calls.map((from, call) => ({ layer, from, call })));
  while (waiting.length > 0) {
    const blocked = [];
    for (const one of waiting) {
      if (one.from.some((from) => !made.has(key(from)))) {
        blocked.push(one);
        continue;
      }
      const values = one.from.map(get);
      const { layer } = one;
      made.set(
        key({ layer: layer.name, call: one.call }),
        layer.model === undefined ? [apply(layer, values)] : evaluate(layer.model, values, apply),
      );
    }
    if (blocked.length === waiting.length)
      throw bad(where, `layer ${quoted(blocked[0].layer.name)} waits for what nothing makes, or for itself`, {
        layer: blocked[0].layer.name,
      });
    waiting = blocked;
  }
  return model.outputs.map(get);
}
