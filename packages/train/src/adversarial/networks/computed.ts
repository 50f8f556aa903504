import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerShape } from '../../layers/layer.js';

type Compute = (inputs: readonly Tensor[]) => Tensor;

/** A layer without weights, for networks that are built from code and never stored as layers. */
class Computed extends layers.Layer {
  static readonly className = 'Computed';
  readonly #columns: number;
  readonly #compute: Compute;

  constructor(name: string, columns: number, compute: Compute) {
    super({ name });
    this.#columns = columns;
    this.#compute = compute;
  }

  override computeOutputShape(): LayerShape {
    return [null, this.#columns];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => this.#compute([inputs].flat()));
  }
}

/** @returns what `compute` makes of the inputs, (rows, columns) */
export function computed(
  name: string,
  inputs: readonly SymbolicTensor[],
  columns: number,
  compute: Compute,
): SymbolicTensor {
  const layer = new Computed(name, columns, compute);
  return layer.apply(inputs.length === 1 ? inputs[0] : [...inputs]) as SymbolicTensor;
}
