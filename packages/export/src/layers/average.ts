import { merge } from './shared/merge.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.average
 * @see https://onnx.ai/onnx/operators/onnx__Add.html
 */
export const average = merge('Average', 'Add', (a, b) => a + b, { mean: true });
