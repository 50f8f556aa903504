/** @file What a model file says of itself, before it is loaded. */
import type { ModelCard } from '@jetsdk/jets';
import { linkProblem } from './links.js';
import type { Task } from './rpc.js';
import { fetchFile } from './runtimeFiles.js';

/** An input or output of a graph. */
export interface ModelPort {
  readonly name: string;
  /** with the batch in front; undefined where the file leaves the rank open, and sizes that it leaves open */
  readonly shape: readonly (number | undefined)[] | undefined;
  readonly numbers: boolean;
  /** operator that makes it */
  readonly madeBy: string | undefined;
}

export interface ModelFacts {
  readonly bytes: number;
  readonly card: ModelCard | undefined;
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
}

/**
 * @param input a file, or the address of one
 * @throws {JetError} BAD_MODEL if it is no ONNX file, or its card is damaged; LIMIT_EXCEEDED; REMOTE
 */
export async function inspect({ model }: { readonly model: File | string }, task: Task): Promise<ModelFacts> {
  const { cardOf, readOnnxFile, skimModel } = await import('@jetsdk/onnx');
  const file = typeof model === 'string' ? await fetchLinked(model, task) : model;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { producedBy } = readOnnxFile(bytes, file.name);
  const { graph, metadata } = skimModel(bytes);
  const port = ({ name, shape, type }: (typeof graph.inputs)[number]): ModelPort => ({
    name,
    shape: shape?.map((size) => (typeof size === 'number' ? size : undefined)),
    numbers: type === 'float32' || type === 'float16' || type === 'float64',
    madeBy: producedBy.get(name),
  });
  return {
    bytes: bytes.length,
    card: cardOf(metadata, file.name),
    inputs: graph.inputs.map(port),
    outputs: graph.outputs.map(port),
  };
}

const fetchLinked = (address: string, task: Task): Promise<File> =>
  fetchFile(address, task).catch((error: unknown) => {
    throw linkProblem(address, error);
  });
