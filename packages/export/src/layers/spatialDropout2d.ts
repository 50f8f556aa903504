import { identity } from './shared/identity.js';

/** @see https://keras.io/api/layers/regularization_layers/spatial_dropout2d */
export const spatialDropout2d = identity('SpatialDropout2D', ['rate']);
