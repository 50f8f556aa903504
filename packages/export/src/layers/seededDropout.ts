import { identity } from './shared/identity.js';

/** The SDK's own Dropout, whose masks follow from a seed. */
export const seededDropout = identity('SeededDropout', ['rate', 'seed', 'spatial']);
