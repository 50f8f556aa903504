/** @file Bodies of the Open Inference Protocol: a JSON object, and behind it the tensors that are sent as bytes. */
import { fromHalf, isJetError, type JetError, joinBytes, quoted, shortText, sizeOf, toHalf } from '@jetsdk/jets';
import {
  type Check,
  count,
  isObject,
  isTooDeep,
  listOf,
  MAX_JSON_DEPTH,
  object,
  optional,
  orNull,
  text,
} from '@jetsdk/jets/json';

/** Tells where the JSON object ends and the bytes begin. */
export const HEADER_LENGTH = 'inference-header-content-length';

/** A tensor as the protocol writes it. */
export interface WireTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** numbers, flat or nested; undefined where they are sent as bytes */
  readonly data?: unknown;
  readonly parameters?: { readonly binary_data_size?: number; readonly binary_data?: boolean };
}

/** The parts of a body. */
export interface Body {
  readonly json: Readonly<Record<string, unknown>>;
  /** what follows the JSON object */
  readonly binary: Uint8Array;
}

/** Datatypes of numbers that are floating point. */
const SIZES: Readonly<Record<string, number>> = { FP16: 2, FP32: 4, FP64: 8 };

/** Makes the error of one side: what is wrong with the body, and what was expected. */
export type Wrong = (problem: string) => JetError;

/**
 * @param headerLength value of the header `Inference-Header-Content-Length`, where there is one
 * @throws {JetError} of `wrong`'s making if the length does not fit or the text is no JSON object
 */
export function splitBody(bytes: Uint8Array, headerLength: string | null | undefined, wrong: Wrong): Body {
  const length = headerLength == null ? bytes.length : /^\d{1,15}$/.test(headerLength) ? Number(headerLength) : -1;
  if (length < 0 || length > bytes.length)
    throw wrong(
      `header Inference-Header-Content-Length is ${headerLength}, the body has ${bytes.length} bytes; expected 0 to ${bytes.length}`,
    );
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes.subarray(0, length)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw wrong(`the body is not JSON (${shortText(cause.message, 120)}); expected a JSON object`);
  }
  if (isTooDeep(json))
    throw wrong(`the body is nested more than ${MAX_JSON_DEPTH} levels deep; expected a flatter one`);
  if (!isObject(json)) throw wrong(`the body is ${quoted(json)}; expected a JSON object`);
  return { json, binary: bytes.subarray(length) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A JSON object and tensors as one body. */
export function joinBody(
  json: unknown,
  binary: readonly Uint8Array[],
): { body: Uint8Array<ArrayBuffer>; headerLength: number } {
  const text = new TextEncoder().encode(JSON.stringify(json));
  return { body: joinBytes([text, ...binary]), headerLength: text.length };
}

/**
 * Checks a part of a body.
 *
 * @param where its place in the body, for messages
 * @throws {JetError} of `wrong`'s making
 */
export function readPart<T>(value: unknown, where: string, check: Check<T>, wrong: Wrong): T {
  try {
    return check(value, { where, code: 'BAD_ARGUMENT' });
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw wrong(cause.message);
  }
}

const TENSORS = listOf(
  object(
    {
      name: text,
      datatype: text,
      shape: listOf(count, 0, 8),
      data: optional((value) => value),
      parameters: orNull(object({ binary_data_size: orNull(count) }, 'dropped')),
    },
    'dropped',
  ),
);

/**
 * Takes the tensors apart from what carries them. What a tensor lacks may also be null.
 *
 * @param key `inputs` or `outputs`
 * @throws {JetError} of `wrong`'s making
 */
export function readTensors(json: Readonly<Record<string, unknown>>, key: string, wrong: Wrong): WireTensor[] {
  return readPart(json[key], key, TENSORS, wrong).map(({ name, datatype, shape, data, parameters }) => {
    const bytes = parameters?.binary_data_size;
    const tensor = { name, datatype, shape };
    return bytes === undefined ? { ...tensor, data } : { ...tensor, parameters: { binary_data_size: bytes } };
  });
}

/**
 * The numbers of tensors, in their order.
 *
 * @param binary bytes of all tensors that are sent as bytes, one behind the other
 * @throws {JetError} of `wrong`'s making if there are not as many numbers as the shape says, or other things than
 *   numbers
 */
export function decodeTensors(tensors: readonly WireTensor[], binary: Uint8Array, wrong: Wrong): Float32Array[] {
  let at = 0;
  const arrays = tensors.map((tensor) => {
    const { name, datatype, shape, parameters } = tensor;
    const width = SIZES[datatype];
    if (width === undefined) throw wrong(`tensor ${name} holds ${datatype.slice(0, 20)}; expected FP32`);
    const count = sizeOf(shape);
    const bytes = parameters?.binary_data_size;
    if (bytes === undefined) return flatten(tensor, count, wrong);
    if (bytes !== count * width)
      throw wrong(`tensor ${name} of shape (${shape.join(', ')}) has ${bytes} bytes; expected ${count * width}`);
    if (at + bytes > binary.length)
      throw wrong(`${binary.length} bytes follow the JSON object; expected at least ${at + bytes}`);
    at += bytes;
    // `slice` of a Node Buffer is a view on memory that others use
    return fromBytes(new Uint8Array(binary.subarray(at - bytes, at)).buffer, width);
  });
  if (at !== binary.length)
    throw wrong(`${binary.length} bytes follow the JSON object; expected ${at}, the sum of binary_data_size`);
  return arrays;
}

function fromBytes(buffer: ArrayBuffer, width: number): Float32Array {
  if (width === 4) return new Float32Array(buffer);
  return width === 2 ? fromHalf(new Uint16Array(buffer)) : Float32Array.from(new Float64Array(buffer));
}

/** The bytes of numbers in a datatype. */
export function toBytes(data: Float32Array, datatype: string): Uint8Array {
  const array = datatype === 'FP16' ? toHalf(data) : datatype === 'FP64' ? Float64Array.from(data) : data;
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Numbers may be nested as the shape says, or flat; the depth is bounded by that of the shape. */
function flatten({ name, shape, data }: WireTensor, count: number, wrong: Wrong): Float32Array {
  if (!Array.isArray(data)) throw wrong(`tensor ${name} has no data; expected ${count} numbers`);
  if (!Array.isArray(data[0])) {
    if (data.length !== count)
      throw wrong(`tensor ${name} of shape (${shape.join(', ')}) has ${data.length} numbers; expected ${count}`);
    const flat = new Float32Array(count);
    for (let i = 0; i < count; i++) flat[i] = number(data[i]);
    return flat;
  }
  const numbers: number[] = [];
  const visit = (part: unknown, axis: number): void => {
    if (axis === shape.length) {
      numbers.push(number(part));
      return;
    }
    if (!Array.isArray(part) || part.length !== shape[axis])
      throw wrong(
        `data of tensor ${name} is nested otherwise than its shape (${shape.join(', ')}); expected ${shape[axis]} entries on axis ${axis}`,
      );
    for (const inner of part) visit(inner, axis + 1);
  };
  visit(data, 0);
  return Float32Array.from(numbers);

  function number(value: unknown): number {
    if (typeof value !== 'number') throw wrong(`tensor ${name} holds ${typeof value} among its data; expected numbers`);
    return value;
  }
}
