/** @file Whether a device gives the scores of the reference, and how fast. */

import type { Plan } from '../model/plan.js';
import type { Device } from '../runtime/runtime.js';
import type { Engine } from '../scoring/engine.js';
import type { SelfTest } from '../scoring/tagger.js';
import { sampleChunk } from './sample.js';

const TEST_JETS = 48;
/** A device that would take longer than this for one large batch is no faster than the processor. */
const PATIENCE_MS = 2000;

/**
 * @param reference of `device`, whose scores are taken as right
 */
export async function compareDevice(
  engine: Engine,
  reference: Engine,
  device: Device,
  plan: Plan,
): Promise<SelfTest & { readonly msForTest: number }> {
  const jets = sampleChunk(plan, TEST_JETS);
  const wanted = await reference.score(jets);
  await engine.score(jets);
  const before = performance.now();
  const got = await engine.score(jets);
  const msForTest = performance.now() - before;
  let maxAbsDifference = 0;
  for (let i = 0; i < TEST_JETS; i++) maxAbsDifference = Math.max(maxAbsDifference, Math.abs(got[i] - wanted[i]));
  return { reference: device, jets: TEST_JETS, maxAbsDifference, tolerance: plan.tolerance, msForTest };
}

/** Jets a second with as many jets as the engine likes at once; undefined if that would take too long. */
export async function measureRate(engine: Engine, plan: Plan, msForTest: number): Promise<number | undefined> {
  const jets = engine.chunkJets;
  if ((msForTest * jets) / TEST_JETS > PATIENCE_MS) return undefined;
  const chunk = sampleChunk(plan, jets);
  await engine.score(chunk);
  const before = performance.now();
  await engine.score(chunk);
  return jets / ((performance.now() - before) / 1000);
}
