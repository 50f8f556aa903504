/** @file Model files in the browser: URLs with the Cache API, dropped files, the registry. */
import type { ModelFile } from '@jetsdk/onnx';
import { download, isModelName, type ModelSource, modelAt, type ReadModelOptions, readBlob } from '../model/source.js';

/** @throws {JetError} REMOTE, CANCELLED */
export async function readModelInBrowser(source: ModelSource, options: ReadModelOptions): Promise<ModelFile> {
  if (source instanceof Uint8Array) return { name: 'model', bytes: source };
  if (source instanceof ArrayBuffer) return { name: 'model', bytes: new Uint8Array(source) };
  if (source instanceof Blob) return readBlob(source);
  const fetchBytes = (url: string): Promise<Uint8Array> => fetchCached(url, options);
  const base = globalThis.document?.baseURI ?? globalThis.location.href;
  if (typeof source === 'string' && isModelName(source)) {
    const models = String(options.models ?? 'models');
    const folder = new URL(models.endsWith('/') ? models : `${models}/`, base);
    return modelAt(new URL(`${source}/model.onnx`, folder).href, source, fetchBytes);
  }
  const { href } = new URL(source, base);
  return modelAt(href, href, fetchBytes);
}

/** A copy is used when the server says that it has not changed. */
async function fetchCached(url: string, options: ReadModelOptions): Promise<Uint8Array> {
  // pages that are not served securely have no Cache API
  if (options.cache === false || globalThis.caches === undefined) return (await download(url, options)).bytes!;
  const cache = await caches.open(options.cache ?? 'jetsdk-models');
  const kept = await cache.match(url);
  const { bytes, etag } = await download(url, options, kept?.headers.get('etag') ?? undefined);
  if (bytes === undefined) return new Uint8Array(await kept!.arrayBuffer());
  if (etag !== undefined) {
    const copy = new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { etag } });
    // a full cache is no reason not to score
    await cache.put(url, copy).catch(() => undefined);
  }
  return bytes;
}
