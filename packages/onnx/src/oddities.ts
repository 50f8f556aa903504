/** @file What ONNX Runtime warns of in a model, as far as its graph tells: it does not say itself that it has warned. */
import { counted } from '@jetsdk/jets';
import type { Graph, Model } from './model.js';
import { valuesRead } from './read/order.js';

/** The first version of this format in which an initializer among the inputs is no constant. */
const IR_OF_DEFAULTS = 4;
/** The oldest operator set that ONNX Runtime promises to run. */
const OLDEST_OPSET = 7;

/** @returns a phrase for each kind, with its number; none of a model without any */
export function odditiesOf({ irVersion, opset, graph }: Pick<Model, 'irVersion' | 'opset' | 'graph'>): string[] {
  const unused = countUnused(graph);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const defaults = irVersion < IR_OF_DEFAULTS ? 0 : graph.inputs.filter(({ name }) => constants.has(name)).length;
  return [
    ...(unused > 0 ? [`${counted(unused, 'initialiser')} that no node uses`] : []),
    ...(defaults > 0 ? [`${counted(defaults, 'initialiser')} among the inputs`] : []),
    ...(opset < OLDEST_OPSET ? [`operator set ${opset}, older than ${OLDEST_OPSET}`] : []),
  ];
}

function countUnused({ nodes, initializers, inputs, outputs }: Graph): number {
  const used = new Set([...inputs, ...outputs].map(({ name }) => name));
  for (const node of nodes) valuesRead(node, used);
  let unused = initializers.filter(({ name }) => !used.has(name)).length;
  for (const { attributes } of nodes)
    for (const attribute of Object.values(attributes)) {
      const graphs =
        attribute.type === 'graph' ? [attribute.value] : attribute.type === 'graphs' ? attribute.value : [];
      for (const graph of graphs) unused += countUnused(graph);
    }
  return unused;
}
