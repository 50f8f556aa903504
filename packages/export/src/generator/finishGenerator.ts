import type { GeneratorCard } from '@jetsdk/jets';
import { checkModel, encodeModel, GENERATOR_KEY, generatorCardText, optimise } from '@jetsdk/onnx';
import { type ExportedModel, modelOf, portOf } from '../exportModel.js';
import type { Emitter, Value } from '../graph/emitter.js';
import { halveWeights } from '../halveWeights.js';

export interface GeneratorExportOptions {
  readonly card?: GeneratorCard;
  /** how weights are stored; computation is float32 in both */
  readonly precision?: 'float32' | 'float16';
}

/** The file of a generator whose graph has been written. */
export function finishGenerator(
  to: Emitter,
  name: string,
  outputs: Readonly<Record<string, Value>>,
  { card, precision = 'float32' }: GeneratorExportOptions,
): ExportedModel {
  const exact = optimise(to.finish(name, Object.entries(outputs)));
  const graph = precision === 'float16' ? halveWeights(exact) : exact;
  const model = modelOf(graph, card === undefined ? {} : { [GENERATOR_KEY]: generatorCardText(card) });
  checkModel(model);
  return {
    bytes: encodeModel(model),
    graph,
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
  };
}
