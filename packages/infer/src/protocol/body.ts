/** @file Bodies of the Open Inference Protocol: a JSON object, and behind it the tensors that are sent as bytes. */
import { fromHalf, type JetError, joinBytes, shortText, sizeOf, toHalf } from '@jetsdk/jets';
import { isTooDeep, MAX_JSON_DEPTH } from '@jetsdk/jets/json';

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
  readonly json: unknown;
  /** what follows the JSON object */
  readonly binary: Uint8Array;
}

/** Datatypes of numbers that are floating point. */
const SIZES: Readonly<Record<string, number>> = { FP16: 2, FP32: 4, FP64: 8 };

/** Makes the error of one side: what is wrong with the body, and what was expected. */
export type Wrong = (problem: string) => JetError;

/**
 * @param headerLength value of the header `Inference-Header-Content-Length`, where there is one
 * @throws {JetError} of `wrong`'s making if the length does not fit or the text is not JSON
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
 * Takes the tensors apart from what carries them. What a tensor lacks may also be null.
 *
 * @param list value of `inputs` or `outputs`
 * @throws {JetError} of `wrong`'s making
 */
export function readTensors(list: unknown, wrong: Wrong): WireTensor[] {
  if (!Array.isArray(list)) throw wrong('no list of tensors; expected one');
  const tensors: WireTensor[] = [];
  for (const entry of list) {
    const { name, datatype, shape, data, parameters } = asObject(entry, () => wrong('a tensor is not an object'));
    if (typeof name !== 'string') throw wrong('a tensor has no name; expected one');
    if (typeof datatype !== 'string') throw wrong(`tensor ${name.slice(0, 60)} has no datatype; expected FP32`);
    if (!Array.isArray(shape) || shape.length > 8 || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
      throw wrong(`tensor ${name.slice(0, 60)} has no shape; expected a list of whole numbers`);
    const { binary_data_size } =
      parameters == null ? {} : asObject(parameters, () => wrong(`parameters of tensor ${name} are no object`));
    if (binary_data_size == null) tensors.push({ name, datatype, shape, data });
    else if (typeof binary_data_size === 'number' && Number.isSafeInteger(binary_data_size) && binary_data_size >= 0)
      tensors.push({ name, datatype, shape, parameters: { binary_data_size } });
    else throw wrong(`binary_data_size of tensor ${name.slice(0, 60)} is no size; expected a whole number`);
  }
  return tensors;
}

export function asObject(value: unknown, wrong: () => JetError): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong();
  return value as Record<string, unknown>;
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
