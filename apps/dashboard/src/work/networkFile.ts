/** @file What the network in a model file is made of. */
import type { GraphLayer } from '@jetsdk/onnx';
import type { Task } from './rpc.js';
import { fetchFile } from './runtimeFiles.js';

export interface Layers {
  readonly layers: readonly GraphLayer[];
  /** what it costs, a sentence each */
  readonly costs: readonly string[];
}

/**
 * @param input address or file of a model
 * @throws {JetError} BAD_MODEL if it is no ONNX file; LIMIT_EXCEEDED; REMOTE
 */
export async function layersOf({ model }: { readonly model: File | string }, task: Task): Promise<Layers> {
  const { costLines, skimModel, summariseGraph } = await import('@jetsdk/onnx');
  const file = typeof model === 'string' ? await fetchFile(model, task) : model;
  const { layers, ...cost } = summariseGraph(skimModel(new Uint8Array(await file.arrayBuffer())).graph);
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  return { layers, costs: costLines({ parameters, cost }) };
}
