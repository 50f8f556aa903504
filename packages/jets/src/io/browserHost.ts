/** @file Reading files in a page: in a worker by slices, elsewhere whole, since only workers may wait for an answer. */
import { JetError } from '../errors.js';
import { memoryFor } from '../memoryBudget.js';
import type { BinaryFile } from './bytes/binaryFile.js';
import { fetchBlob, wholeBlob } from './bytes/fetchBlob.js';
import { memoryFile, requireBytes } from './bytes/memoryFile.js';
import { askForRanges, checkRange, type FetchRange, rangeFile, remoteError } from './bytes/rangeFile.js';
import { mayReadSlices, slicedBlob } from './bytes/slicedBlob.js';
import { type Host, inputName } from './host.js';

/** Addresses that bundlers see and copy the files for. */
const PLUGINS: Readonly<Record<string, () => URL>> = {
  'libH5Zblosc.so': () => new URL('h5wasm-plugins/plugins/libH5Zblosc.so', import.meta.url),
  'libH5Zblosc2.so': () => new URL('h5wasm-plugins/plugins/libH5Zblosc2.so', import.meta.url),
  'libH5Zbshuf.so': () => new URL('h5wasm-plugins/plugins/libH5Zbshuf.so', import.meta.url),
  'libH5Zbz2.so': () => new URL('h5wasm-plugins/plugins/libH5Zbz2.so', import.meta.url),
  'libH5Zlz4.so': () => new URL('h5wasm-plugins/plugins/libH5Zlz4.so', import.meta.url),
  'libH5Zlzf.so': () => new URL('h5wasm-plugins/plugins/libH5Zlzf.so', import.meta.url),
  'libH5Zzfp.so': () => new URL('h5wasm-plugins/plugins/libH5Zzfp.so', import.meta.url),
  'libH5Zzstd.so': () => new URL('h5wasm-plugins/plugins/libH5Zzstd.so', import.meta.url),
};

export const host: Host = {
  async openFile(input) {
    if (input instanceof Blob) return blobFile(input, inputName(input));
    if (!mayReadSlices()) return blobFile(await fetchBlob(input, memoryFor('archive')), String(input));
    const found = await askForRanges(input);
    return found instanceof Response
      ? blobFile(await wholeBlob(found, input), String(input))
      : rangeFile(found, fetchRange);
  },
  async loadPlugin(fileName) {
    return new Uint8Array(await (await fetchBlob(PLUGINS[fileName]())).arrayBuffer());
  },
  async jsroot() {
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      "a ROOT file, and this page has no JSROOT; open it with the option jsroot: () => import('jsroot/io'), or convert it with jetsdk data convert",
      { package: 'jsroot' },
    );
  },
};

/** In a worker, which may wait for the answer. */
const fetchRange: FetchRange = (file, start, end) => {
  const request = new XMLHttpRequest();
  request.open('GET', file.url, false);
  request.responseType = 'arraybuffer';
  request.setRequestHeader('range', `bytes=${start}-${end - 1}`);
  try {
    request.send();
  } catch (cause) {
    throw remoteError(file.url, `bytes ${start} to ${end - 1} cannot be fetched`, cause);
  }
  const bytes = new Uint8Array((request.response as ArrayBuffer | null) ?? []);
  const etag = request.getResponseHeader('etag') ?? undefined;
  checkRange(file, { status: request.status, etag, length: bytes.length }, start, end);
  return bytes;
};

async function blobFile(blob: Blob, name: string): Promise<BinaryFile> {
  requireBytes(name, blob.size);
  return mayReadSlices() ? slicedBlob(blob, name) : memoryFile(await wholeBytes(blob, name), name);
}

async function wholeBytes(blob: Blob, name: string): Promise<Uint8Array> {
  const limit = memoryFor('archive');
  if (blob.size > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${blob.size} bytes, which a page reads at once outside of a worker; expected at most ${limit}; open it in a worker`,
      { bytes: blob.size, limit },
    );
  return new Uint8Array(await blob.arrayBuffer());
}
