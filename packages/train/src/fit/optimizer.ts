/** @file What moves the weights. */
import { JetError } from '@jetsdk/jets';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Which optimizer; the default is Adam. */
export type OptimizerChoice =
  | { readonly kind: 'adam' }
  /** stochastic gradient descent; momentum in [0, 1) */
  | { readonly kind: 'sgd'; readonly momentum: number };

/** What an optimizer remembers, in the order of the variables. */
export interface OptimizerState {
  readonly steps: number;
  /** running means of the gradients; of `sgd` their decaying sums */
  readonly means: readonly Float32Array[];
  /** running means of the squared gradients; empty for `sgd` */
  readonly squares: readonly Float32Array[];
}

export interface Optimizer {
  /** moves the variables; `gradients` in their order, not disposed */
  step(gradients: readonly Tensor[], learningRate: number): void;
  state(): Promise<OptimizerState>;
  dispose(): void;
}

/** @throws {JetError} OUT_OF_RANGE for a momentum outside [0, 1) */
export function checkOptimizer(choice: OptimizerChoice): void {
  if (choice.kind === 'sgd' && !(choice.momentum >= 0 && choice.momentum < 1))
    throw new JetError('OUT_OF_RANGE', `optimizer: momentum ${choice.momentum}; expected 0 ≤ momentum < 1`, {
      momentum: choice.momentum,
    });
}
