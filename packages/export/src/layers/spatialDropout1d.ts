import { identity } from './shared/identity.js';

/** @see https://js.tensorflow.org/api/latest/#layers.spatialDropout1d */
export const spatialDropout1d = identity('SpatialDropout1D', ['rate', 'noise_shape', 'seed']);
