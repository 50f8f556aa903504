/** @file A thread that reads batches of a cache, as the main thread sees it. */
import { Worker } from 'node:worker_threads';
import { JetError, type PlainError, reviveError } from '@jetsdk/jets';
import type { BatchChange, InputRows } from '../inputs.js';
import type { RecordFile } from './recordReader.js';

/** Rows that the thread is asked for. */
export interface Question {
  readonly call: number;
  readonly rows: Uint32Array;
  readonly change: BatchChange | undefined;
  /** for the answer */
  readonly memory: Float32Array | undefined;
}

/** What it answers to the question of that number. */
export type Answer =
  | { readonly call: number; readonly batch: Float32Array }
  | { readonly call: number; readonly error: PlainError };

export interface RowThread {
  /** @throws {JetError} as `recordReader`; DEVICE_UNAVAILABLE if the thread dies */
  readonly read: InputRows['read'];
  end(): Promise<void>;
}

/** The built module, from `src` and from `dist`. */
const MODULE = new URL('../../../dist/data/cache/worker.js', import.meta.url);

/** A thread that is started when it is first asked. It keeps the process alive only while it has something to do. */
export function rowThread(file: RecordFile): RowThread {
  const calls = new Map<number, { resolve(batch: Float32Array): void; reject(error: unknown): void }>();
  let worker: Worker | undefined;
  let last = 0;
  let end: unknown;
  const died = (cause: unknown): void => {
    end ??= cause;
    for (const { reject } of calls.values()) reject(gone(end));
    calls.clear();
  };
  const start = (): Worker => {
    // flags of the process, e.g. --input-type, need not suit a thread
    const started = new Worker(MODULE, { workerData: file, execArgv: [] });
    started.once('error', died);
    started.once('exit', died);
    started.on('message', (answer: Answer) => {
      const call = calls.get(answer.call);
      calls.delete(answer.call);
      if (calls.size === 0) started.unref();
      if ('batch' in answer) call?.resolve(answer.batch);
      else call?.reject(reviveError(answer.error));
    });
    return started;
  };
  return {
    read: (rows, change, memory) =>
      new Promise((resolve, reject) => {
        if (end !== undefined) throw gone(end);
        worker ??= start();
        calls.set(++last, { resolve, reject });
        worker.ref();
        // what is lent from other memory cannot be sent
        const buffer = memory?.buffer instanceof ArrayBuffer ? memory.buffer : undefined;
        const question: Question = { call: last, rows, change, memory: buffer && memory };
        worker.postMessage(question, buffer ? [buffer] : []);
      }),
    async end() {
      end ??= 'it was closed';
      await worker?.terminate();
    },
  };
}

function gone(cause: unknown): JetError {
  const reason = cause instanceof Error ? cause.message : `exit ${String(cause)}`;
  return new JetError(
    'DEVICE_UNAVAILABLE',
    `train: the thread that reads the jets stopped (${reason}); expected it to answer; use smaller batches if memory is short`,
    {},
    { cause },
  );
}
