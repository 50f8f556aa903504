/** @file The engine of the CPU in Node: small work where it is asked for, large work in threads. */
import type { Session } from '../runtime/runtime.js';
import { type Engine, type EngineSetup, localEngine } from '../scoring/engine.js';
import { threadPool } from './pool.js';

/** Where one batch takes less than this, the event loop gets its turn often enough between batches. */
const LONGEST_RUN_MS = 4;
/** What takes less than this is over sooner here than its jets are moved to another thread. */
const LOCAL_MS = 0.4;
/** A thread is given about this much work at once: enough to hide the message, little enough to cancel soon and to end together. */
const CHUNK_MS = 4;
const MAX_CHUNK_BATCHES = 64;

/**
 * @param session for small work; released on close
 * @param threads at most
 * @param msPerJet time that a jet takes in a large run
 */
export function nodeCpuEngine(session: Session, setup: EngineSetup, threads: number, msPerJet: number): Engine {
  const local = localEngine(session, setup.plan, setup.batchJets);
  const { batchJets } = local;
  const shortRuns = msPerJet * batchJets <= LONGEST_RUN_MS;
  const pool = threadPool(threads, setup, shortRuns ? (chunk) => local.score(chunk) : undefined);
  const localJets = (shortRuns ? LOCAL_MS : LONGEST_RUN_MS) / msPerJet;
  const batches = Math.round(CHUNK_MS / msPerJet / batchJets);
  return {
    whole: session.whole,
    columns: local.columns,
    batchJets,
    chunkJets: Math.min(MAX_CHUNK_BATCHES, Math.max(1, batches)) * batchJets,
    width: threads,
    reading(source) {
      const packed = source.count > localJets ? source.share?.() : undefined;
      if (packed === undefined) return undefined;
      return { block: packed.block, score: (start, stop) => pool.read(packed, start, stop) };
    },
    score: (chunk, signal) => (chunk.jets <= localJets ? local.score(chunk, signal) : pool.score(chunk)),
    async close() {
      await pool.close();
      await local.close();
    },
  };
}
