/** @file The engine of the CPU in Node: small work where it is asked for, large work in threads. */
import { type Engine, type EngineSetup, localEngine } from './engine.js';
import { threadPool } from './pool.js';
import type { Session } from './runtime.js';

/** A call shorter than this may hold up the event loop. */
const LOCAL_MS = 2;
/** A thread is given about this much work at once: enough to hide the message, little enough to cancel soon. */
const CHUNK_MS = 20;
const MAX_CHUNK_BATCHES = 64;

/**
 * @param session for small work; released on close
 * @param threads at most
 * @param msPerJet time of one run with a single jet
 */
export function nodeCpuEngine(session: Session, setup: EngineSetup, threads: number, msPerJet: number): Engine {
  const local = localEngine(session, setup.plan, setup.batchJets);
  const pool = threadPool(threads, setup);
  const localJets = LOCAL_MS / msPerJet;
  const { batchJets } = local;
  const batches = Math.round(CHUNK_MS / msPerJet / batchJets);
  return {
    whole: session.whole,
    batchJets,
    chunkJets: Math.min(MAX_CHUNK_BATCHES, Math.max(1, batches)) * batchJets,
    width: threads,
    score: (chunk, signal) => (chunk.jets <= localJets ? local.score(chunk, signal) : pool.score(chunk)),
    async close() {
      await Promise.all([local.close(), pool.close()]);
    },
  };
}
