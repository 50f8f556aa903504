/** @file The few facts of an ONNX file that ONNX Runtime does not tell: metadata, operator sets, operators. */
import { JetError } from '@jetsdk/jets';
import { bytes, fields, readEntry, text } from './lightWire.js';
import { readNode } from './onnxGraph.js';

/** How coarsely the weights of a model are stored; `float64` counts as `float32`. */
export type Precision = 'float32' | 'float16' | 'int8';

/** What a model file says about itself. */
export interface OnnxFacts {
  readonly producer: string;
  /** version of the default operator set */
  readonly opset: number;
  /** `metadata_props` */
  readonly metadata: ReadonlyMap<string, string>;
  /** number of nodes of each operator in the main graph, with its domain in front unless that is ONNX's own */
  readonly operators: ReadonlyMap<string, number>;
  /** operator that makes each named value of the main graph */
  readonly producedBy: ReadonlyMap<string, string>;
  /** of the coarsest weights */
  readonly precision: Precision;
}

const utf8 = new TextDecoder();

/**
 * Reads the top of the file; the numbers of the weights are stepped over.
 *
 * @param model bytes of an ONNX file, not modified
 * @throws {JetError} BAD_MODEL if the bytes are not a complete ONNX model
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and https://protobuf.dev/programming-guides/encoding/
 */
export function readOnnxFile(model: Uint8Array, where: string): OnnxFacts {
  let producer = '';
  let opset = 0;
  let hasGraph = false;
  let precision: Precision = 'float32';
  const metadata = new Map<string, string>();
  const operators = new Map<string, number>();
  const producedBy = new Map<string, string>();
  readingOnnx(model, where, () => {
    for (const field of fields(model)) {
      if (field.number === 2) producer = text(field);
      else if (field.number === 7) {
        hasGraph = true;
        for (const part of fields(bytes(field)))
          if (part.number === 1) {
            const node = readNode(part);
            operators.set(node.operator, (operators.get(node.operator) ?? 0) + 1);
            for (const name of node.outputs) producedBy.set(name, node.operator);
          } else if (part.number === 5) precision = coarser(precision, readWeights(bytes(part)));
      } else if (field.number === 8) {
        const { domain, version } = readOpset(bytes(field));
        if (domain === '' || domain === 'ai.onnx') opset = version;
      } else if (field.number === 14) {
        const [key, value] = readEntry(bytes(field));
        metadata.set(key, value);
      }
    }
  });
  if (!hasGraph) throw notOnnx(model, where, 'no graph inside');
  return { producer, opset, metadata, operators, producedBy, precision };
}

/** @throws {JetError} BAD_MODEL where the messages that `read` takes apart are none */
export function readingOnnx<T>(model: Uint8Array, where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof SyntaxError)) throw cause;
    throw notOnnx(model, where, cause.message, cause);
  }
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

/** Element types of ONNX: float16 and bfloat16; 8 bits and fewer, integers and floats. */
const HALVES = new Set([10, 16]);
const BYTES = new Set([2, 3, 17, 18, 19, 20, 21, 22, 23]);

/** Of a tensor. Vectors of bytes may be zero points, and single numbers of any type belong to no weights. */
function readWeights(message: Uint8Array): Precision {
  let rank = 0;
  let type = 0;
  for (const { number, value, content } of fields(message))
    if (number === 1) rank += content === undefined ? 1 : content.filter((byte) => byte < 128).length;
    else if (number === 2) type = value;
  if (BYTES.has(type) && rank > 1) return 'int8';
  return HALVES.has(type) && rank > 0 ? 'float16' : 'float32';
}

function coarser(a: Precision, b: Precision): Precision {
  if (a === 'int8' || b === 'int8') return 'int8';
  return a === 'float16' ? a : b;
}

function readOpset(message: Uint8Array): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  for (const field of fields(message))
    if (field.number === 1) domain = text(field);
    else if (field.number === 2) version = field.value;
  return { domain, version };
}
