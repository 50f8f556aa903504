import { elementwise } from './shared/elementwise.js';

/** @see https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling */
export const rescaling = elementwise(
  'Rescaling',
  'one factor and one offset',
  ['Mul', 'Add'],
  (config) => ({ scale: config.number('scale'), offset: config.number('offset', 0) }),
  ({ scale, offset }, x) => x * scale + offset,
  ({ scale, offset }, x, to) =>
    to.map('Add', to.map('Mul', x, [to.scalar('scale', scale)]), [to.scalar('offset', offset)]),
);
