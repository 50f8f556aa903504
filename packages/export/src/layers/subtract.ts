import { merge } from './shared/merge.js';

/**
 * Subtract as Keras defines it; tfjs-layers 4.22 has it only where the user registers such a layer.
 *
 * @see https://keras.io/api/layers/merging_layers/subtract/
 * @see https://onnx.ai/onnx/operators/onnx__Sub.html
 */
export const subtract = merge('Subtract', 'Sub', (a, b) => a - b, { inputs: 2 });
