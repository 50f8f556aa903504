import { identity } from './shared/identity.js';

/** @see https://js.tensorflow.org/api/latest/#layers.dropout */
export const dropout = identity('Dropout', ['rate', 'noise_shape', 'seed']);
