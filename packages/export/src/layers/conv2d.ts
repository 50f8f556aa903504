import { convolution } from './shared/convolution.js';

/**
 * Conv2D to ONNX Conv.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.conv2d
 * @see https://onnx.ai/onnx/operators/onnx__Conv.html
 */
export const conv2d = convolution('Conv2D', 2);
