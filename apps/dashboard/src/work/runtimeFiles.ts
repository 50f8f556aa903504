/** @file Large files of the site, fetched with progress and kept for visits without a network. */
import { counted, isJetError, JetError } from '@jetsdk/jets';
import accelerated from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import plain from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Task } from './rpc.js';

/** Cache of WebAssembly, whose names hold a hash: it outlives a build. */
export const RUNTIME_CACHE = 'jetsdk-runtime';

/** Fetches the WebAssembly of ONNX Runtime, which then finds it in the cache. */
export async function fetchRuntime(device: 'wasm' | 'webgpu', task: Task): Promise<void> {
  const url = new URL(device === 'wasm' ? plain : accelerated, self.location.href).href;
  // pages that are not served securely have no Cache API
  if (globalThis.caches === undefined || (await caches.match(url)) !== undefined) return;
  // a full cache is no reason not to score
  await keepFile(RUNTIME_CACHE, url, task).catch((error: unknown) => {
    if (isJetError(error)) throw error;
  });
}

/** Fetches a file into a cache. */
export async function keepFile(cache: string, url: string, task: Task): Promise<void> {
  const { bytes, type } = await download(url, task);
  await (await caches.open(cache)).put(url, new Response(bytes, { headers: { 'content-type': type } }));
}

/** A file of the site as if the visitor had dropped it. */
export async function fetchFile(url: string, task: Task): Promise<File> {
  const { bytes } = await download(url, task);
  return new File([bytes], url.slice(url.lastIndexOf('/') + 1));
}

/** A connection on which nothing arrives for so long is given up. */
const STALL_MS = 20_000;

async function download(url: string, task: Task): Promise<{ bytes: Blob; type: string }> {
  const stall = new AbortController();
  const timer = (): ReturnType<typeof setTimeout> => setTimeout(() => stall.abort(), STALL_MS);
  let waiting = timer();
  const alive = (): void => {
    clearTimeout(waiting);
    waiting = timer();
  };
  try {
    return await receive(url, task, stall.signal, alive);
  } finally {
    clearTimeout(waiting);
  }
}

/** @param alive called when something arrives */
async function receive(
  url: string,
  { signal, progress }: Task,
  stalled: AbortSignal,
  alive: () => void,
): Promise<{ bytes: Blob; type: string }> {
  let loaded = 0;
  const failed = (cause: unknown): never => {
    if (signal.aborted) throw new JetError('CANCELLED', `${url}: stopped by the visitor`, {}, { cause });
    const got = stalled.aborted
      ? `nothing more arrived for ${STALL_MS / 1000} s after ${counted(loaded, 'byte')}`
      : loaded === 0
        ? 'cannot be fetched'
        : `the connection ended after ${counted(loaded, 'byte')}`;
    const remedy = 'expected the site to answer; go online, and keep the page for offline use';
    throw new JetError('REMOTE', `${url}: ${got}; ${remedy}`, { loaded }, { cause });
  };
  const response = await fetch(url, { signal: AbortSignal.any([signal, stalled]) }).catch(failed);
  if (!response.ok || response.body === null)
    throw new JetError('REMOTE', `${url}: the site answered ${response.status}; expected the file`, {
      status: response.status,
    });
  const total = Number(response.headers.get('content-length')) || undefined;
  const compressed = response.headers.has('content-encoding');
  const parts: BlobPart[] = [];
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read().catch(failed);
    if (done) break;
    alive();
    parts.push(value);
    loaded += value.length;
    progress({ done: loaded, total: compressed ? undefined : total });
  }
  return { bytes: new Blob(parts), type: response.headers.get('content-type') ?? '' };
}
