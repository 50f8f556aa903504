import { identity } from './shared/identity.js';

/** @see https://js.tensorflow.org/api/latest/#layers.gaussianDropout */
export const gaussianDropout = identity('GaussianDropout', ['rate']);
