import { convolution } from './shared/convolution.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.conv1d
 * @see https://onnx.ai/onnx/operators/onnx__Conv.html
 */
export const conv1d = convolution('Conv1D', 1);
