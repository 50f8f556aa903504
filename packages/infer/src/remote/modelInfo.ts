/** @file What a server says about itself and a model. */
import { type Check, type Checked, finite, listOf, object, orNull, text, whole } from '@jetsdk/jets/json';
import { CARD_KEY, GENERATOR_KEY, REGRESSOR_KEY } from '@jetsdk/onnx/card';
import type { ServedModel } from '../model/servedModel.js';
import { readPart } from '../protocol/body.js';
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

const ABOUT = object(
  { name: orNull(text), version: orNull(text), extensions: orNull(listOf((extension) => extension)) },
  'dropped',
);

/** A size of -1 is open; Triton also writes sizes as texts. */
const size: Check<number> = (value, at) => whole(-1)(typeof value === 'string' ? Number(value) : value, at);
const VALUES = listOf(object({ name: text, datatype: text, shape: listOf(size) }, 'dropped'), 1);
const METADATA = object({ platform: orNull(text), inputs: VALUES, outputs: VALUES }, 'dropped');

/** Triton writes a parameter as `{"string_value": "…"}`. */
const parameter = orNull(object({ string_value: text }, 'dropped'));
const OURS = [CARD_KEY, REGRESSOR_KEY, GENERATOR_KEY, RECIPE_KEY, SHA256_KEY] as const;
const CONFIG = object(
  {
    max_batch_size: orNull(finite),
    parameters: orNull(
      object(
        {
          [CARD_KEY]: parameter,
          [REGRESSOR_KEY]: parameter,
          [GENERATOR_KEY]: parameter,
          [RECIPE_KEY]: parameter,
          [SHA256_KEY]: parameter,
        },
        'dropped',
      ),
    ),
  },
  'dropped',
);

/** @throws {JetError} REMOTE, CANCELLED */
export async function fetchModelInfo({ server, model }: ServedModel, options: ClientOptions): Promise<ServedModelInfo> {
  const said = async <T>(url: string, check: Check<T>): Promise<T> =>
    readPart((await ask(url, {}, options)).json, 'answer', check, (problem) => remote(url, problem));
  const { name, version, extensions = [] } = await said(server, ABOUT);
  const { platform = '', inputs, outputs } = await said(model, METADATA);
  const configured = extensions.includes('model_configuration');
  const { max_batch_size: most = 0, parameters = {} } = configured ? await said(`${model}/config`, CONFIG) : {};
  return {
    server: [name, version].filter((part) => part !== undefined).join(' '),
    platform,
    inputs: inputs.map(specOf),
    outputs: outputs.map(specOf),
    binary: extensions.includes('binary_tensor_data'),
    maxBatch: most >= 1 ? Math.floor(most) : undefined,
    parameters: new Map(
      OURS.flatMap((key) => {
        const found = parameters[key];
        return found === undefined ? [] : [[key, found.string_value]];
      }),
    ),
  };
}

const specOf = ({ name, datatype, shape }: Checked<typeof VALUES>[number]): WireSpec => ({
  name,
  datatype,
  type: TYPES[datatype],
  shape: shape.map((size) => (size === -1 ? undefined : size)),
});
