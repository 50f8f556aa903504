import type { Tensor } from '@jetsdk/jets';
import { HEADER_LENGTH, joinBody, toBytes } from '../protocol/body.js';

/** How tensors travel, and what else a server is told. */
export interface InferRequestOptions {
  /** behind the JSON object, in both directions */
  readonly asBytes: boolean;
  /** of inputs that are not FP32 */
  readonly datatypes?: ReadonlyMap<string, string>;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A request of the Open Inference Protocol, for `fetch`. */
export function inferRequest(
  feeds: Readonly<Record<string, Tensor>>,
  outputs: readonly string[],
  { asBytes, datatypes, parameters }: InferRequestOptions,
): RequestInit {
  const named = Object.entries(feeds).map(([name, { shape, data }]) => ({
    name,
    datatype: datatypes?.get(name) ?? 'FP32',
    shape,
    data,
  }));
  const told = parameters === undefined ? {} : { parameters };
  if (!asBytes) {
    const inputs = named.map((tensor) => ({ ...tensor, data: Array.from(tensor.data) }));
    const body = JSON.stringify({ ...told, inputs, outputs: outputs.map((name) => ({ name })) });
    return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  }
  const parts = named.map(({ data, datatype }) => toBytes(data, datatype));
  const inputs = named.map(({ name, datatype, shape }, i) => ({
    name,
    datatype,
    shape,
    parameters: { binary_data_size: parts[i].length },
  }));
  const { body, headerLength } = joinBody(
    { ...told, inputs, outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })) },
    parts,
  );
  return {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(headerLength) },
    body,
  };
}
