import type { Graph } from '../model.js';
import { dropDeadCode } from './dropDeadCode.js';
import { dropIdentities } from './dropIdentities.js';
import { foldBatchNorm } from './foldBatchNorm.js';
import { foldConstants } from './foldConstants.js';
import type { Pass } from './links.js';
import { mergeTransposes } from './mergeTransposes.js';
import { poolFirst } from './poolFirst.js';
import { shareConstants } from './shareConstants.js';

/** In the order in which they run. */
export const PASSES: Readonly<Record<string, Pass>> = {
  dropIdentities,
  foldBatchNorm,
  poolFirst,
  mergeTransposes,
  foldConstants,
  shareConstants,
  dropDeadCode,
};

/** Runs every pass until none changes the graph. */
export function optimise(graph: Graph): Graph {
  let current = graph;
  for (;;) {
    let next = current;
    for (const pass of Object.values(PASSES)) next = pass(next);
    if (sameNodes(next, current)) return next;
    current = next;
  }
}

function sameNodes(a: Graph, b: Graph): boolean {
  return a.nodes.length === b.nodes.length && a.nodes.every((node, i) => node === b.nodes[i]);
}
