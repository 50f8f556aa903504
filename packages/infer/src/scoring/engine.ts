/** @file An engine scores chunks; this one does it where it is called. */
import { JetError, type JetSource } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';
import { once, serialQueue } from '../runtime/queue.js';
import type { Session, SessionSettings } from '../runtime/runtime.js';
import type { Chunk } from './chunk.js';
import { type FeedMaker, feedMaker } from './feeds.js';
import { readProbabilities, readScores } from './readout.js';
import { type Sense, withOddity } from './sense.js';

/** What an engine is made of; plain data, so that it can be sent to a thread. */
export interface EngineSetup {
  readonly model: Uint8Array;
  readonly settings: SessionSettings;
  readonly plan: Plan;
  readonly batchJets: number;
}

/** Scores of jets that a thread has read, and whether they make sense. */
export interface ReadScores {
  readonly scores: Float32Array;
  readonly sense: Sense | undefined;
}

/** Scores jets of a source that the scoring threads read for themselves. */
export interface Reading {
  /** jets that are read as cheaply together as one of them */
  readonly block: number;
  /**
   * @returns undefined where the source has to be asked for these jets
   * @throws {JetError} as `Engine.score`
   */
  score(start: number, stop: number): Promise<ReadScores | undefined>;
}

/** Scores chunks of jets on one device. */
export interface Engine {
  /** whether every operator of the model runs on the device */
  readonly whole: boolean;
  /** jets of one run */
  readonly batchJets: number;
  /** jets that are best given at once */
  readonly chunkJets: number;
  /** chunks that are worked on at the same time */
  readonly width: number;
  /** How its threads read a source for themselves; undefined where they cannot, or need not. */
  reading?(source: JetSource): Reading | undefined;
  /** numbers per jet of a chunk that wants all */
  readonly columns: number;
  /**
   * May be called again before it has answered. The chunk's arrays are not modified.
   *
   * @returns (jets,), or (jets, columns) where the chunk wants all
   */
  score(chunk: Chunk, signal?: AbortSignal): Promise<Float32Array>;
  /** Waits for what is being scored, then frees everything. */
  close(): Promise<void>;
}

/** @throws {JetError} CANCELLED if the signal has fired */
export function requireNotCancelled(signal: AbortSignal | undefined, what = 'score'): void {
  if (signal?.aborted) throw new JetError('CANCELLED', `${what}: stopped by the caller`, {}, { cause: signal.reason });
}

/**
 * Scores with a session of its own, `batchJets` jets a run.
 *
 * @param rest asked after every run, so that a page can breathe; what it gives is waited for
 */
export function localEngine(
  session: Session,
  plan: Plan,
  batchJets: number,
  rest?: () => Promise<void> | undefined,
): Engine {
  const inOrder = serialQueue();
  const maker = once(() => feedMaker(plan));
  const outputs = [plan.readout.output];
  let inWork = 0;
  let finished: (() => void) | undefined;
  const step = plan.fixedBatch ?? batchJets;
  const run = async (
    feeds: FeedMaker,
    chunk: Chunk,
    start: number,
    stop: number,
    scores: Float32Array,
  ): Promise<void> => {
    const answer = await session.run(feeds(chunk, start, stop), outputs);
    const batch = plan.fixedBatch ?? stop - start;
    const read = chunk.all ? readProbabilities : readScores;
    try {
      read(plan.readout, answer[plan.readout.output], batch, stop - start, scores, start, chunk.first + start);
    } catch (error) {
      throw withOddity(error, chunk, plan);
    }
  };
  return {
    whole: session.whole,
    columns: plan.readout.columns,
    batchJets: step,
    chunkJets: step,
    width: 1,
    async score(chunk, signal) {
      const scores = new Float32Array(chunk.jets * (chunk.all ? plan.readout.columns : 1));
      inWork++;
      try {
        const feeds = await maker();
        for (let start = 0; start < chunk.jets; start += step) {
          requireNotCancelled(signal);
          await inOrder(() => run(feeds, chunk, start, Math.min(start + step, chunk.jets), scores));
          const pause = rest?.();
          if (pause !== undefined) await pause;
        }
      } finally {
        if (--inWork === 0) finished?.();
      }
      return scores;
    },
    async close() {
      if (inWork > 0)
        await new Promise<void>((resolve) => {
          finished = resolve;
        });
      await inOrder(() => session.release());
    },
  };
}
