/** @file What a model file says of itself, before it is loaded. */
import type { ModelCard } from '@jetsdk/jets';

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
  readonly card: ModelCard | undefined;
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
}

/** @throws {JetError} BAD_MODEL if it is no ONNX file, or its card is damaged; LIMIT_EXCEEDED */
export async function inspect({ file }: { readonly file: File }): Promise<ModelFacts> {
  const { cardOf, readOnnxFile, skimModel } = await import('@jetsdk/onnx');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { producedBy } = readOnnxFile(bytes, file.name);
  const { graph, metadata } = skimModel(bytes);
  const port = ({ name, shape, type }: (typeof graph.inputs)[number]): ModelPort => ({
    name,
    shape: shape?.map((size) => (typeof size === 'number' ? size : undefined)),
    numbers: type === 'float32' || type === 'float16' || type === 'float64',
    madeBy: producedBy.get(name),
  });
  return { card: cardOf(metadata, file.name), inputs: graph.inputs.map(port), outputs: graph.outputs.map(port) };
}
