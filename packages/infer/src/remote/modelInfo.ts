/** @file What a server says about itself and a model. */
import { CARD_KEY } from '@jetsdk/onnx/card';
import type { ServedModel } from '../model/servedModel.js';
import { asObject } from '../protocol/body.js';
import { RECIPE_KEY, SHA256_KEY } from '../protocol/keys.js';
import type { ValueSpec } from '../runtime/runtime.js';
import { ask, type ClientOptions, remote } from './client.js';

/** An input or output with the protocol's name of its type. */
export interface WireSpec extends ValueSpec {
  /** e.g. `FP32` */
  readonly datatype: string;
}

/** Everything that decides how jets are sent and scores read. */
export interface ServedModelInfo {
  /** e.g. `triton 2.50.0` */
  readonly server: string;
  readonly platform: string;
  readonly inputs: readonly WireSpec[];
  readonly outputs: readonly WireSpec[];
  /** whether the server takes and gives tensors as bytes */
  readonly binary: boolean;
  /** jets that the server takes at once, where it says so */
  readonly maxBatch: number | undefined;
  /** what the model's configuration carries for us: card, recipe, SHA-256 */
  readonly parameters: ReadonlyMap<string, string>;
}

const TYPES: Readonly<Record<string, string>> = { FP16: 'float16', FP32: 'float32', FP64: 'float64' };

/** @throws {JetError} REMOTE, CANCELLED */
export async function fetchModelInfo({ server, model }: ServedModel, options: ClientOptions): Promise<ServedModelInfo> {
  const about = (await ask(server, {}, options)).json;
  const { extensions } = about;
  const has = (name: string): boolean => Array.isArray(extensions) && extensions.includes(name);
  const metadata = (await ask(model, {}, options)).json;
  const config = has('model_configuration') ? (await ask(`${model}/config`, {}, options)).json : {};
  const { max_batch_size } = config;
  return {
    server: [about['name'], about['version']].filter((part) => typeof part === 'string').join(' '),
    platform: typeof metadata['platform'] === 'string' ? metadata['platform'] : '',
    inputs: readSpecs(model, 'inputs', metadata['inputs']),
    outputs: readSpecs(model, 'outputs', metadata['outputs']),
    binary: has('binary_tensor_data'),
    maxBatch: typeof max_batch_size === 'number' && max_batch_size >= 1 ? Math.floor(max_batch_size) : undefined,
    parameters: readParameters(config['parameters']),
  };
}

function readSpecs(model: string, list: string, value: unknown): WireSpec[] {
  const wrong = (problem: string) => remote(model, `the model's metadata has ${problem}`);
  if (!Array.isArray(value) || value.length === 0) throw wrong(`no ${list}`);
  return value.map((entry) => {
    const { name, datatype, shape } = asObject(entry, () => wrong(`${list} that are no objects`));
    if (typeof name !== 'string' || typeof datatype !== 'string' || !Array.isArray(shape))
      throw wrong(`${list} without name, datatype or shape`);
    const sizes = shape.map((size) => Number(size));
    if (!sizes.every((size) => Number.isSafeInteger(size) && size >= -1))
      throw wrong(`${list} of shape (${shape.join(', ').slice(0, 100)})`);
    return { name, datatype, type: TYPES[datatype], shape: sizes.map((size) => (size === -1 ? undefined : size)) };
  });
}

const OURS: readonly string[] = [CARD_KEY, RECIPE_KEY, SHA256_KEY];

/** Triton writes a parameter as `{"string_value": "…"}`. */
function readParameters(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, entry] of Object.entries(value))
    if (
      typeof entry === 'object' &&
      entry !== null &&
      'string_value' in entry &&
      typeof entry.string_value === 'string'
    )
      if (OURS.includes(key)) found.set(key, entry.string_value);
  return found;
}
