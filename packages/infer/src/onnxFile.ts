/** @file The few facts of an ONNX file that ONNX Runtime does not tell: metadata, operator sets, operators. */
import { JetError } from '@jetsdk/jets';

/** What a model file says about itself. */
export interface OnnxFacts {
  readonly producer: string;
  /** version of the default operator set */
  readonly opset: number;
  /** `metadata_props` */
  readonly metadata: ReadonlyMap<string, string>;
  /** number of nodes of each operator type in the main graph */
  readonly operators: ReadonlyMap<string, number>;
  /** operator type that makes each named value of the main graph */
  readonly producedBy: ReadonlyMap<string, string>;
}

const utf8 = new TextDecoder();

/**
 * Reads the top of the file; weights are stepped over.
 *
 * @param model bytes of an ONNX file, not modified
 * @throws {JetError} BAD_MODEL if the bytes are not a complete ONNX model
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and https://protobuf.dev/programming-guides/encoding/
 */
export function readOnnxFile(model: Uint8Array, where: string): OnnxFacts {
  let producer = '';
  let opset = 0;
  let hasGraph = false;
  const metadata = new Map<string, string>();
  const operators = new Map<string, number>();
  const producedBy = new Map<string, string>();
  try {
    for (const field of fields(model)) {
      if (field.number === 2) producer = text(field);
      else if (field.number === 7) {
        hasGraph = true;
        for (const part of fields(bytes(field)))
          if (part.number === 1) {
            const node = readNode(bytes(part));
            operators.set(node.operator, (operators.get(node.operator) ?? 0) + 1);
            for (const name of node.outputs) producedBy.set(name, node.operator);
          }
      } else if (field.number === 8) {
        const { domain, version } = readOpset(bytes(field));
        if (domain === '' || domain === 'ai.onnx') opset = version;
      } else if (field.number === 14) {
        const [key, value] = readEntry(bytes(field));
        metadata.set(key, value);
      }
    }
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof SyntaxError)) throw cause;
    throw notOnnx(model, where, cause.message, cause);
  }
  if (!hasGraph) throw notOnnx(model, where, 'no graph inside');
  return { producer, opset, metadata, operators, producedBy };
}

function notOnnx(model: Uint8Array, where: string, problem: string, cause?: unknown): JetError {
  const start = utf8.decode(model.subarray(0, 40)).trimStart();
  const looksLike = start.startsWith('<')
    ? 'an HTML or XML page'
    : start.startsWith('version https://git-lfs')
      ? 'a Git LFS pointer: fetch the file itself with `git lfs pull`'
      : `${model.length} bytes (${problem})`;
  return new JetError(
    'BAD_MODEL',
    `${where}: not an ONNX model, got ${looksLike}; expected a complete .onnx file; export or download it again`,
    { bytes: model.length, problem },
    { cause },
  );
}

interface Field {
  readonly number: number;
  /** of a varint field */
  readonly value: number;
  /** of a length-delimited field */
  readonly content: Uint8Array | undefined;
}

function bytes(field: Field): Uint8Array {
  if (field.content === undefined) throw new SyntaxError(`field ${field.number} holds a number, not bytes`);
  return field.content;
}

const text = (field: Field): string => utf8.decode(bytes(field));

/** @throws {RangeError} where a length runs past the end; {SyntaxError} where a wire type is unknown */
function* fields(message: Uint8Array): Generator<Field> {
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
    yield { number, value, content };
  }
}

function readNode(message: Uint8Array): { operator: string; outputs: string[] } {
  let operator = '';
  const outputs: string[] = [];
  for (const field of fields(message))
    if (field.number === 2) outputs.push(text(field));
    else if (field.number === 4) operator = text(field);
  return { operator, outputs };
}

function readOpset(message: Uint8Array): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  for (const field of fields(message))
    if (field.number === 1) domain = text(field);
    else if (field.number === 2) version = field.value;
  return { domain, version };
}

function readEntry(message: Uint8Array): [key: string, value: string] {
  let key = '';
  let value = '';
  for (const field of fields(message))
    if (field.number === 1) key = text(field);
    else if (field.number === 2) value = text(field);
  return [key, value];
}
