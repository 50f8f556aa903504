/** @file The worker that makes showers and jets. */
import { make } from './generation.js';
import { serve } from './rpc.js';

const generation = { make };

export type Generation = typeof generation;

serve(generation);
