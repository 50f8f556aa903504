import { canonicalJson, type GeneratorCard, type ModelCard, type RegressorCard, sha256Hex, sizeOf } from '@jetsdk/jets';
import {
  cardOf,
  ELEMENT_TYPES,
  GENERATOR_KEY,
  generatorCardFromJson,
  operatorsOf,
  REGRESSOR_KEY,
  regressorCardFromJson,
  skimModel,
  summariseGraph,
  totalFlops,
  type ValueInfo,
} from '@jetsdk/onnx';

/** What there is to say about an ONNX file without running it. */
export interface ModelInspection {
  readonly graph: {
    readonly name: string;
    readonly irVersion: number;
    readonly opset: number;
    /** versions of other operator sets, by domain; absent where there are none */
    readonly otherOpsets?: Readonly<Record<string, number>>;
    /** name and version */
    readonly producer: string;
    readonly nodes: number;
  };
  /** what a caller gives: constants that older files list too are none */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** operator → how many nodes of the main graph, most frequent first; with its domain in front unless that is ONNX's own */
  readonly operators: Readonly<Record<string, number>>;
  /** numbers in constants that are not integers of 32 or 64 bits (shapes, axes) */
  readonly parameters: number;
  /** bytes of all constants */
  readonly weightBytes: number;
  /**
   * Floating-point operations for one jet, a multiplication and an addition counted as two; undefined where shapes are
   * known only when the model runs.
   */
  readonly flops: number | undefined;
  /** what they are spent on */
  readonly flopsByOperator: Readonly<Record<string, number>> | undefined;
  /** bytes of the values that are alive at the same time, at most, for one jet; undefined likewise */
  readonly activationBytes: number | undefined;
  /** pixels along each axis that decide one number of the last map of features; undefined where no window slides */
  readonly receptiveField: readonly number[] | undefined;
  /** of a tagger */
  readonly card: ModelCard | undefined;
  readonly regressor: RegressorCard | undefined;
  readonly generator: GeneratorCard | undefined;
  /** SHA-256, hexadecimal */
  readonly hashes: {
    readonly file: string;
    /** of names, shapes and numbers of the constants, whatever the card says */
    readonly weights: string;
    /** of the graph without its constants and metadata */
    readonly graph: string;
  };
}

/**
 * Describes an ONNX file, lightly read: also one that only other runtimes understand.
 *
 * @param bytes not modified
 * @throws {JetError} what `readCard` throws
 */
export function inspectModel(bytes: Uint8Array): ModelInspection {
  const model = skimModel(bytes);
  const { graph } = model;
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const weights = graph.initializers.filter(({ type }) => type !== 'int64' && type !== 'int32');
  const cost = summariseGraph(graph);
  return {
    graph: {
      name: graph.name,
      irVersion: model.irVersion,
      opset: model.opset,
      ...(model.otherOpsets !== undefined && { otherOpsets: model.otherOpsets }),
      producer: `${model.producerName} ${model.producerVersion}`.trim(),
      nodes: graph.nodes.length,
    },
    inputs: graph.inputs.filter(({ name }) => !constants.has(name)),
    outputs: graph.outputs,
    operators: Object.fromEntries([...operatorsOf(graph)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    parameters: weights.reduce((sum, { dims }) => sum + sizeOf(dims), 0),
    weightBytes: graph.initializers.reduce((sum, { type, dims }) => sum + sizeOf(dims) * ELEMENT_TYPES[type].bytes, 0),
    flops: cost.flops && totalFlops(cost.flops),
    flopsByOperator: cost.flops,
    activationBytes: cost.activationBytes,
    receptiveField: cost.receptiveField,
    card: cardOf(model.metadata),
    regressor: read(model.metadata, REGRESSOR_KEY, regressorCardFromJson),
    generator: read(model.metadata, GENERATOR_KEY, generatorCardFromJson),
    hashes: {
      file: sha256Hex(bytes),
      weights: sha256Hex(
        canonicalJson(
          graph.initializers.map((one) => [one.name, one.type, one.dims, one.external ?? sha256Hex(one.data)]),
        ),
      ),
      graph: sha256Hex(canonicalJson({ ...graph, initializers: [] })),
    },
  };
}

function read<T>(
  metadata: Readonly<Record<string, string>>,
  key: string,
  parse: (json: string, where: string) => T,
): T | undefined {
  return Object.hasOwn(metadata, key) ? parse(metadata[key], 'ONNX file') : undefined;
}
