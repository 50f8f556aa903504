import { sizeOf } from '@jetsdk/jets';
import { ELEMENT_TYPES, type Graph } from '../model.js';
import type { InferredValues } from './inferShapes.js';

/**
 * Bytes of what is alive at once while one jet goes through the graph, at most: inputs, and each value from the node that
 * makes it to the last that reads it. Constants do not count, nor what is made of constants alone, such as float16 weights as float32.
 *
 * @param shapes of `inferShapes`
 * @returns undefined where a shape is not known before the model runs
 */
export function activationBytes(graph: Graph, shapes: InferredValues): number | undefined {
  const lastUse = new Map<string, number>();
  graph.nodes.forEach(({ inputs }, i) => {
    for (const name of inputs) lastUse.set(name, i);
  });
  for (const { name } of graph.outputs) lastUse.set(name, graph.nodes.length);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  for (const { opType, inputs, outputs } of graph.nodes)
    if (opType === 'Constant' || (inputs.length > 0 && inputs.every((name) => name === '' || constants.has(name))))
      for (const name of outputs) constants.add(name);
  const bytesOf = (name: string): number | undefined => {
    const value = shapes.get(name);
    return value?.shape && sizeOf(value.shape) * ELEMENT_TYPES[value.type].bytes;
  };
  let alive = 0;
  for (const { name } of graph.inputs) if (!constants.has(name)) alive += bytesOf(name) ?? Number.NaN;
  let most = alive;
  for (const [i, node] of graph.nodes.entries()) {
    const outputs = node.outputs.filter((name) => name !== '' && !constants.has(name));
    for (const name of outputs) alive += bytesOf(name) ?? Number.NaN;
    most = Math.max(most, alive);
    for (const name of new Set([...node.inputs, ...outputs]))
      if (name !== '' && !constants.has(name) && (lastUse.get(name) ?? i) === i) alive -= bytesOf(name) ?? Number.NaN;
  }
  return Number.isNaN(most) ? undefined : most;
}
