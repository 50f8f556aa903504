/** @file Activation functions of Keras that TensorFlow.js lacks. */
import {
  add,
  clipByValue,
  exp,
  leakyRelu,
  mul,
  neg,
  serialization,
  softplus,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

/** relu6(x + 3) / 6 */
const hardSigmoid6 = (x: Tensor): Tensor => clipByValue(add(mul(x, 1 / 6), 0.5), 0, 1);

/** By the names that TensorFlow.js gives them, which are those of Keras without underscores. */
const FUNCTIONS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  exponential: exp,
  leakyRelu: (x) => leakyRelu(x, 0.2),
  hardTanh: (x) => clipByValue(x, -1, 1),
  logSigmoid: (x) => neg(softplus(neg(x))),
  // what Keras 3 calls hard_sigmoid
  hardSigmoid6,
  hardSilu: (x) => mul(x, hardSigmoid6(x)),
};

/** Makes these functions known to TensorFlow.js. */
export function registerActivations(): void {
  for (const [name, run] of Object.entries(FUNCTIONS)) {
    class Activation extends serialization.Serializable {
      static readonly className = name;

      apply(x: Tensor): Tensor {
        return tidy(() => run(x));
      }

      getConfig(): serialization.ConfigDict {
        return {};
      }
    }
    serialization.registerClass(Activation);
  }
}
