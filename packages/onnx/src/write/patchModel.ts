import { GRAPH, MODEL } from '../fields.js';
import type { Graph, Initializer, Model, Node, ValueInfo } from '../model.js';
import { skimModel } from '../read/decodeModel.js';
import type { RawFields } from '../read/modelReader.js';
import { readFields } from '../wire/reader.js';
import { MessageWriter } from '../wire/writer.js';
import { encodeInitializer, encodeNode, encodeValueInfo } from './encodeModel.js';

/**
 * Changes the main graph of a file and nothing else: nodes, constants and types that are still the same objects stand in
 * the new file byte for byte, and so does what was not understood. The same file gives the same bytes.
 *
 * @param bytes of an ONNX file; not modified
 * @param change gives the graph as it is where there is nothing to change
 * @returns undefined where nothing changes
 * @throws {JetError} as `skimModel`, and what `change` throws
 */
export function patchModel(bytes: Uint8Array, change: (graph: Graph, model: Model) => Graph): Uint8Array | undefined {
  const raw: RawFields = new Map();
  const model = skimModel(bytes, raw);
  const graph = change(model.graph, model);
  if (graph === model.graph) return undefined;
  const out = new MessageWriter();
  readFields(bytes, 'ModelProto', 'light', (field) => {
    if (field.number === MODEL.graph) out.message(MODEL.graph, patchGraph(field.bytes(), graph, raw));
    else out.raw(field.raw());
  });
  return out.finish();
}

function patchGraph(bytes: Uint8Array, graph: Graph, raw: RawFields): MessageWriter {
  const out = new MessageWriter();
  const put = <T extends Node | Initializer | ValueInfo>(
    field: number,
    list: readonly T[],
    encode: (one: T) => MessageWriter,
  ): void => {
    for (const one of list) {
      const kept = raw.get(one);
      if (kept === undefined) out.message(field, encode(one));
      else out.raw(kept);
    }
  };
  put(GRAPH.node, graph.nodes, encodeNode);
  put(GRAPH.initializer, graph.initializers, encodeInitializer);
  put(GRAPH.input, graph.inputs, encodeValueInfo);
  put(GRAPH.output, graph.outputs, encodeValueInfo);
  put(GRAPH.valueInfo, graph.values, encodeValueInfo);
  readFields(bytes, 'GraphProto', 'light', (field) => {
    if (!LISTS.has(field.number)) out.raw(field.raw());
  });
  return out;
}

const LISTS: ReadonlySet<number> = new Set([GRAPH.node, GRAPH.initializer, GRAPH.input, GRAPH.output, GRAPH.valueInfo]);
