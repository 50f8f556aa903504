import { type LayerArtifacts, type ModelCard, SDK_VERSION } from '@jetsdk/jets';
import {
  CARD_KEY,
  cardText,
  checkCardPorts,
  checkModel,
  encodeModel,
  type Graph,
  type Model,
  optimise,
} from '@jetsdk/onnx';
import { emitGraph } from './graph/emitGraph.js';
import { halveWeights } from './halveWeights.js';
import { type InputShapes, layerModel } from './layerModel.js';
import type { Shape } from './layers/rule.js';

export type { InputShapes } from './layerModel.js';

/** Read by ONNX Runtime 1.17 and later, Python's onnx 1.12 and later. */
const IR_VERSION = 8;
export const OPSET = 17;

/** A graph as a model of this producer. */
export function modelOf(graph: Graph, metadata: Readonly<Record<string, string>> = {}): Model {
  return {
    irVersion: IR_VERSION,
    opset: OPSET,
    producerName: 'jetsdk',
    producerVersion: SDK_VERSION,
    graph,
    metadata,
  };
}

export interface ExportOptions {
  /** written into the file; its input and output must be those of the model */
  readonly card?: ModelCard;
  /** how weights are stored; computation is float32 in both (for int8 see `quantise`) */
  readonly precision?: 'float32' | 'float16';
  /** for inputs whose topology leaves a length open: the shape of one example, or shapes by name of the input layer */
  readonly inputShapes?: InputShapes;
}

/** An input or output of the exported model. */
export interface ExportedPort {
  readonly name: string;
  /** of one example, without the batch axis `n` */
  readonly shape: Shape;
  /** of an input of an Embedding: it takes whole numbers from 0 up to this, not included */
  readonly indices?: number;
}

export interface ExportedModel {
  /** the ONNX file */
  readonly bytes: Uint8Array;
  readonly graph: Graph;
  readonly inputs: readonly ExportedPort[];
  readonly outputs: readonly ExportedPort[];
}

/**
 * Turns a layers model into an ONNX file (operator set 17, IR version 8). The same artifacts and options give the
 * same bytes.
 *
 * Images stay channels-last: a single input of shape (n, h, w, c) is named `image`. A single output from a sigmoid of
 * one unit is named `score`, one from a softmax `probabilities`; every other port has the name of its layer.
 *
 * @param artifacts topology and weights; not modified
 * @throws {JetError} UNSUPPORTED on a layer or option that has no rule, BAD_MODEL or SHAPE_MISMATCH if topology and
 * weights do not fit, NOT_FINITE for a weight that is NaN or infinite, BAD_ARGUMENT if the card describes another model, OUT_OF_RANGE if a weight does not fit float16
 */
export function exportModel(
  artifacts: LayerArtifacts,
  { card, precision = 'float32', inputShapes }: ExportOptions = {},
): ExportedModel {
  const exact = optimise(emitGraph(layerModel(artifacts, inputShapes)));
  const graph = precision === 'float16' ? halveWeights(exact) : exact;
  const model = modelOf(graph, card === undefined ? {} : { [CARD_KEY]: cardText(card) });
  if (card !== undefined) checkCardPorts(card, graph);
  checkModel(model);
  return {
    bytes: encodeModel(model),
    graph,
    inputs: graph.inputs.map((input) => ({ ...portOf(input), ...indicesOf(graph, input.name) })),
    outputs: graph.outputs.map(portOf),
  };
}

/** Of an input that is looked up in a table. */
function indicesOf({ nodes, initializers }: Graph, input: string): Pick<ExportedPort, 'indices'> {
  const whole = nodes.find(({ opType, inputs }) => opType === 'Cast' && inputs[0] === input)?.outputs[0];
  const table = nodes.find(({ opType, inputs }) => opType === 'Gather' && inputs[1] === whole)?.inputs[0];
  const rows = initializers.find(({ name }) => name === table)?.dims[0];
  return whole === undefined || rows === undefined ? {} : { indices: rows };
}

/** Name and shape of an input or output. */
export function portOf({ name, shape = [] }: Graph['inputs'][number]): ExportedPort {
  return { name, shape: shape.slice(1).map(Number) };
}
