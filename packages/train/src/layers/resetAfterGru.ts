import { JetError } from '@jetsdk/jets';
import {
  add,
  matMul,
  mul,
  type serialization,
  slice,
  split,
  squeeze,
  sub,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { type LayerShape, onlyTensor } from './layer.js';

/** Settings as of `layers.gru`. */
export type ResetAfterGRUConfig = Parameters<typeof layers.gru>[0];

/**
 * The cell of `ResetAfterGRU`. Weights: `kernel` [inputs, 3 · units], `recurrent_kernel` [units, 3 · units],
 * `bias` [2, 3 · units], of input and state.
 */
class ResetAfterGRUCell extends layers.RNNCell {
  static readonly className = 'ResetAfterGRUCell';
  readonly stateSize: number;
  readonly #config: ResetAfterGRUConfig;
  /** has the two kernels */
  readonly #kernels: layers.RNNCell;
  readonly #output: layers.Layer;
  readonly #gate: layers.Layer;
  #bias: LayerVariable | undefined;

  constructor(config: ResetAfterGRUConfig) {
    super({});
    const { units, activation = 'tanh', recurrentActivation = 'hardSigmoid' } = config;
    this.#config = { ...config, activation, recurrentActivation };
    this.stateSize = units;
    this.#kernels = layers.gruCell({ ...this.#config, useBias: false, resetAfter: false });
    this.#output = layers.activation({ activation });
    this.#gate = layers.activation({ activation: recurrentActivation });
  }

  override build(inputShape: LayerShape): void {
    this.#kernels.build(inputShape);
    if (this.#config.useBias ?? true)
      this.#bias = this.addWeight('bias', [2, 3 * this.stateSize], 'float32', initializers.zeros());
    this.built = true;
  }

  override get trainableWeights(): LayerVariable[] {
    return [...this.#kernels.trainableWeights, ...super.trainableWeights];
  }

  override get weights(): LayerVariable[] {
    return this.trainableWeights;
  }

  override call(inputs: Tensor | Tensor[], { training }: { readonly training?: boolean } = {}): Tensor[] {
    const { dropout = 0, recurrentDropout = 0 } = this.#config;
    if (training === true && dropout + recurrentDropout > 0)
      throw new JetError(
        'UNSUPPORTED',
        `GRU with reset_after: got dropout ${dropout} and recurrent_dropout ${recurrentDropout}; expected 0 where it is trained; use a Dropout in front of it`,
      );
    return tidy(() => {
      const [x, state] = [onlyTensor(inputs), (inputs as Tensor[])[1]];
      const [kernel, recurrent] = this.#kernels.trainableWeights.map((weight) => weight.read());
      const ofInput = this.#shifted(matMul(x, kernel), 0);
      const ofState = this.#shifted(matMul(state, recurrent), 1);
      const [inputUpdate, inputReset, inputNew] = split(ofInput, 3, 1);
      const [stateUpdate, stateReset, stateNew] = split(ofState, 3, 1);
      const update = this.#gate.apply(add(inputUpdate, stateUpdate)) as Tensor;
      const reset = this.#gate.apply(add(inputReset, stateReset)) as Tensor;
      const made = this.#output.apply(add(inputNew, mul(reset, stateNew))) as Tensor;
      const next = add(mul(update, state), mul(sub(1, update), made));
      return [next, next];
    });
  }

  #shifted(product: Tensor, row: number): Tensor {
    return this.#bias
      ? add(product, squeeze(slice(this.#bias.read(), [row, 0], [1, 3 * this.stateSize]), [0]))
      : product;
  }

  override getConfig() {
    return { ...this.#kernels.getConfig(), useBias: this.#config.useBias ?? true, resetAfter: true };
  }
}

/**
 * The GRU that Keras makes unless told otherwise: the state is multiplied first, and what comes out is reset. That of
 * TensorFlow.js resets the state.
 *
 * @see https://keras.io/api/layers/recurrent_layers/gru
 */
export class ResetAfterGRU extends layers.RNN {
  static override readonly className = 'ResetAfterGRU';

  constructor(config: ResetAfterGRUConfig) {
    super({ ...config, cell: new ResetAfterGRUCell(config) });
  }

  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}
