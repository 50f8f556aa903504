/** @file Protobuf's wire format, strict and bounded; the only module that knows protobufjs. */
import { JetError } from '@jetsdk/jets';
import protobuf from 'protobufjs/minimal.js';

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** In one list of numbers that are read one by one; longer ones are written as raw bytes. */
const MOST_NUMBERS = 2 ** 24;

/** The bytes of a message under construction. Long byte strings are kept by reference until `finish`. */
export class MessageWriter {
  private readonly parts: Uint8Array[] = [];
  private scratch = new protobuf.Writer();
  private flushed = 0;

  get length(): number {
    return this.flushed + this.scratch.pos;
  }

  int64(field: number, value: number): this {
    this.scratch.uint32((field << 3) | VARINT).int64(value);
    return this;
  }

  float(field: number, value: number): this {
    this.scratch.uint32((field << 3) | FIXED32).float(value);
    return this;
  }

  string(field: number, value: string): this {
    this.scratch.uint32((field << 3) | DELIMITED).string(value);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.scratch.uint32((field << 3) | DELIMITED).uint32(value.length);
    this.flush();
    this.push(value);
    return this;
  }

  int64s(field: number, values: readonly number[]): this {
    if (values.length === 0) return this;
    const packed = new protobuf.Writer();
    for (const value of values) packed.int64(value);
    this.scratch.uint32((field << 3) | DELIMITED).bytes(packed.finish());
    return this;
  }

  floats(field: number, values: readonly number[]): this {
    if (values.length === 0) return this;
    const packed = new protobuf.Writer();
    for (const value of values) packed.float(value);
    this.scratch.uint32((field << 3) | DELIMITED).bytes(packed.finish());
    return this;
  }

  message(field: number, value: MessageWriter): this {
    value.flush();
    this.scratch.uint32((field << 3) | DELIMITED).uint32(value.length);
    this.flush();
    for (const part of value.parts) this.push(part);
    return this;
  }

  finish(): Uint8Array {
    this.flush();
    const out = new Uint8Array(this.flushed);
    let at = 0;
    for (const part of this.parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  private push(part: Uint8Array): void {
    this.parts.push(part);
    this.flushed += part.length;
  }

  private flush(): void {
    if (this.scratch.pos === 0) return;
    this.push(this.scratch.finish().slice());
    this.scratch = new protobuf.Writer();
  }
}

function malformed(where: string, problem: string, cause?: unknown): JetError {
  return new JetError('BAD_FILE', `${where}: ${problem}; the file is truncated or corrupt`, { where }, { cause });
}

/** One field of a message as it lies in the file; the handler says how it is to be read. */
export interface FieldReader {
  /** `ModelProto.graph`, for messages */
  readonly where: string;
  int64(): number;
  float(): number;
  string(): string;
  /** a view on the file's bytes */
  bytes(): Uint8Array;
  /** appends one value, or a packed run of them */
  int64s(into: number[]): void;
  float32s(into: number[]): void;
  float64s(into: number[]): void;
}

/** `once`: a second occurrence is an error; `many`: a repeated field. */
export type FieldRule = readonly [occurs: 'once' | 'many', read: (field: FieldReader) => void];

/** @param value a number, or a `Long` where that package is loaded */
function integer(value: unknown, where: string): number {
  const number = typeof value === 'number' ? value : Number(String(value));
  if (!Number.isSafeInteger(number))
    throw new JetError('LIMIT_EXCEEDED', `${where}: integer ${number}; expected at most 2^53 in size`, { where });
  return number;
}

/**
 * Reads one message.
 *
 * @param bytes exactly the message
 * @param fields by field number; any other field number is refused
 * @throws {JetError} BAD_FILE if the bytes are not such a message, UNSUPPORTED on an unknown field
 */
export function readMessage(bytes: Uint8Array, name: string, fields: Readonly<Record<number, FieldRule>>): void {
  const reader = new protobuf.Reader(bytes);
  const seen = new Set<number>();
  let where = name;
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const id = tag >>> 3;
      const wire = tag & 7;
      const rule = fields[id];
      if (rule === undefined)
        throw new JetError('UNSUPPORTED', `${name}: field number ${id} (wire type ${wire}) is not known`, { id, wire });
      where = `${name}, field ${id}`;
      const [occurs, read] = rule;
      if (occurs === 'once' && seen.has(id)) throw malformed(where, 'field given twice');
      seen.add(id);
      read(fieldReader(reader, wire, where));
    }
  } catch (error) {
    if (
      error instanceof RangeError ||
      (error instanceof Error && /^invalid (varint|length) encoding/.test(error.message))
    )
      throw malformed(where, error.message, error);
    throw error;
  }
}

function fieldReader(reader: protobuf.Reader, wire: number, where: string): FieldReader {
  const expect = (wanted: number): void => {
    if (wire !== wanted) throw malformed(where, `wire type ${wire}; expected ${wanted}`);
  };
  const run = (element: number, one: (from: protobuf.Reader) => number, into: number[]): void => {
    if (wire !== element) expect(DELIMITED);
    const from = wire === element ? reader : new protobuf.Reader(view(reader));
    do {
      if (from !== reader && from.pos === from.len) break;
      if (into.length === MOST_NUMBERS)
        throw new JetError(
          'LIMIT_EXCEEDED',
          `${where}: more than ${MOST_NUMBERS} numbers one by one; expected raw data`,
          {
            where,
          },
        );
      into.push(one(from));
    } while (from !== reader);
  };
  return {
    where,
    int64() {
      expect(VARINT);
      return integer(reader.int64(), where);
    },
    float() {
      expect(FIXED32);
      return reader.float();
    },
    string() {
      expect(DELIMITED);
      try {
        return reader.stringVerify();
      } catch (error) {
        if (error instanceof TypeError) throw malformed(where, 'a text that is not UTF-8', error);
        throw error;
      }
    },
    bytes() {
      expect(DELIMITED);
      return view(reader);
    },
    int64s: (into) => run(VARINT, (from) => integer(from.int64(), where), into),
    float32s: (into) => run(FIXED32, (from) => from.float(), into),
    float64s: (into) => run(FIXED64, (from) => from.double(), into),
  };
}

/** The next length-delimited field as a view, never a copy. */
function view(reader: protobuf.Reader): Uint8Array {
  const length = reader.uint32();
  const start = reader.pos;
  reader.skip(length);
  return reader.buf.subarray(start, start + length);
}
