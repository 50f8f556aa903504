/** @file Calls between the page and a worker: one question, progress, one answer, or a stop. */
import { JetError, type PlainError, type Progress, plainError, reviveError } from '@jetsdk/jets';

/** What a worker's method is given beside its input. */
export interface Task {
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
}

/** The methods of a worker: one input, one answer, both plain data. */
export type Methods<T> = { readonly [M in keyof T]: (input: never, task: Task) => unknown };

export type Input<T extends Methods<T>, M extends keyof T> = Parameters<T[M]>[0];
export type Output<T extends Methods<T>, M extends keyof T> = Awaited<ReturnType<T[M]>>;

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A worker as the page sees it. */
export interface Remote<T extends Methods<T>> {
  /** @throws {JetError} what the method throws; CANCELLED */
  call<M extends keyof T & string>(method: M, input: Input<T, M>, options?: CallOptions): Promise<Output<T, M>>;
  /** Ends the worker; calls that have not been answered fail with CANCELLED. */
  end(): void;
}

type Question =
  | { readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly id: number; readonly stop: true };

type Answer =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError };

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: CallOptions['onProgress'];
}

export function connect<T extends Methods<T>>(worker: Worker): Remote<T> {
  const pending = new Map<number, Pending>();
  let last = 0;
  const failAll = (error: JetError): void => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const call = pending.get(data.id);
    if ('progress' in data) {
      call?.onProgress?.(data.progress);
      return;
    }
    pending.delete(data.id);
    if ('value' in data) call?.resolve(data.value);
    else call?.reject(reviveError(data.error));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const reason = event.message || 'its script could not be loaded';
    failAll(new JetError('DEVICE_UNAVAILABLE', `worker: stopped (${reason}); expected an answer; reload the page`));
  };
  const ask = (question: Question): void => worker.postMessage(question);
  return {
    call<M extends keyof T & string>(method: M, input: Input<T, M>, { signal, onProgress }: CallOptions = {}) {
      const id = ++last;
      const answered = new Promise<Output<T, M>>((resolve, reject) => {
        pending.set(id, { resolve: resolve as Pending['resolve'], reject, onProgress });
      });
      const stop = (): void => ask({ id, stop: true });
      ask({ id, method, input });
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
      return answered.finally(() => signal?.removeEventListener('abort', stop));
    },
    end() {
      worker.terminate();
      failAll(new JetError('CANCELLED', 'worker: stopped by the visitor'));
    },
  };
}

/** More often is not seen. */
const PROGRESS_MS = 80;

/** Answers the calls of the page; runs inside the worker. */
export function serve<T extends Methods<T>>(methods: T): void {
  const running = new Map<number, AbortController>();
  const answer = (message: Answer): void => self.postMessage(message);
  self.onmessage = async ({ data }: MessageEvent<Question>) => {
    const { id } = data;
    if ('stop' in data) {
      running.get(id)?.abort();
      return;
    }
    const abort = new AbortController();
    running.set(id, abort);
    let told = 0;
    const progress = (step: Progress): void => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      answer({ id, progress: step });
    };
    const task: Task = { signal: abort.signal, progress };
    try {
      const method = methods[data.method as keyof T];
      answer({ id, value: await method(data.input as never, task) });
    } catch (error) {
      answer({ id, error: plainError(error) });
    } finally {
      running.delete(id);
    }
  };
}
