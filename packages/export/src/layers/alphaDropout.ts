import { identity } from './shared/identity.js';

/** @see https://js.tensorflow.org/api/latest/#layers.alphaDropout */
export const alphaDropout = identity('AlphaDropout', ['rate', 'noise_shape']);
