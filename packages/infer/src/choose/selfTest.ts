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
  const jets = { ...sampleChunk(plan, TEST_JETS), ...(plan.readout.kind === 'values' && { all: true }) };
  const wanted = await reference.score(jets);
  await engine.score(jets);
  const before = performance.now();
  const got = await engine.score(jets);
  const msForTest = performance.now() - before;
  let maxAbsDifference = 0;
  for (let i = 0; i < wanted.length; i++) maxAbsDifference = Math.max(maxAbsDifference, Math.abs(got[i] - wanted[i]));
  const tolerance = plan.tolerance * (plan.readout.kind === 'values' ? scaleOf(wanted) : 1);
  return { reference: device, jets: TEST_JETS, maxAbsDifference, tolerance, msForTest };
}

/** Root mean square, at least 1, as the certificate has it. */
function scaleOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.max(1, Math.sqrt(sum / values.length));
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
