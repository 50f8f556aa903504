import type { Node } from '../model.js';
import { Links, type Pass, Rewrite } from './links.js';

function changesNothing(node: Node, links: Links): boolean {
  const { opType, inputs, outputs, attributes } = node;
  if (opType === 'Identity') return true;
  if (opType === 'Transpose') {
    const { perm } = attributes;
    return perm?.type === 'ints' && perm.value.every((axis, i) => axis === i);
  }
  if (opType === 'Reshape') {
    const before = links.shape(inputs[0]);
    const after = links.shape(outputs[0]);
    return before !== undefined && after !== undefined && before.join() === after.join();
  }
  return false;
}

/**
 * Removes nodes that hand on what they are given, and the first of two Reshapes in a row. One that makes an output
 * stays.
 */
export const dropIdentities: Pass = (graph) => {
  const links = new Links(graph);
  const rewrite = new Rewrite();
  const gone = new Set<string>();
  for (const node of graph.nodes) {
    // What follows a removed node has another shape before it than was looked up: it waits for the next round.
    if (gone.has(node.inputs[0])) continue;
    if (node.outputs.some((output) => output !== '' && links.isOutput(output))) continue;
    const reader = links.onlyReader(node.outputs[0]);
    const reshapedAgain =
      node.opType === 'Reshape' && reader?.opType === 'Reshape' && reader.inputs[0] === node.outputs[0];
    if (!changesNothing(node, links) && !reshapedAgain) continue;
    gone.add(node.outputs[0]);
    rewrite.replace(node);
    rewrite.rename(node.outputs[0], node.inputs[0]);
  }
  return rewrite.apply(graph);
};
