/** @file The worker that takes pile-up out of jets. */
import { clean } from './pileUp.js';
import { serve } from './rpc.js';

const cleaning = { clean };

export type Cleaning = typeof cleaning;

serve(cleaning);
