import { dispose, keep, type Scalar, tidy, type Variable, variableGrads } from '@tensorflow/tfjs-core';
import { numbersOf } from '../model/readTensors.js';
import type { Optimizer } from './optimizer.js';

/** The losses of a batch. */
export interface Losses {
  /** what is to become small */
  readonly loss: Scalar;
  /** what is told of it, of which it is made */
  readonly terms: readonly Scalar[];
}

/**
 * Moves weights by the gradients of a batch, unless a loss is not finite.
 *
 * @param variables as the optimizer was made with
 * @returns the terms
 */
export async function learn(
  optimizer: Optimizer,
  variables: Variable[],
  rate: number,
  losses: () => Losses,
): Promise<number[]> {
  let kept: Scalar[] = [];
  const { value, grads } = variableGrads(() => {
    const { loss, terms } = losses();
    kept = terms.map((term) => keep(term));
    return loss;
  }, variables);
  const values: number[] = [];
  for (const term of kept) values.push((await numbersOf(term))[0]);
  if (values.every(Number.isFinite))
    tidy(() =>
      optimizer.step(
        variables.map((variable) => grads[variable.name]),
        rate,
      ),
    );
  dispose([value, ...kept, ...Object.values(grads)]);
  return values;
}
