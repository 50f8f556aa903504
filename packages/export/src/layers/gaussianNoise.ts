import { identity } from './shared/identity.js';

/** @see https://js.tensorflow.org/api/latest/#layers.gaussianNoise */
export const gaussianNoise = identity('GaussianNoise', ['stddev']);
