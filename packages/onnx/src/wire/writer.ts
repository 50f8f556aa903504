/** @file Messages of protobuf, written field by field. */
import { joinBytes } from '@jetsdk/jets';
import protobuf from 'protobufjs/minimal.js';
import { DELIMITED, FIXED32, VARINT } from './types.js';

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
    if (values.length > 0) this.scratch.uint32((field << 3) | DELIMITED).int64s([...values]);
    return this;
  }

  floats(field: number, values: readonly number[]): this {
    if (values.length > 0) this.scratch.uint32((field << 3) | DELIMITED).floats([...values]);
    return this;
  }

  message(field: number, value: MessageWriter): this {
    value.flush();
    this.scratch.uint32((field << 3) | DELIMITED).uint32(value.length);
    this.flush();
    for (const part of value.parts) this.push(part);
    return this;
  }

  /** A field with its number, as it stands in another file. */
  raw(value: Uint8Array): this {
    this.flush();
    this.push(value);
    return this;
  }

  finish(): Uint8Array {
    this.flush();
    return joinBytes(this.parts);
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
