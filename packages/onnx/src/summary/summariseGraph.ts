import type { Graph } from '../model.js';
import { flopsByOperator } from './flops.js';
import { inferShapes } from './inferShapes.js';
import { type GraphLayer, layersOf } from './layers.js';
import { activationBytes } from './memory.js';
import { receptiveField } from './receptiveField.js';

/** What a graph costs for one jet. */
export interface GraphCost {
  /** floating-point operations by operator, as `flopsByOperator` counts them; undefined where a shape is not known */
  readonly flops: Readonly<Record<string, number>> | undefined;
  /** bytes of all values alive at once, at most; undefined where a shape is not known */
  readonly activationBytes: number | undefined;
  /** as `receptiveField` */
  readonly receptiveField: readonly number[] | undefined;
}

export interface GraphSummary extends GraphCost {
  readonly layers: readonly GraphLayer[];
}

/** What a graph is made of and what it costs for one jet, without running it. */
export function summariseGraph(graph: Graph): GraphSummary {
  const shapes = inferShapes(graph);
  return {
    layers: layersOf(graph, shapes),
    flops: flopsByOperator(graph, shapes),
    activationBytes: activationBytes(graph, shapes),
    receptiveField: receptiveField(graph, shapes),
  };
}

/** All operations together. */
export const totalFlops = (flops: Readonly<Record<string, number>>): number =>
  Object.values(flops).reduce((sum, count) => sum + count, 0);
