/** @file Reading files in a page: in a worker, since only there files are read by slices. */
import { JetError } from '../errors.js';
import type { BinaryFile } from './bytes/binaryFile.js';
import { blockFile } from './bytes/blockFile.js';
import { fetchBlob, wholeBlob } from './bytes/fetchBlob.js';
import { requireBytes } from './bytes/memoryFile.js';
import { askForRanges, checkRange, type FetchRange, rangeFile, remoteError } from './bytes/rangeFile.js';
import type { Host } from './host.js';

/** Of a worker's synchronous file reader, what is used. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

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
    if (input instanceof Blob) return blobFile(input, 'name' in input ? String(input.name) : 'blob');
    const found = await askForRanges(input);
    if (found instanceof Response) return blobFile(await wholeBlob(found, input), String(input));
    requireWorker(found.url);
    return rangeFile(found, fetchRange);
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

/** Workers may wait for an answer. */
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

function requireWorker(name: string): void {
  if (!('FileReaderSync' in globalThis))
    throw new JetError('UNSUPPORTED', `${name}: files are read by slices in a worker only; open it there`, { name });
}

function blobFile(blob: Blob, name: string): BinaryFile {
  requireWorker(name);
  requireBytes(name, blob.size);
  const reader = new FileReaderSync();
  // each question to the reader takes a tenth of a millisecond, and compressed pieces of a jet may be of a kilobyte
  return blockFile(name, blob.size, (start, end) => readSlice(blob.slice(start, end)));

  function readSlice(slice: Blob): Uint8Array {
    try {
      return new Uint8Array(reader.readAsArrayBuffer(slice));
    } catch (cause) {
      throw new JetError(
        'BAD_FILE',
        `${name}: can no longer be read; expected it where it was chosen; choose it again`,
        { name },
        { cause },
      );
    }
  }
}
