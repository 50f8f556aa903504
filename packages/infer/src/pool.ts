/** @file Threads with a session each, and a line of chunks in front of them. */
import type { Chunk } from './chunk.js';
import type { EngineSetup } from './engine.js';
import { type ScoringThread, startThread } from './thread.js';

interface Task {
  readonly chunk: Chunk;
  resolve(scores: Float32Array): void;
  reject(error: unknown): void;
}

export interface Pool {
  /** @throws {JetError} as `ScoringThread.score` */
  score(chunk: Chunk): Promise<Float32Array>;
  /** Waits for what is in work, then ends the threads. */
  close(): Promise<void>;
}

/**
 * Each of at most `size` threads is started when there is work for it; one that dies is replaced.
 *
 * @param here scores in the calling thread, which then is one of the `size`: jets that lie in its memory need not be
 *   moved. It is not asked to score what it reads from a source, since it has the reading to do.
 */
export function threadPool(size: number, setup: EngineSetup, here?: (chunk: Chunk) => Promise<Float32Array>): Pool {
  const waiting: Task[] = [];
  const idle: ScoringThread[] = [];
  let busy = 0;
  let busyHere = false;
  let drained: (() => void) | undefined;

  const startOpen = async (): Promise<ScoringThread> => {
    const thread = startThread();
    try {
      await thread.open(0, setup);
      return thread;
    } catch (error) {
      await thread.end();
      throw error;
    }
  };
  const workHere = async (task: Task): Promise<void> => {
    busyHere = true;
    await here!(task.chunk).then(task.resolve, task.reject);
    busyHere = false;
    busy--;
    dispatch();
  };
  const work = async (task: Task): Promise<void> => {
    try {
      const thread = idle.pop() ?? (await startOpen());
      try {
        task.resolve(await thread.score(0, task.chunk));
      } finally {
        if (thread.alive) idle.push(thread);
      }
    } catch (error) {
      task.reject(error);
    }
    busy--;
    dispatch();
  };
  const dispatch = (): void => {
    while (waiting.length > 0 && busy < size) {
      busy++;
      const task = waiting.shift()!;
      if (here !== undefined && !busyHere && !task.chunk.own) void workHere(task);
      else void work(task);
    }
    if (busy === 0) drained?.();
  };
  return {
    score: (chunk) =>
      new Promise((resolve, reject) => {
        waiting.push({ chunk, resolve, reject });
        dispatch();
      }),
    async close() {
      if (busy > 0)
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
      for (const thread of idle.splice(0)) {
        await thread.close(0);
        await thread.end();
      }
    },
  };
}
