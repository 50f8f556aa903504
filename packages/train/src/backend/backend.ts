/** @file What TensorFlow.js computes on, and how it is chosen. */
import { JetError } from '@jetsdk/jets';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';

export type BackendName = 'wasm' | 'cpu' | 'webgpu' | 'tfjs-node' | 'tfjs-node-gpu';

/** What was chosen, and why not the others. */
export interface SelectedBackend {
  readonly name: BackendName;
  readonly threads: number;
  /** backends tried in vain, in order */
  readonly reasons: readonly { readonly backend: BackendName; readonly reason: string }[];
}

/** Each starts a backend and answers its number of threads. */
export type Starters = Readonly<Partial<Record<BackendName, (threads: number) => Promise<number>>>>;

/**
 * Starts the first backend that works.
 *
 * @param choice a backend by name, or `auto` for those of `automatic`
 * @throws {JetError} BAD_ARGUMENT for an unknown name or thread count; DEVICE_UNAVAILABLE if none starts
 */
export async function startFirst(
  choice: BackendName | 'auto',
  automatic: readonly BackendName[],
  starters: Starters,
  threads: number,
): Promise<SelectedBackend> {
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new JetError('BAD_ARGUMENT', `selectBackend: ${threads} threads; expected an integer from 1 to 64`, {
      threads,
    });
  const reasons: { backend: BackendName; reason: string }[] = [];
  for (const name of choice === 'auto' ? automatic : [choice]) {
    const start = starters[name];
    if (start === undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `selectBackend: unknown backend "${name}"; expected auto, ${Object.keys(starters).join(', ')}`,
        { backend: name },
      );
    try {
      const started = await start(threads);
      selected = { name, runs: getBackend() };
      return { name, threads: started, reasons };
    } catch (error) {
      reasons.push({ backend: name, reason: reasonOf(name, error) });
    }
  }
  throw new JetError(
    'DEVICE_UNAVAILABLE',
    `selectBackend: no backend starts here; ${reasons.map((r) => `${r.backend}: ${r.reason}`).join('; ')}`,
    { reasons },
  );
}

let selected: { readonly name: BackendName; readonly runs: string } | undefined;

/**
 * The name of the backend that computes: that of `selectBackend`, or TensorFlow.js' own where it was set otherwise.
 *
 * @throws {JetError} DEVICE_UNAVAILABLE if none has been selected
 */
export function selectedBackend(): string {
  const runs = getBackend();
  if (runs === undefined)
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      'train: no backend is selected, got none; expected one; call selectBackend before building a network',
    );
  return selected?.runs === runs ? selected.name : runs;
}

/** TensorFlow.js in plain JavaScript, everywhere, slowly. */
export async function useCpu(): Promise<number> {
  await import('@tensorflow/tfjs-backend-cpu');
  await setBackend('cpu');
  return 1;
}

/** What has to be installed besides. */
const PACKAGES: Readonly<Partial<Record<BackendName, string>>> = {
  webgpu: 'webgpu',
  'tfjs-node': '--ignore-scripts=false @tensorflow/tfjs-node@4.22.0',
  'tfjs-node-gpu': '--ignore-scripts=false @tensorflow/tfjs-node-gpu@4.22.0',
};

function reasonOf(name: BackendName, error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && name in PACKAGES)
    return `not installed; npm install ${PACKAGES[name]}`;
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
}
