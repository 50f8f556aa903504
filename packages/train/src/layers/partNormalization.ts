/** @file Batch normalisations without gamma or beta, which TensorFlow.js runs but does not train. */
import { ones, type Tensor, zeros } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

interface Readable {
  read(): Tensor;
}

/** What a batch normalisation holds, once it is built. */
interface BatchNormalization extends layers.Layer {
  gamma: Readable | null | undefined;
  beta: Readable | null | undefined;
  readonly movingMean: Readable;
}

/** Gives batch normalisations without gamma or beta ones and zeros in their place while they are called: in training TensorFlow.js reads both, unasked. */
export function trainPartNormalizations(): void {
  const prototype: BatchNormalization = Object.getPrototypeOf(layers.batchNormalization());
  const { call } = prototype;
  prototype.call = function (this: BatchNormalization, inputs, kwargs) {
    const { gamma, beta } = this;
    const shape = this.movingMean.read().shape;
    this.gamma = gamma ?? { read: () => ones(shape) };
    this.beta = beta ?? { read: () => zeros(shape) };
    try {
      return call.call(this, inputs, kwargs);
    } finally {
      this.gamma = gamma;
      this.beta = beta;
    }
  };
}
