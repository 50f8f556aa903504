import { merge } from './shared/merge.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.add
 * @see https://onnx.ai/onnx/operators/onnx__Add.html
 */
export const add = merge('Add', 'Add', (a, b) => a + b);
