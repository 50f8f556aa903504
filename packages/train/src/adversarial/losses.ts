/** @file Losses of networks that play against each other. */
import {
  abs,
  add,
  exp,
  log,
  mean,
  mul,
  neg,
  relu,
  type Scalar,
  sub,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Gan } from './gan.js';

/** Mean cross-entropy of logits (rows, 1) and what they should tell, 0 or 1. */
export function crossEntropy(logits: Tensor, targets: Float32Array): Scalar {
  return tidy(() => {
    const softplus = add(relu(logits), log(add(exp(neg(abs(logits))), 1)));
    return mean(sub(softplus, mul(logits, tensor(targets, [targets.length, 1])))) as Scalar;
  });
}

/** Mean absolute error of (rows, 1). */
export function absoluteError(values: Tensor, targets: Float32Array): Scalar {
  return tidy(() => mean(abs(sub(values, tensor(targets, [targets.length, 1])))) as Scalar);
}

/** What the discriminator is to tell of a batch. */
export interface Targets {
  /** 1 real, 0 generated; some of them flipped */
  readonly real: Float32Array;
  /** by head */
  readonly heads: readonly Float32Array[];
}

/** @param outputs of the discriminator @returns its loss by term: `real`, then the heads, unweighted */
export function lossTerms({ heads }: Gan, outputs: readonly Tensor[], { real, heads: told }: Targets): Scalar[] {
  const rest = heads.map(({ kind }, k) =>
    kind === 'class' ? crossEntropy(outputs[k + 1], told[k]) : absoluteError(outputs[k + 1], told[k]),
  );
  return [crossEntropy(outputs[0], real), ...rest];
}

/** The terms together, each with its weight. */
export function weighted({ heads }: Gan, [real, ...rest]: readonly Scalar[]): Scalar {
  return rest.reduce((sum: Scalar, term, k) => add(sum, mul(term, heads[k].weight)), real);
}
