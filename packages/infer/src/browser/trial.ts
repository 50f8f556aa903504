/** @file A model tried in a worker of its own, whose memory and time are bounded. */
import { type PlainError, reviveError, type Tensor } from '@jetsdk/jets';
import { trialLimits } from '../model/trialLimits.js';
import type { Trial } from '../platform.js';
import { pageFiles } from '../runtime/ortWeb.js';
import { serialQueue } from '../runtime/queue.js';
import type { Runtime, Session, SessionSettings } from '../runtime/runtime.js';

/** What the worker is told, with a port for what it is asked. */
export interface TrialStart {
  /** bytes, of ONNX Runtime's memory */
  readonly mostMemory: number;
  /** addresses of ONNX Runtime's own files, where it does not find them by itself */
  readonly files: { readonly mjs: string; readonly wasm: string } | undefined;
}

/** What it is asked, one thing after the other. */
export type TrialQuestion =
  | { readonly ask: 'open'; readonly model: Uint8Array; readonly settings: SessionSettings }
  | { readonly ask: 'run'; readonly feeds: Readonly<Record<string, Tensor>>; readonly outputs: readonly string[] };

/** A session without what it does, as the answer to `open`. */
export type Opened = Pick<Session, 'device' | 'whole' | 'inputs' | 'outputs'>;

/** What it answers: `Opened` or outputs, or that it failed, perhaps because its memory was full. */
export type TrialAnswer<T> = { readonly value: T } | { readonly error: PlainError; readonly full: boolean };

/**
 * Whatever the model takes is gone with the worker.
 *
 * @param run opens and runs the model on the runtime that it is given
 * @param most milliseconds for a small file
 * @throws {JetError} as `tryOut` of a platform
 */
export async function tryInWorker(
  { name, model, signal }: Trial,
  run: (runtime: Runtime) => Promise<void>,
  most?: number,
): Promise<void> {
  const limits = trialLimits(name, model.length, most);
  const worker = startWorker((reason) => limits.notStarted('worker', reason));
  const { port1: port, port2 } = new MessageChannel();
  worker.postMessage({ mostMemory: limits.mostMemory, files: pageFiles() } satisfies TrialStart, [port2]);
  const inOrder = serialQueue();
  const ask = <T>(question: TrialQuestion): Promise<T> =>
    inOrder(
      () =>
        new Promise((resolve, reject) => {
          port.onmessage = ({ data }: MessageEvent<TrialAnswer<T>>) => {
            if ('value' in data) resolve(data.value);
            else reject(data.full ? limits.tooLarge() : reviveError(data.error));
          };
          port.postMessage(question);
        }),
    );
  const over = new AbortController();
  const cutShort = new Promise<never>((_, reject) => {
    const late = setTimeout(() => reject(limits.tooLong('a worker of its own')), limits.mostMs);
    over.signal.addEventListener('abort', () => clearTimeout(late));
    worker.onerror = ({ message }) => reject(limits.notStarted('worker', message || 'no reason given'));
    if (signal?.aborted) reject(limits.stopped());
    signal?.addEventListener('abort', () => reject(limits.stopped()), { signal: over.signal });
  });
  try {
    await Promise.race([run(runtimeOf(ask)), cutShort]);
  } finally {
    over.abort();
    port.close();
    worker.terminate();
  }
}

function startWorker(fail: (reason: string) => Error): Worker {
  try {
    return new Worker(new URL('./trialWorker.js', import.meta.url), { type: 'module' });
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error));
  }
}

function runtimeOf(ask: <T>(question: TrialQuestion) => Promise<T>): Runtime {
  return {
    name: 'onnxruntime-web',
    version: 'in a worker',
    threads: 1,
    async open(model, settings) {
      const opened = await ask<Opened>({ ask: 'open', model, settings });
      return {
        ...opened,
        run: (feeds, outputs) => ask({ ask: 'run', feeds, outputs }),
        release: async () => undefined,
      };
    },
  };
}
