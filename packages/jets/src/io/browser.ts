/** @file Files that a visitor of a web page has chosen; in a worker, since only there files are read by slices. */
import { JetError } from '../errors.js';
import { sliceSource } from '../source/sliceSource.js';
import type { JetSource } from '../source/source.js';
import type { BinaryFile } from './bytes/binaryFile.js';
import { detectFormat } from './format.js';
import { findJets } from './hdf5/findJets.js';
import { type H5Host, openH5 } from './hdf5/h5.js';
import { npzSource } from './npy/arraySource.js';
import { openNpy, readAll } from './npy/npySource.js';
import { readNpz } from './npy/npz.js';
import type { Jsroot } from './root/rootFile.js';
import { isTableFormat, type OpenTableOptions, openTable } from './tables/tableFile.js';

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

const BROWSER: H5Host = {
  async loadPlugin(fileName) {
    const url = PLUGINS[fileName]();
    const response = await fetch(url);
    if (!response.ok)
      throw new JetError('REMOTE', `${url.href}: the server answered ${response.status}; expected the decompressor`, {
        status: response.status,
      });
    return new Uint8Array(await response.arrayBuffer());
  },
};

/** How to read a file that can be read in more than one way. */
export interface OpenJetsFileOptions extends OpenTableOptions {
  /** loads JSROOT, for ROOT files: `() => import('jsroot/io')`; pages without it stay without JSROOT */
  readonly jsroot?: () => Promise<Jsroot>;
}

/**
 * Opens the jets of an HDF5, `.npy`, `.npz`, ROOT or Parquet file, told apart by its first bytes; runs in a worker only.
 * All are read by slices, but `.npz`, which is read whole. What a format needs is loaded with its first file.
 *
 * @param options of ROOT and Parquet
 * @throws {JetError} as `openJets`; DEVICE_UNAVAILABLE for a ROOT file without `jsroot`; UNSUPPORTED outside of a worker
 */
export async function openJetsFile(file: File, options: OpenJetsFileOptions = {}): Promise<JetSource> {
  if (file.size === 0)
    throw new JetError('BAD_FILE', `${file.name}: the file is empty, got 0 bytes; make or copy it again`, {
      file: file.name,
    });
  const binary = blobFile(file);
  const format = detectFormat(binary);
  if (isTableFormat(format)) {
    const { jsroot = () => noJsroot(file.name), ...how } = options;
    return openTable(binary, format, how, { jsroot });
  }
  if (format === 'npy') return openNpy(binary);
  if (format === 'npz') return npzSource(readNpz(readAll(binary), { name: file.name }), file.name);
  const h5 = await openH5(binary, BROWSER);
  try {
    return sliceSource(findJets(h5, {}));
  } catch (error) {
    h5.close();
    throw error;
  }
}

async function noJsroot(name: string): Promise<never> {
  throw new JetError(
    'DEVICE_UNAVAILABLE',
    `${name}: a ROOT file, and this page has no JSROOT; convert it with jetsdk data convert`,
    { name },
  );
}

function blobFile(file: File): BinaryFile {
  const { name } = file;
  if (!('FileReaderSync' in globalThis))
    throw new JetError('UNSUPPORTED', `${name}: files are read by slices in a worker only; open it there`, { name });
  const reader = new FileReaderSync();
  const readOnly = (): never => {
    throw new JetError('UNSUPPORTED', `${name}: cannot be written in the browser; expected reading only`, { name });
  };
  return {
    name,
    size: file.size,
    read(into, offset, length, position) {
      const bytes = readSlice(file.slice(position, position + length));
      into.set(bytes, offset);
      return bytes.length;
    },
    write: readOnly,
    truncate: readOnly,
    close() {},
  };

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
