/** @file How many jets a run takes. */
import { JetError } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';

/** Longer runs gain nothing of more jets, and take memory for each of them: a small file can ask for a gigabyte a jet. */
const LONGEST_RUN_MS = 250;

/** Jets per run on a processor, measured: larger networks do better when fewer jets' activations share the cache. */
export function cacheFriendlyBatch(msPerJet: number): number {
  return shortRun(msPerJet > 0.05 ? 32 : 64, msPerJet);
}

/** So many rows, a power of two, or fewer where a run of them would take long. */
export function shortRun(rows: number, msPerRow: number): number {
  let fewer = rows;
  while (fewer > 1 && fewer * msPerRow > LONGEST_RUN_MS) fewer /= 2;
  return fewer;
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
