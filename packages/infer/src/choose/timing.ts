/** @file How long a jet takes. */
import { isJetError, JetError } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';
import { firstLine } from '../runtime/ortSession.js';
import type { Session } from '../runtime/runtime.js';
import { feedMaker } from '../scoring/feeds.js';
import { canSample, sampleChunk } from './sample.js';

/** Long enough for the coarse clock of a page. */
const TIMED_MS = 2;
/** Jets of a run that tell what a jet costs in a large one: more change little. */
const TIMED_JETS = 16;
/** Taken for a network that cannot be timed. */
const UNTIMED_MS = 1;

/**
 * Milliseconds a jet takes in runs of several, or of the fixed batch. A network runs on one jet and on several at least, however
 * long it takes: its graph may have a number of jets inside.
 *
 * @param most jets of a run
 * @throws {JetError} BAD_MODEL if the network does not run on what it declares
 */
export async function timeJet(name: string, session: Session, plan: Plan, most = TIMED_JETS): Promise<number> {
  if (!canSample(plan)) return UNTIMED_MS;
  const alone = await timed(await runsOf(name, session, plan, 1));
  if (plan.fixedBatch !== undefined) return alone / plan.fixedBatch;
  if (most === 1) return alone;
  const jets = Math.min(TIMED_JETS, most, Math.floor(TIMED_MS / alone));
  const several = await runsOf(name, session, plan, Math.max(2, jets));
  if (jets > 1) return (await timed(several)) / jets;
  await several();
  return alone;
}

function unfit(name: string, jets: number, error: unknown): unknown {
  if (!isJetError(error, 'DEVICE_UNAVAILABLE')) return error;
  const reason = firstLine(error.cause);
  if (reason.startsWith('out of memory')) return error;
  const remedy = jets === 1 ? 'export it with an open first axis' : 'load it with batchSize 1';
  return new JetError(
    'BAD_MODEL',
    `${name}: does not run on ${jets} jet${jets === 1 ? '' : 's'} of the shape it declares (${reason}); expected scores; where its graph has a number of jets inside, ${remedy}`,
    { jets },
    { cause: error },
  );
}

/** Runs of so many jets. */
async function runsOf(name: string, session: Session, plan: Plan, jets: number): Promise<() => Promise<unknown>> {
  const feeds = (await feedMaker(plan))(sampleChunk(plan, jets), 0, jets);
  const outputs = [plan.readout.output];
  return () =>
    session.run(feeds, outputs).catch((error: unknown) => {
      throw unfit(name, jets, error);
    });
}

/** Milliseconds that work takes, after a first time that prepares. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  await work();
  // a busy machine interrupts some runs; the faster of two goes is what the network takes
  let least = Number.POSITIVE_INFINITY;
  for (let go = 0; go < 2; go++) {
    const start = performance.now();
    let runs = 0;
    for (; performance.now() - start < TIMED_MS; runs++) await work();
    least = Math.min(least, (performance.now() - start) / runs);
  }
  return least;
}
