/** @file Threads with a session each, and a line of work in front of them. */
import type { PackedJets } from '@jetsdk/jets';
import type { Chunk } from '../scoring/chunk.js';
import type { EngineSetup, ReadScores } from '../scoring/engine.js';
import { type ScoringThread, startThread } from './thread.js';

interface Task {
  /** scores in the calling thread, where that is worth while */
  readonly here: (() => Promise<void>) | undefined;
  there(thread: ScoringThread): Promise<void>;
  /** tasks that a thread may have at the same time */
  readonly depth: number;
  reject(error: unknown): void;
}

/** A thread and how many tasks it has. */
interface Seat {
  readonly thread: Promise<ScoringThread>;
  /** whether it has opened its session, which takes longer than most calls */
  ready: boolean;
  tasks: number;
}

export interface Pool {
  /** @throws {JetError} as `ScoringThread.score` */
  score(chunk: Chunk): Promise<Float32Array>;
  /** @throws {JetError} as `ScoringThread.read` */
  read(packed: PackedJets, start: number, stop: number): Promise<ReadScores | undefined>;
  /** Waits for what is in work, then ends the threads. */
  close(): Promise<void>;
}

/** The next range of rows lies ready in the thread, which needs no memory before it is read. */
const READ_DEPTH = 2;

/**
 * Each of at most `size` threads is started when there is work for it; one that dies is replaced.
 *
 * @param here scores in the calling thread, which then is one of the `size`: jets that lie in its memory need not be
 *   moved. It is not asked to score what it reads from a source, since it has the reading to do.
 */
export function threadPool(size: number, setup: EngineSetup, here?: (chunk: Chunk) => Promise<Float32Array>): Pool {
  const waiting: Task[] = [];
  const seats = new Set<Seat>();
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
  const active = (): number => {
    let count = busyHere ? 1 : 0;
    for (const { tasks } of seats) if (tasks > 0) count++;
    return count;
  };
  const startSeat = (): Seat => {
    const seat: Seat = { thread: startOpen(), ready: false, tasks: 0 };
    seats.add(seat);
    seat.thread.then(
      () => {
        seat.ready = true;
        dispatch();
      },
      (error: unknown) => {
        seats.delete(seat);
        if (seat.tasks === 0) waiting.shift()?.reject(error);
      },
    );
    return seat;
  };
  /**
   * An idle thread, or a new one, as long as there may be more; then the one that has the least to do. What the calling
   * thread could do itself does not wait for a thread to start.
   */
  const seatFor = ({ depth, here: doable }: Task): Seat | undefined => {
    const usable = [...seats].filter(({ ready }) => ready || doable === undefined);
    const [least] = usable.sort((a, b) => a.tasks - b.tasks);
    if (active() < size) {
      if (least?.tasks === 0) return least;
      const starting = [...seats].filter(({ ready, tasks }) => !ready && tasks === 0).length;
      const seat = active() + starting < size ? startSeat() : undefined;
      return doable === undefined ? seat : undefined;
    }
    return least !== undefined && least.tasks < depth ? least : undefined;
  };
  const workHere = async (score: () => Promise<void>): Promise<void> => {
    busyHere = true;
    await score();
    busyHere = false;
    dispatch();
  };
  const workThere = async (task: Task, seat: Seat): Promise<void> => {
    seat.tasks++;
    let thread: ScoringThread | undefined;
    try {
      thread = await seat.thread;
      await task.there(thread);
    } catch (error) {
      task.reject(error);
    }
    seat.tasks--;
    if (thread?.alive !== true) seats.delete(seat);
    dispatch();
  };
  const dispatch = (): void => {
    for (let task = waiting[0]; task !== undefined; task = waiting[0]) {
      if (task.here !== undefined && !busyHere && active() < size) void workHere(task.here);
      else {
        const seat = seatFor(task);
        if (seat === undefined) return;
        void workThere(task, seat);
      }
      waiting.shift();
    }
    if (active() === 0) drained?.();
  };
  const enqueue = (task: Task): void => {
    waiting.push(task);
    dispatch();
  };
  return {
    score: (chunk) =>
      new Promise((resolve, reject) =>
        enqueue({
          here: here !== undefined && !chunk.read ? () => here(chunk).then(resolve, reject) : undefined,
          there: async (thread) => resolve(await thread.score(0, chunk)),
          depth: 1,
          reject,
        }),
      ),
    read: (packed, start, stop) =>
      new Promise((resolve, reject) =>
        enqueue({
          here: undefined,
          there: async (thread) => resolve(await thread.read(0, packed, start, stop)),
          depth: READ_DEPTH,
          reject,
        }),
      ),
    async close() {
      if (active() > 0)
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
      for (const seat of seats) {
        const thread = await seat.thread.catch(() => undefined);
        await thread?.close(0);
        await thread?.end();
      }
      seats.clear();
    },
  };
}
