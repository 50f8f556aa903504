/**
 * @file The graph of an ONNX model, as much as it takes to change it: nodes, constants and shapes.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { bytes, type Field, field, fields, joined, text, varints } from './lightWire.js';

/** A size, or undefined where it is known only when the model runs. */
export type Size = number | undefined;

export interface Node {
  /** where it stands in the graph */
  readonly part: Field;
  /** with its domain in front, unless that is ONNX's own */
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** whole numbers and texts; attributes of other types are left out */
  readonly attributes: ReadonlyMap<string, readonly number[] | string>;
  /** whether it holds graphs of its own, which may use any value */
  readonly hasGraphs: boolean;
}

export interface Constant {
  readonly dims: readonly number[];
  /** a copy of its numbers; undefined for other element types, and for what lies in another file */
  float32(): Float32Array | undefined;
  /** the same; −1 for any negative number */
  int64(): readonly number[] | undefined;
}

export interface Graph {
  readonly parts: readonly Field[];
  readonly nodes: readonly Node[];
  /** what no input can replace */
  readonly constants: ReadonlyMap<string, Constant>;
  /** shapes of the inputs */
  readonly shapes: ReadonlyMap<string, readonly Size[]>;
  /** how many nodes and outputs of the graph take a value */
  readonly uses: ReadonlyMap<string, number>;
}

const FLOAT32 = 1;
const INT64 = 7;

/** @param message a GraphProto */
export function readGraph(message: Uint8Array): Graph {
  const parts = [...fields(message)];
  const of = (number: number): Field[] => parts.filter((part) => part.number === number);
  const nodes = of(1).map(readNode);
  const shapes = new Map(of(11).map((part) => readInput(bytes(part))));
  const constants = new Map<string, Constant>();
  for (const part of of(5)) {
    const name = nameOf(part, 8);
    if (!shapes.has(name)) constants.set(name, readConstant(bytes(part)));
  }
  const uses = new Map<string, number>();
  for (const value of [...nodes.flatMap(({ inputs }) => inputs), ...of(12).map((part) => nameOf(part, 1))])
    uses.set(value, (uses.get(value) ?? 0) + 1);
  return { parts, nodes, constants, shapes, uses };
}

/** The name that a message has in that field. */
export function nameOf(part: Field, number: number): string {
  for (const inner of fields(bytes(part))) if (inner.number === number) return text(inner);
  return '';
}

/** @param part a NodeProto */
export function readNode(part: Field): Node {
  let operator = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, readonly number[] | string>();
  let hasGraphs = false;
  for (const inner of fields(bytes(part)))
    if (inner.number === 1) inputs.push(text(inner));
    else if (inner.number === 2) outputs.push(text(inner));
    else if (inner.number === 4) operator = text(inner);
    else if (inner.number === 7) domain = text(inner);
    else if (inner.number === 5) {
      const key = nameOf(inner, 1);
      const numbers: number[] = [];
      let word: string | undefined;
      for (const value of fields(bytes(inner)))
        if (value.number === 3 || value.number === 8) numbers.push(...varints(value));
        else if (value.number === 4) word = text(value);
        else if (value.number === 6 || value.number === 11) hasGraphs = true;
      attributes.set(key, word ?? numbers);
    }
  if (domain !== '' && domain !== 'ai.onnx') operator = `${domain}.${operator}`;
  return { part, operator, inputs, outputs, attributes, hasGraphs };
}

/** Name and shape of a ValueInfoProto. */
function readInput(message: Uint8Array): [name: string, shape: readonly Size[]] {
  let name = '';
  const shape: Size[] = [];
  for (const part of fields(message))
    if (part.number === 1) name = text(part);
    else if (part.number === 2)
      for (const tensor of fields(bytes(part)))
        if (tensor.number === 1)
          for (const dims of fields(bytes(tensor)))
            if (dims.number === 2)
              for (const dim of fields(bytes(dims))) {
                const size = [...fields(bytes(dim))].find(({ number }) => number === 1)?.value;
                shape.push(size !== undefined && size > 0 ? size : undefined);
              }
  return [name, shape];
}

function readConstant(message: Uint8Array): Constant {
  let type = 0;
  let raw: Uint8Array | undefined;
  let elsewhere = false;
  const dims: number[] = [];
  const floats: Uint8Array[] = [];
  const integers: number[] = [];
  for (const part of fields(message))
    if (part.number === 1) dims.push(...varints(part));
    else if (part.number === 2) type = part.value;
    else if (part.number === 4) floats.push(part.content ?? part.raw.subarray(1));
    else if (part.number === 7) for (const value of varints(part)) integers.push(value < 2 ** 63 ? value : -1);
    else if (part.number === 9) raw = bytes(part);
    else if (part.number === 13 || part.number === 14) elsewhere = true;
  const count = dims.reduce((product, size) => product * size, 1);
  return {
    dims,
    float32() {
      if (elsewhere || type !== FLOAT32) return undefined;
      const numbers = raw === undefined ? joined(floats) : new Uint8Array(raw);
      return numbers.length === 4 * count ? new Float32Array(numbers.buffer) : undefined;
    },
    int64() {
      if (elsewhere || type !== INT64) return undefined;
      const numbers = raw === undefined ? integers : Array.from(new BigInt64Array(new Uint8Array(raw).buffer), Number);
      return numbers.length === count ? numbers.map((number) => Math.max(-1, number)) : undefined;
    },
  };
}

/** A NodeProto; attributes are lists of whole numbers. */
export function makeNode(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, readonly number[]>> = {},
): Uint8Array {
  return joined([
    ...inputs.map((input) => field(1, input)),
    field(2, output),
    field(3, output),
    field(4, operator),
    ...Object.entries(attributes).map(([name, numbers]) =>
      field(5, joined([field(1, name), ...numbers.map((number) => field(8, number)), field(20, INTS)])),
    ),
  ]);
}

/** AttributeProto.AttributeType of a list of whole numbers. */
const INTS = 7;

/** A TensorProto. */
export function makeConstant(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): Uint8Array {
  return joined([
    ...dims.map((size) => field(1, size)),
    field(2, data instanceof Float32Array ? FLOAT32 : INT64),
    field(8, name),
    field(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}
