/**
 * @file Protobuf messages, field by field, read and written.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */

export interface Field {
  readonly number: number;
  /** of a varint field */
  readonly value: number;
  /** of a length-delimited field */
  readonly content: Uint8Array | undefined;
  /** the field as it stands in the message, with its number */
  readonly raw: Uint8Array;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** @throws {SyntaxError} if the field holds a number */
export function bytes(field: Field): Uint8Array {
  if (field.content === undefined) throw new SyntaxError(`field ${field.number} holds a number, not bytes`);
  return field.content;
}

/** @throws {SyntaxError} if the field holds a number */
export const text = (field: Field): string => decoder.decode(bytes(field));

/** @throws {RangeError} where a length runs past the end; {SyntaxError} where a wire type is unknown */
export function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= message.length) throw new RangeError(`cut off at byte ${at}`);
      const byte = message[at++] as number;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new SyntaxError(`number too long at byte ${at}`);
  };
  while (at < message.length) {
    const start = at;
    const key = varint();
    const number = Math.floor(key / 8);
    const wire = key % 8;
    let value = 0;
    let content: Uint8Array | undefined;
    if (wire === 0) value = varint();
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : -1;
      if (length < 0 || number === 0) throw new SyntaxError(`unknown field ${number} of type ${wire} at byte ${at}`);
      if (at + length > message.length)
        throw new RangeError(`cut off: ${length} bytes announced at byte ${at}, ${message.length - at} there`);
      if (wire === 2) content = message.subarray(at, at + length);
      at += length;
    }
    yield { number, value, content, raw: message.subarray(start, at) };
  }
}

/** A message of a text and another that belongs to it. */
export function readEntry(message: Uint8Array): [key: string, value: string] {
  let key = '';
  let value = '';
  for (const part of fields(message))
    if (part.number === 1) key = text(part);
    else if (part.number === 2) value = text(part);
  return [key, value];
}

/** The numbers of a repeated varint field, packed or one by one; a negative one comes as about 2⁶⁴. */
export function* varints({ value, content }: Field): Generator<number> {
  if (content === undefined) {
    yield value;
    return;
  }
  let number = 0;
  let shift = 0;
  for (const byte of content) {
    number += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte >= 128) continue;
    yield number;
    number = 0;
    shift = 0;
  }
}

/** One field: a number as varint, a text or bytes with their length. */
export function field(number: number, content: number | string | Uint8Array): Uint8Array {
  if (typeof content === 'number') return Uint8Array.from([...varint(number * 8), ...varint(content)]);
  const body = typeof content === 'string' ? encoder.encode(content) : content;
  return joined([fieldHeader(number, body.length), body]);
}

/** What stands before the bytes of a field that has so many. */
export const fieldHeader = (number: number, length: number): Uint8Array =>
  Uint8Array.from([...varint(number * 8 + 2), ...varint(length)]);

export const lengthOf = (parts: readonly Uint8Array[]): number =>
  parts.reduce((length, part) => length + part.length, 0);

/** A message of these fields. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param value whole, from 0 to 2⁵³ */
function* varint(value: number): Generator<number> {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) yield (rest % 128) + 128;
  yield rest;
}
