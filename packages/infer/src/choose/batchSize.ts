/** @file How many jets a run takes. */
import { JetError } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';

/** Jets per run on a processor, measured: larger networks do better when fewer jets' activations share the cache. */
export const cacheFriendlyBatch = (msPerJet: number): number => (msPerJet > 0.05 ? 32 : 64);

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
