import type { Graph } from '../model.js';
import { affineOf } from './foldBatchNorm.js';
import { Links, type Pass, Rewrite } from './links.js';

/**
 * Puts a BatchNormalization with positive factors behind the max pooling that follows it: it keeps the order of numbers, and
 * has fewer of them to do there.
 */
export const poolFirst: Pass = (graph: Graph) => {
  const links = new Links(graph);
  const rewrite = new Rewrite();
  for (const norm of graph.nodes) {
    if (norm.opType !== 'BatchNormalization') continue;
    const pool = links.onlyReader(norm.outputs[0]);
    const rising = affineOf(norm, links)?.scale.every((factor) => factor > 0);
    if (pool?.opType !== 'MaxPool' || pool.outputs.length !== 1 || !rising) continue;
    const pooled = `${pool.outputs[0]}/first`;
    rewrite.replace(norm, { ...pool, inputs: [norm.inputs[0]], outputs: [pooled] });
    rewrite.replace(pool, { ...norm, inputs: [pooled, ...norm.inputs.slice(1)], outputs: pool.outputs });
    break;
  }
  return rewrite.apply(graph);
};
