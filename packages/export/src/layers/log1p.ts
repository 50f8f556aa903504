import { elementwise } from './shared/elementwise.js';

/** The SDK's own layer: ln(1 + scale · x). ONNX has no operator that is exact for tiny x, and the layer is not either. */
export const log1p = elementwise(
  'Log1p',
  'any factor',
  ['Mul', 'Add', 'Log'],
  (config) => config.number('scale'),
  (scale, x) => Math.log(1 + scale * x),
  (scale, x, to) => to.map('Log', to.map('Add', to.map('Mul', x, [to.scalar('scale', scale)]), [to.scalar('one', 1)])),
);
