/** @file Stochastic gradient descent with a state that can be saved. */
import { add, keep, mul, sub, type Tensor, tensor, tidy, type Variable, zerosLike } from '@tensorflow/tfjs-core';
import { valuesOf } from '../model/readTensors.js';
import type { Optimizer, OptimizerState } from './optimizer.js';

/**
 * Gradient descent with momentum: v ← momentum · v + g, w ← w − learningRate · v.
 *
 * @param restored goes on from such a state
 * @see Sutskever et al.: On the importance of initialization and momentum in deep learning, ICML 2013
 */
export function sgd(variables: readonly Variable[], momentum: number, restored?: OptimizerState): Optimizer {
  let steps = restored?.steps ?? 0;
  const velocities: Tensor[] = variables.map((variable, i) =>
    keep(restored ? tensor(restored.means[i], variable.shape) : zerosLike(variable)),
  );
  return {
    step(gradients, learningRate) {
      steps++;
      variables.forEach((w, i) => {
        const [newW, velocity] = tidy((): [Tensor, Tensor] => {
          const v = add(mul(velocities[i], momentum), gradients[i]);
          return [sub(w, mul(v, learningRate)), v];
        });
        w.assign(newW);
        newW.dispose();
        velocities[i].dispose();
        velocities[i] = keep(velocity);
      });
    },
    state: async () => ({ steps, means: await valuesOf(velocities), squares: [] }),
    dispose() {
      for (const velocity of velocities) velocity.dispose();
    },
  };
}
