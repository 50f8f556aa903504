/** @file How many jets a run takes. */
import { JetError } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';

/** Longer runs gain nothing of more jets, and take memory for each of them: a small file can ask for a gigabyte a jet. */
const LONGEST_RUN_MS = 250;

/** Jets per run on a processor, measured: larger networks do better when fewer jets' activations share the cache. */
export function cacheFriendlyBatch(msPerJet: number): number {
  let jets = msPerJet > 0.05 ? 32 : 64;
  while (jets > 1 && jets * msPerJet > LONGEST_RUN_MS) jets /= 2;
  return jets;
}

/**
 * @param asked by the caller
 * @param usual where nobody says
 * @throws {JetError} BAD_ARGUMENT if another number is asked for than the graph has
 */
export function batchFor(plan: Plan, asked: number | undefined, usual: number): number {
  if (plan.fixedBatch === undefined) return asked ?? usual;
  if (asked !== undefined && asked !== plan.fixedBatch)
    throw new JetError(
      'BAD_ARGUMENT',
      `${plan.name}: batchSize ${asked}, but the graph's batch is fixed; expected ${plan.fixedBatch}; leave the option out`,
      { batchSize: asked, fixed: plan.fixedBatch },
    );
  return plan.fixedBatch;
}
