/** @file A worker thread that holds sessions, as the main thread sees it. */
import { Worker } from 'node:worker_threads';
import { JetError, type PackedJets, type PlainError, reviveError } from '@jetsdk/jets';
import { buffersOf, type Chunk, copyChunk } from '../scoring/chunk.js';
import type { EngineSetup, ReadScores } from '../scoring/engine.js';
import type { Sense } from '../scoring/sense.js';

/** What a thread is asked to do with one of its engines. */
export type Request =
  | { readonly kind: 'open'; readonly engine: number; readonly setup: EngineSetup }
  | { readonly kind: 'score'; readonly engine: number; readonly chunk: Chunk }
  | {
      readonly kind: 'read';
      readonly engine: number;
      readonly packed: PackedJets;
      readonly start: number;
      readonly stop: number;
    }
  | { readonly kind: 'close'; readonly engine: number };

/** What a thread answers to the request of that number. */
export interface Answer {
  readonly call: number;
  readonly whole?: boolean;
  readonly scores?: Float32Array;
  /** of jets that the thread has read */
  readonly sense?: Sense | undefined;
  /** of the chunk that was scored, to be used again */
  readonly memory?: readonly ArrayBuffer[];
  readonly error?: PlainError;
}

export interface ScoringThread {
  /**
   * @returns whether every operator runs on the device
   * @throws {JetError} what the thread throws; DEVICE_UNAVAILABLE if it dies
   */
  open(engine: number, setup: EngineSetup): Promise<boolean>;
  /** @param chunk copied, so that its arrays stay with whoever made them */
  score(engine: number, chunk: Chunk): Promise<Float32Array>;
  /**
   * Reads jets [start, stop) and scores them.
   *
   * @returns undefined where the thread cannot read them, or finds a jet that cannot be scored
   */
  read(engine: number, packed: PackedJets, start: number, stop: number): Promise<ReadScores | undefined>;
  close(engine: number): Promise<void>;
  /** Ends the thread; its engines must have been closed. */
  end(): Promise<void>;
  readonly alive: boolean;
}

/** Starts a thread. It keeps the process alive only while it has something to do. */
export function startThread(): ScoringThread {
  // flags of the process, e.g. --input-type, need not suit a thread
  const worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] });
  worker.unref();
  const calls = new Map<number, { resolve(answer: Answer): void; reject(error: unknown): void }>();
  let last = 0;
  let alive = true;
  const gone = (cause: unknown): JetError => {
    const reason = cause instanceof Error ? cause.message : `exit code ${String(cause)}`;
    return new JetError(
      'DEVICE_UNAVAILABLE',
      `score: the scoring thread stopped (${reason}); expected it to answer; use fewer threads or a smaller batchSize if memory is short`,
      {},
      { cause },
    );
  };
  let end: unknown;
  const died = (cause: unknown): void => {
    if (alive) end = cause;
    alive = false;
    for (const { reject } of calls.values()) reject(gone(end));
    calls.clear();
  };
  worker.once('error', died);
  worker.once('exit', died);
  worker.on('message', (answer: Answer) => {
    const call = calls.get(answer.call);
    calls.delete(answer.call);
    if (calls.size === 0) worker.unref();
    if (answer.error === undefined) call?.resolve(answer);
    else call?.reject(reviveError(answer.error));
  });
  // fresh memory costs more than the copy itself, so what went to the thread is used again when it comes back
  const spare: ArrayBuffer[] = [];
  const memory = (bytes: number): ArrayBuffer => {
    const known = spare.pop();
    return known !== undefined && known.byteLength >= bytes ? known : new ArrayBuffer(bytes);
  };
  const ask = (request: Request, moved: readonly ArrayBuffer[] = []): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (!alive) throw gone(end);
      calls.set(++last, { resolve, reject });
      worker.ref();
      worker.postMessage({ call: last, request }, moved);
    });
  return {
    async open(engine, setup) {
      const { whole } = await ask({ kind: 'open', engine, setup });
      return whole!;
    },
    async score(engine, chunk) {
      const copy = copyChunk(chunk, memory);
      const answer = await ask({ kind: 'score', engine, chunk: copy }, buffersOf(copy));
      spare.push(...(answer.memory ?? []));
      return answer.scores!;
    },
    async read(engine, packed, start, stop) {
      const { scores, sense } = await ask({ kind: 'read', engine, packed, start, stop });
      return scores && { scores, sense };
    },
    async close(engine) {
      await ask({ kind: 'close', engine });
    },
    async end() {
      if (alive) await worker.terminate();
    },
    get alive() {
      return alive;
    },
  };
}
