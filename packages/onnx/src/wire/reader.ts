/** @file Messages of protobuf, read field by field. */
import { isJetError, JetError } from '@jetsdk/jets';
import protobuf from 'protobufjs/minimal.js';
import { type Int64, numberOf } from './int64.js';
import { DELIMITED, FIXED32, FIXED64, VARINT } from './types.js';

/** In one list of numbers that are read one by one; longer ones are written as raw bytes. */
const MOST_NUMBERS = 2 ** 24;

/**
 * `strict`: what is not known is refused, and so are whole numbers beyond 2⁵³ and texts that are not UTF-8; `light`: it
 * is stepped over, or comes rounded and with signs of replacement.
 */
export type Reading = 'strict' | 'light';

/** `once`: a second occurrence is an error; `many`: a repeated field. */
export type FieldRule = readonly [occurs: 'once' | 'many', read: (field: Field) => void];

export function malformed(where: string, problem: string, cause?: unknown): JetError {
  return new JetError('BAD_MODEL', `${where}: ${problem}; the file is truncated or corrupt`, { where }, { cause });
}

/**
 * Reads one message.
 *
 * @param bytes exactly the message
 * @param name of the message, for errors
 * @param rules by number of the field
 * @throws {JetError} BAD_MODEL if the bytes are not such a message; if strict, UNSUPPORTED on a field without a rule
 */
export function readMessage(
  bytes: Uint8Array,
  name: string,
  reading: Reading,
  rules: Readonly<Record<number, FieldRule>>,
): void {
  const seen = new Set<number>();
  readFields(bytes, name, reading, (field) => {
    const rule = rules[field.number];
    if (rule === undefined) {
      if (reading === 'strict')
        throw new JetError('UNSUPPORTED', `${name}: field number ${field.number} is not known`, { id: field.number });
      return;
    }
    const [occurs, read] = rule;
    if (occurs === 'once' && seen.has(field.number)) throw malformed(field.where, 'field given twice');
    seen.add(field.number);
    read(field);
  });
}

/**
 * Hands over the fields of a message one by one; those that are not read are stepped over.
 *
 * @throws {JetError} BAD_MODEL if the bytes are not a message
 */
export function readFields(bytes: Uint8Array, name: string, reading: Reading, read: (field: Field) => void): void {
  const field = new Field(bytes, name, reading);
  try {
    while (field.next()) {
      read(field);
      field.finish();
    }
  } catch (error) {
    if (isJetError(error)) throw error;
    if (error instanceof RangeError || (error instanceof Error && error.constructor === Error))
      throw malformed(field.where, error.message, error);
    throw error;
  }
}

/** A field of a message, where the reading stands; it may be read more than once. */
export class Field {
  number = 0;
  private wire = 0;
  private start = 0;
  private content = 0;
  private readonly name: string;
  private readonly reading: Reading;
  private readonly reader: protobuf.Reader;

  constructor(bytes: Uint8Array, name: string, reading: Reading) {
    this.reader = new protobuf.Reader(bytes);
    this.name = name;
    this.reading = reading;
  }

  next(): boolean {
    const { reader } = this;
    if (reader.pos >= reader.len) return false;
    this.start = reader.pos;
    const tag = reader.uint32();
    this.number = tag >>> 3;
    this.wire = tag & 7;
    this.content = reader.pos;
    if (this.number === 0) throw malformed(this.name, 'a field of number 0');
    return true;
  }

  /** Steps over the field unless it has been read. */
  finish(): void {
    if (this.reader.pos === this.content) this.reader.skipType(this.wire, 0, this.number);
  }

  get where(): string {
    return this.number === 0 ? this.name : `${this.name}, field ${this.number}`;
  }

  get holdsBytes(): boolean {
    return this.wire === DELIMITED;
  }

  /** As it stands in the file, number and all. */
  raw(): Uint8Array {
    this.finish();
    return this.reader.buf.subarray(this.start, this.reader.pos);
  }

  int64(): number {
    this.expect(VARINT);
    return this.number64(this.reader.int64());
  }

  float(): number {
    this.expect(FIXED32);
    return this.reader.float();
  }

  string(): string {
    this.expect(DELIMITED);
    if (this.reading === 'light') return this.reader.string();
    try {
      return this.reader.stringVerify();
    } catch (error) {
      if (error instanceof TypeError) throw malformed(this.where, 'a text that is not UTF-8', error);
      throw error;
    }
  }

  /** A view on the file's bytes, never a copy. */
  bytes(): Uint8Array {
    this.expect(DELIMITED);
    const { reader } = this;
    const length = reader.uint32();
    const start = reader.pos;
    reader.skip(length);
    return reader.buf.subarray(start, start + length);
  }

  /** Appends one number, or a packed run of them; so do the following. */
  int64s(into: number[]): void {
    this.run(VARINT, into, (from) => this.number64(from.int64()));
  }

  exactInt64s(into: Int64[]): void {
    this.run<Int64>(VARINT, into, (from) => from.int64());
  }

  floats(into: number[]): void {
    this.run(FIXED32, into, (from) => from.float());
  }

  doubles(into: number[]): void {
    this.run(FIXED64, into, (from) => from.double());
  }

  private run<T>(wire: number, into: T[], one: (from: protobuf.Reader) => T): void {
    if (this.wire === wire) {
      this.expect(wire);
      this.room(into);
      into.push(one(this.reader));
      return;
    }
    const from = new protobuf.Reader(this.bytes());
    while (from.pos < from.len) {
      this.room(into);
      into.push(one(from));
    }
  }

  private room({ length }: readonly unknown[]): void {
    if (length < MOST_NUMBERS) return;
    const { where } = this;
    throw new JetError('LIMIT_EXCEEDED', `${where}: more than ${MOST_NUMBERS} numbers one by one; expected raw data`, {
      where,
    });
  }

  private number64(value: Int64): number {
    const number = numberOf(value);
    if (this.reading === 'strict' && !Number.isSafeInteger(number))
      throw new JetError('LIMIT_EXCEEDED', `${this.where}: integer ${number}; expected at most 2^53 in size`, {
        where: this.where,
      });
    return number;
  }

  private expect(wire: number): void {
    this.reader.pos = this.content;
    if (this.wire !== wire) throw malformed(this.where, `wire type ${this.wire}; expected ${wire}`);
  }
}
