/** @file What adversarial networks are made of. */
import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layers } from '../../networks/layers.js';

/** Of leaky rectifiers below 0, as in Keras. */
const SLOPE = 0.3;

/** One layer behind the other. */
export function chain(x: SymbolicTensor, list: readonly layers.Layer[]): SymbolicTensor {
  return list.reduce((value, layer) => layer.apply(value) as SymbolicTensor, x);
}

export const leaky = (make: Layers): layers.Layer => make.leakyReLU({ alpha: SLOPE });
