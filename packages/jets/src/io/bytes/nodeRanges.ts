/** @file Ranges of files on servers in Node, which has no way to wait for an answer but another thread. */
import { Worker } from 'node:worker_threads';
import { MOST_BYTES } from './blockFile.js';
import type { FetchRange } from './rangeFile.js';
import { checkRange, remoteError } from './rangeFile.js';

/** Words of the memory that both threads see. */
export const STATE = { ready: 0, status: 1, length: 2, words: 3 } as const;
/** A status of no server: the request failed, and its reason are the bytes. */
export const FAILED = -1;
/** A server that does not answer within so long is given up. */
const PATIENCE_MS = 60_000;

/** What the thread is asked for. */
export interface RangeRequest {
  readonly url: string;
  readonly start: number;
  readonly end: number;
}

/** What both threads see. */
export interface RangeMemory {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** of the last answer */
  readonly etag: Uint8Array<SharedArrayBuffer>;
}

const ETAG_BYTES = 256;

/** Starts a thread that fetches. */
export function nodeRanges(): { readonly fetchRange: FetchRange; close(): void } {
  const memory: RangeMemory = {
    state: new Int32Array(new SharedArrayBuffer(4 * STATE.words)),
    bytes: new Uint8Array(new SharedArrayBuffer(MOST_BYTES)),
    etag: new Uint8Array(new SharedArrayBuffer(ETAG_BYTES)),
  };
  const { state, bytes } = memory;
  const thread = new Worker(new URL('../../../dist/io/bytes/rangeThread.js', import.meta.url), {
    workerData: memory,
    execArgv: [],
  });
  thread.unref();
  return {
    fetchRange(file, start, end) {
      const { url } = file;
      Atomics.store(state, STATE.ready, 0);
      thread.postMessage({ url, start, end } satisfies RangeRequest);
      if (Atomics.wait(state, STATE.ready, 0, PATIENCE_MS) === 'timed-out')
        throw remoteError(url, `no answer for ${PATIENCE_MS / 1000} s`);
      const status = state[STATE.status];
      const answer = bytes.slice(0, state[STATE.length]);
      if (status === FAILED) throw remoteError(url, `cannot be fetched (${new TextDecoder().decode(answer)})`);
      const etag = new TextDecoder().decode(memory.etag.slice()).replace(/\0+$/, '');
      checkRange(file, { status, etag: etag === '' ? undefined : etag, length: answer.length }, start, end);
      return answer;
    },
    close() {
      void thread.terminate();
    },
  };
}
