/** @file The Adam optimizer with a state that can be saved. */
import {
  add,
  div,
  engine,
  getBackend,
  keep,
  mul,
  sqrt,
  square,
  sub,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { ADAM } from '../backend/wasm/kernels/adam.js';
import { valuesOf } from '../model/readTensors.js';
import type { Optimizer, OptimizerState } from './optimizer.js';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/**
 * Adam with β₂ = 0.999, ε = 1e-7.
 *
 * @param restored goes on from such a state
 * @param beta1 share of the mean of the gradients that stays after a step, in [0, 1)
 * @see Kingma, Ba: Adam, arXiv:1412.6980, algorithm 1
 */
export function adam(variables: readonly Variable[], restored?: OptimizerState, beta1 = BETA1): Optimizer {
  let steps = restored?.steps ?? 0;
  const initial = (values: readonly Float32Array[] | undefined): Tensor[] =>
    variables.map((variable, i) => keep(values ? tensor(values[i], variable.shape) : zerosLike(variable)));
  const means = initial(restored?.means);
  const squares = initial(restored?.squares);
  return {
    step(gradients, learningRate) {
      steps++;
      const rate = learningRate / (1 - beta1 ** steps);
      const scale = 1 / Math.sqrt(1 - BETA2 ** steps);
      variables.forEach((w, i) => {
        const [newW, newM, newV] = tidy(() => move(w, gradients[i], means[i], squares[i], { beta1, rate, scale }));
        w.assign(newW);
        newW.dispose();
        means[i].dispose();
        squares[i].dispose();
        means[i] = keep(newM);
        squares[i] = keep(newV);
      });
    },
    state: async () => ({ steps, means: await valuesOf(means), squares: await valuesOf(squares) }),
    dispose() {
      for (const t of [...means, ...squares]) t.dispose();
    },
  };
}

function move(
  w: Tensor,
  g: Tensor,
  m: Tensor,
  v: Tensor,
  { beta1, rate, scale }: { readonly beta1: number; readonly rate: number; readonly scale: number },
): [Tensor, Tensor, Tensor] {
  if (getBackend() === 'wasm')
    return engine().runKernel<[Tensor, Tensor, Tensor]>(
      ADAM,
      { w, g, m, v },
      { beta1, beta2: BETA2, rate, scale, epsilon: EPSILON },
    );
  const newM = add(mul(m, beta1), mul(g, 1 - beta1));
  const newV = add(mul(v, BETA2), mul(square(g), 1 - BETA2));
  return [sub(w, div(mul(newM, rate), add(mul(sqrt(newV), scale), EPSILON))), newM, newV];
}
