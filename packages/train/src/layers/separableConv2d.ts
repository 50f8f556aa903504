/** @file Separable convolutions, of which TensorFlow.js writes all but the depth multiplier. */
import { layers } from '@tensorflow/tfjs-layers';

/** Makes separable convolutions write their depth multiplier, without which they are read back with smaller kernels. */
export function writeDepthMultipliers(): void {
  const prototype: layers.Layer = Object.getPrototypeOf(layers.separableConv2d({ filters: 1, kernelSize: 1 }));
  const { getConfig } = prototype;
  prototype.getConfig = function () {
    return { ...getConfig.call(this), depthMultiplier: Reflect.get(this, 'depthMultiplier') };
  };
}
