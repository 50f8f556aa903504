/** @file Inference requests, read and checked; answers, written. */
import { JetError, shortText } from '@jetsdk/jets';
import { type Checked, listOf, object, optional, orNull, text } from '@jetsdk/jets/json';
import {
  type Body,
  decodeTensors,
  HEADER_LENGTH,
  joinBody,
  readPart,
  readTensors,
  splitBody,
  toBytes,
} from '../protocol/body.js';
import type { JetArrays } from '../scoring/tagger.js';
import type { Job } from './batcher.js';
import type { ServedInput, ServedJets, ServedOutput } from './served.js';

/** A request that can be scored. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly job: Job;
  readonly output: ServedOutput;
  /** whether the scores are sent as bytes */
  readonly asBytes: boolean;
}

/** JSON takes more memory than its text; larger tensors are sent as bytes. */
const MAX_JSON_BYTES = 2 ** 24;

/** Parameters that say whether tensors are sent as bytes, by default and of one output. */
const REQUEST = object(
  {
    id: orNull(text),
    parameters: orNull(object({ binary_data_output: optional((value) => value === true) }, 'dropped')),
    outputs: orNull(
      listOf(
        object(
          {
            name: text,
            parameters: orNull(object({ binary_data: orNull((value) => value === true) }, 'dropped')),
          },
          'dropped',
        ),
        0,
        1,
      ),
    ),
  },
  'dropped',
);
type Wanted = Checked<typeof REQUEST>;

export const wrong = (problem: string): JetError => new JetError('BAD_ARGUMENT', `infer: ${problem}`);

/**
 * A body, taken apart.
 *
 * @throws {JetError} BAD_ARGUMENT; LIMIT_EXCEEDED for more JSON than is parsed
 */
export function openRequest(bytes: Uint8Array, headerLength: string | undefined): Body {
  const jsonBytes = headerLength === undefined ? bytes.length : Number(headerLength);
  if (jsonBytes > MAX_JSON_BYTES && jsonBytes <= bytes.length)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `infer: ${jsonBytes} bytes of JSON; expected at most ${MAX_JSON_BYTES}; send less at once, or the tensors as bytes`,
    );
  return splitBody(bytes, headerLength, wrong);
}

/**
 * @param headerLength value of the header `Inference-Header-Content-Length`
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE, LIMIT_EXCEEDED
 */
export function parseInferRequest(
  served: ServedJets,
  bytes: Uint8Array,
  headerLength: string | undefined,
): InferRequest {
  const { json, binary } = openRequest(bytes, headerLength);
  const { id, parameters, outputs } = readPart(json, 'request', REQUEST, wrong);
  const tensors = readTensors(json, 'inputs', wrong);
  const expected = expectedInputs(served, tensors);
  const ordered = expected.map((input) => {
    const found = tensors.find(({ name }) => name === input.name)!;
    if (found.datatype !== 'FP32')
      throw wrong(`input ${input.name} has datatype ${found.datatype.slice(0, 20)}; expected FP32`);
    requireShape(input, found.shape);
    return found;
  });
  const jets = ordered[0].shape[0];
  const other = ordered.find(({ shape }) => shape[0] !== jets);
  if (other !== undefined)
    throw new JetError(
      'SHAPE_MISMATCH',
      `infer: input ${other.name} has ${other.shape[0]} jets; expected ${jets}, as ${ordered[0].name}`,
    );
  const decoded = decodeTensors(tensors, binary, wrong);
  const arrays = ordered.map((tensor) => decoded[tensors.indexOf(tensor)]);
  for (const [i, data] of arrays.entries()) requireFinite(expected[i].name, data, jets);
  const { output, asBytes } = wantedOutput(served, parameters, outputs);
  return {
    id,
    job: jobOf(
      output,
      expected,
      ordered.map(({ shape }) => shape),
      arrays,
    ),
    output,
    asBytes,
  };
}

/** The network's inputs, or the constituents instead. */
function expectedInputs(
  { inputs, constituents }: ServedJets,
  tensors: readonly { readonly name: string }[],
): readonly ServedInput[] {
  const given = tensors.map(({ name }) => name);
  const expected = constituents !== undefined && given.includes(constituents.name) ? [constituents] : inputs;
  if (given.length !== expected.length || !expected.every(({ name }) => given.includes(name))) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw wrong(
      `inputs ${
        given
          .slice(0, 10)
          .map((name) => name.slice(0, 60))
          .join(', ') || 'none'
      }; expected ${names}${constituents === undefined ? '' : `, or ${constituents.name}`}`,
    );
  }
  return expected;
}

function requireShape(input: ServedInput, shape: readonly number[]): void {
  const fits =
    shape.length === input.shape.length + 1 &&
    input.shape.every((size, i) => (size === undefined ? shape[i + 1] >= 1 : shape[i + 1] === size));
  if (!fits)
    throw new JetError(
      'SHAPE_MISMATCH',
      `infer: input ${input.name} has shape (${shape.join(', ')}); expected (n, ${input.shape.map((size) => size ?? '?').join(', ')})`,
      { shape, expected: input.shape },
    );
}

function requireFinite(name: string, data: Float32Array, jets: number): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const size = data.length / jets;
  const jet = Math.floor(at / size);
  throw new JetError(
    'NOT_FINITE',
    `infer: number ${at % size} of jet ${jet} in input ${name} is ${data[at]}; expected finite numbers of float32`,
    { jet, index: at % size },
  );
}

function jobOf(
  output: ServedOutput,
  inputs: readonly ServedInput[],
  shapes: readonly (readonly number[])[],
  arrays: readonly Float32Array[],
): Job {
  const [input] = inputs as [ServedInput];
  const [shape] = shapes as [readonly number[]];
  const build = (jets: number, [data, ...more]: readonly Float32Array[]): JetArrays => {
    if (more.length === 0 && input.kind === 'images')
      return { kind: 'images', shape: [jets, shape[1], shape[2], shape[3]], data: data! };
    if (more.length === 0 && input.kind === 'constituents')
      return { kind: 'constituents', shape: [jets, shape[1], 4], data: data! };
    const named = inputs.map(({ name }, i) => {
      const [, ...jet] = shapes[i];
      return [name, { shape: [jets, ...jet], data: i === 0 ? data! : more[i - 1] }];
    });
    return { kind: 'inputs', inputs: Object.fromEntries(named) };
  };
  return {
    key: JSON.stringify([output.name, ...shapes.map(([, ...jet], i) => [inputs[i].name, jet])]),
    jets: shape[0],
    arrays,
    run: (jets, arrays) => output.run(build(jets, arrays)),
  };
}

/** @throws {JetError} BAD_ARGUMENT if another output is wanted */
function wantedOutput(
  { outputs: given }: ServedJets,
  parameters: Wanted['parameters'],
  outputs: Wanted['outputs'],
): { readonly output: ServedOutput; readonly asBytes: boolean } {
  const byDefault = parameters?.binary_data_output ?? false;
  const [first] = given as [ServedOutput];
  const wanted = outputs?.[0];
  if (wanted === undefined) return { output: first, asBytes: byDefault };
  const output = given.find(({ name }) => name === wanted.name);
  if (output === undefined)
    throw wrong(
      `output ${shortText(wanted.name, 60)} is asked for; expected ${given.map(({ name }) => name).join(' or ')}`,
    );
  return { output, asBytes: wanted.parameters?.binary_data ?? byDefault };
}

/** @param numbers of all jets */
export function inferResponse(
  { name, version }: ServedJets,
  { id, asBytes, job, output: wanted }: InferRequest,
  numbers: Float32Array,
): Response {
  const output = { name: wanted.name, datatype: 'FP32', shape: [job.jets, ...wanted.shape] };
  const head = { model_name: name, model_version: version, ...(id !== undefined && { id }) };
  if (!asBytes) return Response.json({ ...head, outputs: [{ ...output, data: Array.from(numbers) }] });
  const bytes = toBytes(numbers, 'FP32');
  const { body, headerLength } = joinBody(
    { ...head, outputs: [{ ...output, parameters: { binary_data_size: bytes.length } }] },
    [bytes],
  );
  return new Response(body, {
    headers: { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(headerLength) },
  });
}
