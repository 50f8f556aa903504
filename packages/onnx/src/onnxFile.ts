/** @file The few facts of an ONNX file that ONNX Runtime does not tell: metadata, operator sets, operators. */
import { isJetError, JetError } from '@jetsdk/jets';
import { checkCost } from './cost.js';
import type { ElementType, Graph, Initializer, Model, Node } from './model.js';
import { odditiesOf } from './oddities.js';
import { skimModel } from './read/decodeModel.js';

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
  /** whether the graph alone tells that it takes little memory and time; of others only running can tell */
  readonly modest: boolean;
  /** what is odd in it, as far as the graph tells: a phrase for each kind */
  readonly oddities: readonly string[];
}

/**
 * Reads what a file says, lightly; the numbers of the weights are stepped over.
 *
 * @param bytes of an ONNX file, not modified
 * @param where its name, for messages
 * @throws {JetError} BAD_MODEL if the bytes are not a complete ONNX model; LIMIT_EXCEEDED if it asks for more memory or time
 *   than a tagger may, whatever it is given
 */
export function readOnnxFile(bytes: Uint8Array, where: string): OnnxFacts {
  const { modest, ...model } = readingOnnx(bytes, where, (): Model & { modest: boolean } => {
    const model = skimModel(bytes);
    return { ...model, modest: checkCost(model.graph) };
  });
  const { producerName, opset, metadata, graph } = model;
  const operators = operatorsOf(graph);
  const producedBy = new Map<string, string>();
  for (const node of graph.nodes) for (const output of node.outputs) producedBy.set(output, operatorOf(node));
  return {
    producer: producerName,
    opset,
    metadata: new Map(Object.entries(metadata)),
    operators,
    producedBy,
    precision: precisionOf(graph),
    modest,
    oddities: odditiesOf(model),
  };
}

/** With its domain in front, unless that is ONNX's own. */
export const operatorOf = ({ domain, opType }: Node): string => (domain === undefined ? opType : `${domain}.${opType}`);

/** How many nodes of each operator there are. */
export function operatorsOf({ nodes }: Graph): Map<string, number> {
  const counted = new Map<string, number>();
  for (const node of nodes) counted.set(operatorOf(node), (counted.get(operatorOf(node)) ?? 0) + 1);
  return counted;
}

/** @throws {JetError} BAD_MODEL that says what the bytes are instead, where `read` finds that they are no model */
export function readingOnnx<T>(bytes: Uint8Array, where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isJetError(error)) throw error;
    if (error.code !== 'BAD_MODEL')
      throw new JetError(error.code, `${where}: ${error.message}`, error.details, { cause: error });
    const [problem] = error.message.split(';');
    throw new JetError(
      'BAD_MODEL',
      `${where}: not an ONNX model, got ${looksLike(bytes) ?? `${bytes.length} bytes (${problem})`}; expected a complete .onnx file; export or download it again`,
      { bytes: bytes.length, problem },
      { cause: error },
    );
  }
}

function looksLike(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder().decode(bytes.subarray(0, 40)).trimStart();
  if (start.startsWith('<')) return 'an HTML or XML page';
  if (start.startsWith('version https://git-lfs'))
    return 'a Git LFS pointer: fetch the file itself with `git lfs pull`';
  return undefined;
}

const HALVES: ReadonlySet<ElementType> = new Set<ElementType>(['float16', 'bfloat16']);
const BYTES: ReadonlySet<ElementType> = new Set<ElementType>([
  'uint8',
  'int8',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
]);

function precisionOf({ initializers }: Graph): Precision {
  // Vectors of bytes may be zero points, and single numbers of any type belong to no weights.
  const some = (types: ReadonlySet<ElementType>, rank: number): boolean =>
    initializers.some(({ type, dims }: Initializer) => types.has(type) && dims.length >= rank);
  return some(BYTES, 2) ? 'int8' : some(HALVES, 1) ? 'float16' : 'float32';
}
