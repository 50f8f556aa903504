/** @file Where the bytes of a model come from. */
import { argumentText, isJetError, isPromise, JetError, type Progress, requireOptions } from '@jetsdk/jets';
import type { ModelFile } from '@jetsdk/onnx';
import { DEFAULT_TIMEOUT_MS, deepest, readAll } from '../protocol/http.js';

/** A registry name, a path (Node), a URL, a `File` or `Blob`, or the bytes themselves. */
export type ModelSource = string | URL | Uint8Array | ArrayBuffer | Blob;

export interface DownloadOptions {
  /** milliseconds that a server may take to answer, or to go on sending; 30,000 by default */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** told the bytes that have come while a model is downloaded */
  readonly onProgress?: (progress: Progress) => void;
}

/** How a model is read. */
export interface ReadModelOptions extends DownloadOptions {
  /**
   * SHA-256 that the file must have, hexadecimal; with external data that of all files, one behind the other. A file that is
   * known by it is opened without a trial
   */
  readonly sha256?: string;
  /** folder or base URL where models called by name are found; `models` by default, and in Node then the package `@jetsdk/models` */
  readonly models?: string | URL;
  /** folder (Node) or cache name (browser) of downloaded models; false: do not keep them */
  readonly cache?: string | false;
}

/** Names of all options of `readModel`, as keys. */
export const READ_OPTIONS = {
  sha256: true,
  models: true,
  cache: true,
  timeoutMs: true,
  signal: true,
  onProgress: true,
} satisfies Record<keyof ReadModelOptions, true>;

/**
 * What a caller gave, looked at before anything is done with it.
 *
 * @param where e.g. `loadTagger`
 * @throws {JetError} BAD_ARGUMENT if no model can be read from it, or for an option that is not known
 */
export function requireSource(
  where: string,
  source: unknown,
  options: unknown,
  known: readonly string[] = Object.keys(READ_OPTIONS),
): void {
  requireOptions(where, options, known);
  const address = typeof source === 'string' ? source !== '' : source instanceof URL;
  const bytes = source instanceof Uint8Array || source instanceof ArrayBuffer || source instanceof Blob;
  if (!address && !bytes)
    throw new JetError(
      'BAD_ARGUMENT',
      `${where}: got ${argumentText(source)}; expected the path or address of a model, its name, a File, or the bytes of an ONNX file${isPromise(source) ? '; await it' : ''}`,
    );
}

/** Larger files do not fit the protocol buffers that ONNX is written in. */
export const MAX_BYTES = 2 ** 31;

/** Whether a text names a model of the registry: no dot, no slash. */
export const isModelName = (source: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(source);

/** The address of a file beside another. */
export const besideUrl = (url: string, location: string): string =>
  new URL(location.split('/').map(encodeURIComponent).join('/'), url).href;

/** A model at an address, fetched as everything beside it will be. */
export async function modelAt(
  url: string,
  name: string,
  fetchBytes: (url: string) => Promise<Uint8Array>,
): Promise<ModelFile> {
  return { name, bytes: await fetchBytes(url), beside: (location) => fetchBytes(besideUrl(url, location)) };
}

export async function readBlob(blob: Blob): Promise<ModelFile> {
  const name = 'name' in blob && typeof blob.name === 'string' ? blob.name : 'model';
  return { name, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

/** An answer of a server: the body with what later requests need to ask whether it has changed. */
export interface Answer {
  /** undefined: not changed */
  readonly bytes: Uint8Array | undefined;
  readonly etag: string | undefined;
}

/**
 * Downloads a model.
 *
 * @param etag of the copy that is at hand
 * @throws {JetError} REMOTE if the server cannot be reached, answers with an error, with HTML, or stops sending;
 *   CANCELLED; LIMIT_EXCEEDED
 */
export async function download(url: string, options: DownloadOptions, etag?: string): Promise<Answer> {
  const { signal, onProgress, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const idle = new AbortController();
  let timer = setTimeout(() => idle.abort(), timeoutMs);
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => idle.abort(), timeoutMs);
  };
  const fail = (problem: string, cause?: unknown, details: Record<string, unknown> = {}): JetError =>
    new JetError(
      'REMOTE',
      `${url}: ${problem}; expected an ONNX model; check the address`,
      { url, ...details },
      { cause },
    );
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? idle.signal : AbortSignal.any([signal, idle.signal]),
      ...(etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
    });
    if (response.status === 304 && etag !== undefined) return { bytes: undefined, etag };
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || type.startsWith('text/html')) {
      await response.body?.cancel();
      throw response.ok
        ? fail(`the server answered with a page (${type})`)
        : fail(`the server answered ${response.status} ${response.statusText}`, undefined, { status: response.status });
    }
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    // the length of a compressed answer is not the length of what is inside
    const total = response.headers.has('content-encoding') || !(length >= 0) ? undefined : length;
    const bytes = await readAll(response.body!, (done) => {
      alive();
      if (done > MAX_BYTES)
        throw new JetError('LIMIT_EXCEEDED', `${url}: more than ${MAX_BYTES} bytes; expected a smaller model`, {
          url,
        });
      onProgress?.({ done, total });
    });
    if (total !== undefined && bytes.length !== total) throw fail(`${bytes.length} bytes arrived of ${total}`);
    return { bytes, etag: response.headers.get('etag') ?? undefined };
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    if (signal?.aborted) throw new JetError('CANCELLED', `${url}: stopped by the caller`, { url }, { cause });
    if (idle.signal.aborted) throw fail(`nothing arrived for ${timeoutMs / 1000} s`, cause);
    throw fail(`no connection (${deepest(cause)})`, cause);
  } finally {
    clearTimeout(timer);
  }
}
