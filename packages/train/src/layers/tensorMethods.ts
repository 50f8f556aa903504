/** @file Methods of tensors that TensorFlow.js calls in its orthogonal initialiser, but gives to its bundle alone. */
import { reshape, sign, stridedSlice, Tensor, transpose } from '@tensorflow/tfjs-core';

let added = false;

/** Recurrent layers draw orthogonal weights, and cannot be made without these. */
export function addTensorMethods(): void {
  if (added) return;
  added = true;
  const methods: Readonly<Record<string, (this: Tensor, ...args: never[]) => Tensor>> = {
    flatten() {
      return reshape(this, [this.size]);
    },
    reshape(shape: number[]) {
      return reshape(this, shape);
    },
    sign() {
      return sign(this);
    },
    stridedSlice(begin: number[], end: number[], strides: number[]) {
      return stridedSlice(this, begin, end, strides);
    },
    transpose() {
      return transpose(this);
    },
  };
  for (const [name, method] of Object.entries(methods))
    if (!(name in Tensor.prototype)) Object.defineProperty(Tensor.prototype, name, { value: method });
}
