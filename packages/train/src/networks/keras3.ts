/** @file Keras 3 writes configurations differently; here they become what Keras 2 and TensorFlow.js write. */
import { JetError } from '@jetsdk/jets';
import { isObject } from '@jetsdk/jets/json';

type Json = Readonly<Record<string, unknown>>;

/** Whether Keras 3 wrote a model: it says in which module each class lies. */
export const isKeras3 = (model: Json): boolean => 'module' in model;

/** Keys of a layer's configuration by the names of Keras 2, with what their values become. */
const KEYS: Readonly<Record<string, (value: unknown, where: string) => Json>> = {
  batch_shape: (value) => ({ batch_input_shape: value }),
  dtype: (value, where) => {
    const name = isObject(value) && isObject(value['config']) ? value['config']['name'] : value;
    if (name !== 'float32') throw new JetError('UNSUPPORTED', `${where}: got dtype ${String(name)}; expected float32`);
    return { dtype: name };
  },
  axis: (value) => ({ axis: Array.isArray(value) && value.length === 1 ? value[0] : value }),
};

/**
 * A model as Keras 2 would have written it.
 *
 * @throws {JetError} UNSUPPORTED for classes that are not of Keras, and numbers that are not float32
 */
export function fromKeras3(model: Json, where: string): Json {
  return plainClass(model, where);
}

function plainClass(value: Json, where: string): Json {
  const { class_name: kind, config, module, registered_name: custom, inbound_nodes: nodes } = value;
  const named = isObject(config) && typeof config['name'] === 'string' ? `, layer ${config['name']}` : '';
  const place = `${where}${named}`;
  if (typeof module !== 'string' || !/^keras(\.|$)/.test(module))
    throw new JetError(
      'UNSUPPORTED',
      `${place}: got class ${String(custom ?? kind)} of ${String(module)}; expected layers of Keras; replace it by these`,
    );
  return {
    class_name: kind,
    ...(isObject(config) && { config: plainConfig(config, place) }),
    ...(typeof value['name'] === 'string' && { name: value['name'] }),
    ...(Array.isArray(nodes) && { inbound_nodes: nodes.map((node) => inboundNode(node, place)) }),
  };
}

function plainConfig(config: Json, where: string): Json {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    const translate = KEYS[key];
    if (translate) Object.assign(plain, translate(value, where));
    else if ((key === 'input_layers' || key === 'output_layers') && Array.isArray(value))
      // a single one is written without a list around it
      plain[key] = typeof value[0] === 'string' ? [value] : value;
    else plain[key] = plainValue(value, where);
  }
  return plain;
}

function plainValue(value: unknown, where: string): unknown {
  if (Array.isArray(value)) return value.map((one) => plainValue(one, where));
  if (!isObject(value) || typeof value['class_name'] !== 'string') return value;
  // activations are functions, which are written by their names
  if (value['class_name'] === 'function') return value['config'];
  return plainClass(value, where);
}

/** `{ args, kwargs }` with tensors in it becomes a list of [layer, node, tensor, kwargs]. */
function inboundNode(node: unknown, where: string): unknown {
  if (!isObject(node) || !Array.isArray(node['args'])) return node;
  const tensors: unknown[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) collect(one);
    else if (isObject(value) && value['class_name'] === '__keras_tensor__') {
      const history = isObject(value['config']) ? value['config']['keras_history'] : undefined;
      if (Array.isArray(history)) tensors.push([...(history as unknown[]), {}]);
    } else
      throw new JetError(
        'UNSUPPORTED',
        `${where}: got an argument that is no tensor; expected layers of tensors alone`,
      );
  };
  collect(node['args']);
  return tensors;
}
