/** @file Chooses what TensorFlow.js computes on. */
import { availableParallelism } from 'node:os';
import util from 'node:util';
import { JetError } from '@jetsdk/jets';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { useWasm } from './wasm/index.js';

export type BackendName = 'wasm' | 'cpu' | 'tfjs-node' | 'tfjs-node-gpu';

/** What was chosen, and why not the others. */
export interface SelectedBackend {
  readonly name: BackendName;
  readonly threads: number;
  /** backends tried in vain, in order */
  readonly reasons: readonly { readonly backend: BackendName; readonly reason: string }[];
}

const MAX_THREADS = 8;

/**
 * Starts a training backend; `auto` takes the first that works of tfjs-node-gpu, tfjs-node and wasm.
 *
 * Results depend on the backend, but not on the number of threads.
 *
 * @param choice a backend by name, or `auto`
 * @param options.threads of the wasm backend, 1 to 64; default: the processors, at most 8
 * @throws {JetError} BAD_ARGUMENT for an unknown name or thread count; DEVICE_UNAVAILABLE if the named backend does
 *   not start here (`details.reasons`)
 */
export async function selectBackend(
  choice: BackendName | 'auto' = 'auto',
  options: { readonly threads?: number } = {},
): Promise<SelectedBackend> {
  const threads = options.threads ?? Math.min(MAX_THREADS, availableParallelism());
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new JetError('BAD_ARGUMENT', `selectBackend: ${threads} threads; expected an integer from 1 to 64`, {
      threads,
    });
  const candidates: readonly BackendName[] = choice === 'auto' ? ['tfjs-node-gpu', 'tfjs-node', 'wasm'] : [choice];
  const reasons: { backend: BackendName; reason: string }[] = [];
  for (const name of candidates) {
    const start = starters[name];
    if (start === undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `selectBackend: unknown backend "${name}"; expected auto, ${Object.keys(starters).join(', ')}`,
        { backend: name },
      );
    try {
      return { name, threads: await start(threads), reasons };
    } catch (error) {
      reasons.push({ backend: name, reason: reasonOf(error) });
    }
  }
  throw new JetError(
    'DEVICE_UNAVAILABLE',
    `selectBackend: no backend starts here; ${reasons.map((r) => `${r.backend}: ${r.reason}`).join('; ')}`,
    { reasons },
  );
}

/** Starts a backend and answers its number of threads. */
const starters: Readonly<Record<BackendName, (threads: number) => Promise<number>>> = {
  wasm: async (threads) => {
    await useWasm(threads);
    return threads;
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await setBackend('cpu');
    return 1;
  },
  'tfjs-node': () => useNative('@tensorflow/tfjs-node'),
  'tfjs-node-gpu': () => useNative('@tensorflow/tfjs-node-gpu'),
};

/** Loads TensorFlow's own library through its optional package. */
async function useNative(specifier: string): Promise<number> {
  // tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed.
  const shim = util as { isNullOrUndefined?: (value: unknown) => boolean };
  shim.isNullOrUndefined ??= (value) => value === null || value === undefined;
  await import(specifier);
  await setBackend('tensorflow');
  if (getBackend() !== 'tensorflow') throw new Error(`${specifier} loaded but did not start`);
  return availableParallelism();
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return 'not installed';
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
