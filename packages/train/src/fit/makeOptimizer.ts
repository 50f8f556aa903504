import type { Variable } from '@tensorflow/tfjs-core';
import { adam } from './adam.js';
import type { Optimizer, OptimizerChoice, OptimizerState } from './optimizer.js';
import { sgd } from './sgd.js';

/** @param restored goes on from such a state */
export function makeOptimizer(
  choice: OptimizerChoice | undefined,
  variables: readonly Variable[],
  restored?: OptimizerState,
): Optimizer {
  return choice?.kind === 'sgd' ? sgd(variables, choice.momentum, restored) : adam(variables, restored);
}
