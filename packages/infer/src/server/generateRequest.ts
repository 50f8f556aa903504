/** @file Requests to a generator, read and checked; answers, written. */
import { JetError, shortText, sizeOf, type Tensor } from '@jetsdk/jets';
import { count, listOf, object, oneOf, orNull, text, whole } from '@jetsdk/jets/json';
import type { Generator } from '../generation/generator.js';
import { checkRequest } from '../generation/request.js';
import { decodeTensors, HEADER_LENGTH, joinBody, readPart, readTensors, toBytes } from '../protocol/body.js';
import { NOISE_INPUT } from '../protocol/keys.js';
import type { Job } from './batcher.js';
import { openRequest, wrong } from './inferRequest.js';
import type { ServedGenerator } from './served.js';

/** A request whose size is known. */
export interface GenerateRequest {
  /** that what is generated takes, beside the body */
  readonly bytes: number;
  /** @throws {JetError} as `checkRequest`: what is asked for makes no sense */
  job(): Job;
  answer(numbers: Float32Array): Response;
}

const yes = orNull((value) => value === true);
/** Parameters, which say what noise is made here, and whether tensors are sent as bytes. */
const REQUEST = object(
  {
    id: orNull(text),
    parameters: orNull(
      object(
        {
          seed: orNull(whole(0, 2 ** 32 - 1)),
          first: orNull(count),
          outside: orNull(oneOf('refuse', 'allow')),
          binary_data_output: yes,
        },
        'dropped',
      ),
    ),
    outputs: orNull(
      listOf(object({ name: text, parameters: orNull(object({ binary_data: yes }, 'dropped')) }, 'dropped'), 1),
    ),
  },
  'dropped',
);

/**
 * A request for showers or jets: conditions (n, 1) of each, and their noise (n, columns), or the parameters `seed` and `first`
 * that it follows from.
 *
 * @param maxBytes of what is generated and what it is made of
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH; LIMIT_EXCEEDED for too many
 */
export function parseGenerateRequest(
  served: ServedGenerator,
  body: Uint8Array,
  headerLength: string | undefined,
  maxBytes: number,
): GenerateRequest {
  const { card } = served.generator.info;
  const { json, binary } = openRequest(body, headerLength);
  const { id, parameters = {}, outputs } = readPart(json, 'request', REQUEST, wrong);
  const tensors = readTensors(json, 'inputs', wrong);
  const names = card.conditions.map(({ name }) => name);
  const given = tensors.map(({ name }) => name);
  const withNoise = given.includes(NOISE_INPUT);
  const expected = withNoise ? [NOISE_INPUT, ...names] : names;
  if (given.length !== expected.length || !expected.every((name) => given.includes(name)))
    throw wrong(
      `inputs ${
        given
          .slice(0, 10)
          .map((name) => shortText(name, 60))
          .join(', ') || 'none'
      }; expected ${names.join(', ')}, with the parameter seed or the input ${NOISE_INPUT}`,
    );
  const [
    {
      shape: [n = 0],
    },
  ] = tensors as [(typeof tensors)[0]];
  for (const { name, datatype, shape } of tensors) {
    if (datatype !== 'FP32') throw wrong(`input ${name} has datatype ${shortText(datatype, 20)}; expected FP32`);
    const columns = name === NOISE_INPUT ? card.noise : 1;
    if (shape.join() !== `${n},${columns}` && !(columns === 1 && shape.join() === `${n}`))
      throw new JetError(
        'SHAPE_MISMATCH',
        `infer: input ${name} has shape (${shape.join(', ')}); expected (${n}, ${columns})`,
        { shape, expected: [n, columns] },
      );
  }
  const width = card.outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  // noise and conditions once, outputs in one array and in one of each
  const rowBytes = 4 * (card.noise + names.length + 2 * width);
  const most = Math.max(1, Math.floor(maxBytes / rowBytes));
  if (n > most)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `infer: ${n} of ${card.name}; expected at most ${most} in a request; ask for more in parts, by the parameter first`,
      { asked: n, most },
    );
  const wanted = outputs?.map(({ name }) => name) ?? card.outputs.map(({ name }) => name);
  const odd = wanted.find((name) => !card.outputs.some((one) => one.name === name));
  if (odd !== undefined)
    throw wrong(
      `output ${shortText(odd, 60)} is asked for; expected ${card.outputs.map(({ name }) => name).join(', ')}`,
    );
  const asBytes = outputs?.[0]?.parameters?.binary_data ?? parameters.binary_data_output ?? false;
  return {
    bytes: n * rowBytes,
    job() {
      const decoded = decodeTensors(tensors, binary, wrong);
      const numbers = (name: string): Float32Array => decoded[given.indexOf(name)];
      const { seed, first, outside } = parameters;
      const { feeds } = checkRequest(card, n, {
        ...(withNoise && { noise: { shape: [n, card.noise], data: numbers(NOISE_INPUT) } }),
        ...(seed !== undefined && { seed }),
        ...(first !== undefined && { first }),
        ...(outside !== undefined && { outside }),
        conditions: Object.fromEntries(names.map((name) => [name, numbers(name)])),
        onWarning: () => undefined,
      });
      const made = feeds(0, n);
      return {
        key: 'generate',
        jets: n,
        arrays: [NOISE_INPUT, ...names].map((name) => made[name].data),
        run: (rows, [noise, ...conditions]) => run(served.generator, rows, noise!, conditions),
      };
    },
    answer: (numbers) => answer(served, { id, wanted, asBytes, n }, numbers),
  };
}

/** What a row has of every output, one behind the other. */
async function run(
  generator: Generator,
  rows: number,
  noise: Float32Array,
  conditions: readonly Float32Array[],
): Promise<Float32Array> {
  const { card } = generator.info;
  const { outputs } = await generator.generate(rows, {
    noise: { shape: [rows, card.noise], data: noise },
    conditions: Object.fromEntries(card.conditions.map(({ name }, i) => [name, conditions[i]])),
    outside: 'allow',
    onWarning: () => undefined,
  });
  const parts = card.outputs.map(({ name, shape }) => ({ data: outputs[name].data, size: sizeOf(shape) }));
  const width = parts.reduce((sum, { size }) => sum + size, 0);
  const all = new Float32Array(rows * width);
  let start = 0;
  for (const { data, size } of parts) {
    for (let row = 0; row < rows; row++) all.set(data.subarray(row * size, (row + 1) * size), row * width + start);
    start += size;
  }
  return all;
}

function answer(
  { name, version, generator }: ServedGenerator,
  { id, wanted, asBytes, n }: { id: string | undefined; wanted: readonly string[]; asBytes: boolean; n: number },
  numbers: Float32Array,
): Response {
  const width = n === 0 ? 0 : numbers.length / n;
  let start = 0;
  const made = new Map<string, Tensor>();
  for (const output of generator.info.card.outputs) {
    const size = sizeOf(output.shape);
    const data = new Float32Array(n * size);
    for (let row = 0; row < n; row++)
      data.set(numbers.subarray(row * width + start, row * width + start + size), row * size);
    made.set(output.name, { shape: [n, ...output.shape], data });
    start += size;
  }
  const head = { model_name: name, model_version: version, ...(id !== undefined && { id }) };
  const tensors = wanted.map((output) => ({ name: output, datatype: 'FP32', ...made.get(output)! }));
  if (!asBytes)
    return Response.json({ ...head, outputs: tensors.map((one) => ({ ...one, data: Array.from(one.data) })) });
  const parts = tensors.map(({ data }) => toBytes(data, 'FP32'));
  const outputs = tensors.map(({ name: output, datatype, shape }, i) => ({
    name: output,
    datatype,
    shape,
    parameters: { binary_data_size: parts[i].length },
  }));
  const { body, headerLength } = joinBody({ ...head, outputs }, parts);
  return new Response(body, {
    headers: { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(headerLength) },
  });
}
