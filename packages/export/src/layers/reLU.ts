import { elementwise } from './shared/elementwise.js';

/** @see https://js.tensorflow.org/api/latest/#layers.reLU */
export const reLU = elementwise(
  'ReLU',
  'with or without a largest value',
  ['Relu', 'Clip'],
  (config) => (config.value('max_value') === undefined ? Number.POSITIVE_INFINITY : config.number('max_value')),
  (max, x) => Math.min(Math.max(x, 0), max),
  (max, x, to) =>
    Number.isFinite(max) ? to.map('Clip', x, [to.scalar('min', 0), to.scalar('max', max)]) : to.map('Relu', x),
);
