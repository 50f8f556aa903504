/**
 * @file The one module that loads the HDF5 library (compiled to WebAssembly).
 *
 * The library sees no file system but its own: a file is mounted into it under a random name while it is open. What an
 * HDF5 file refers to outside itself (external links, raw data in other files) is therefore never found.
 */

import type { Functions } from '../../../vendor/hdf5.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { unzlib } from '../bytes/zlib.js';
import { holdToWholeChunks, type WholeChunk } from './wholeChunks.js';

export type H5Library = Awaited<typeof import('h5wasm')['ready']> & Functions;

/** HDF5's numbers for kinds of data types. */
export const CLASSES = { integer: 0, float: 1, string: 3, bitfield: 4, compound: 6, enumeration: 8, array: 10 };
/** Where the library looks for compression filters. */
export const PLUGIN_FOLDER = '/usr/local/hdf5/lib/plugin';
/** Leaves the choice of the format version to the library. */
export const ANY_VERSION = -1;

let library: Promise<H5Library> | undefined;
/** Libraries through which an exception went: what they hold can no longer be trusted. */
const spent = new WeakSet<H5Library>();

/** The library: one instance, until it is spent. */
export async function loadLibrary(): Promise<H5Library> {
  for (;;) {
    library ??= newLibrary().catch((error: unknown) => {
      library = undefined;
      throw error;
    });
    const loaded = await library;
    if (!isSpent(loaded)) return loaded;
  }
}

async function newLibrary(): Promise<H5Library> {
  const { default: hdf5 } = await import('../../../vendor/hdf5.js');
  const loaded: H5Library = await hdf5({
    noInitialRun: true,
    uncompress: (to, sizeAt, from, bytes) => uncompress(loaded, to, sizeAt, from, bytes),
    onPlugin: (address) => holdFilter(address),
  });
  const holdFilter = holdToWholeChunks(
    loaded,
    () => reading,
    (error) => {
      thrown = error;
    },
  );
  loaded.FS.mkdirTree(PLUGIN_FOLDER);
  captureErrors(loaded);
  return loaded;
}

const Z_OK = 0;
const Z_DATA_ERROR = -3;

/** `uncompress` of zlib, in the memory of the library. @see https://www.zlib.net/manual.html#Utility */
function uncompress({ HEAPU8 }: H5Library, to: number, sizeAt: number, from: number, bytes: number): number {
  const size = new DataView(HEAPU8.buffer, sizeAt >>> 0, 4);
  const room = HEAPU8.subarray(to >>> 0, (to >>> 0) + size.getUint32(0, true));
  try {
    size.setUint32(0, unzlib(HEAPU8.subarray(from >>> 0, (from >>> 0) + bytes), room).length, true);
    return Z_OK;
  } catch {
    return Z_DATA_ERROR;
  }
}

/** Whether a library is not to be used any more, nor what it has open. */
export const isSpent = (h5: H5Library): boolean => spent.has(h5);

/** What Emscripten's file system has beside what its type says. */
type EmscriptenFs = H5Library['FS'] & {
  readonly streams: readonly { stream_ops: object }[];
  readonly ErrnoError: new (errno: number) => Error;
};
type HostNode = ReturnType<H5Library['FS']['lookupPath']>['node'] & { stream_ops: object; node_ops: object };
type Heap = Int8Array | Uint8Array;

const STDERR = 2;
const INPUT_OUTPUT_ERROR = 29;

/** What the library printed, what a file or a chunk threw, and what is read, since `checked` was called. */
let printed = '';
let thrown: unknown;
let reading: WholeChunk | undefined;

/**
 * HDF5 reports errors by printing them and returning a number that its JavaScript side often drops. The other way that
 * side offers, to throw from inside the library, leaves memory and file descriptors behind at every error.
 */
function captureErrors(h5: H5Library): void {
  const stream = (h5.FS as EmscriptenFs).streams[STDERR];
  const decoder = new TextDecoder();
  stream.stream_ops = {
    ...stream.stream_ops,
    write: (_stream: unknown, heap: Heap, offset: number, length: number) => {
      printed += decoder.decode(heap.slice(offset, offset + length));
      return length;
    },
  };
}

/**
 * Calls the library; throws if it reported any error, with its report as the message, or what the file threw.
 *
 * An exception that is not the library's own, such as that of a decompressor which lacks a function, leaves it in the
 * middle of its work: it no longer reports errors, and reads what happens to lie in memory. It is spent then; the next
 * call of `loadLibrary` gives a new one.
 *
 * @param chunk what chunks have to unpack to, where they are read
 */
export function checked<T>(h5: H5Library, run: () => T, chunk?: WholeChunk): T {
  printed = '';
  thrown = undefined;
  reading = chunk;
  let result: T;
  try {
    result = run();
  } catch (error) {
    if (!isReport(error)) {
      spent.add(h5);
      library = undefined;
    }
    throw thrown ?? (printed === '' ? error : new Error(printed, { cause: error }));
  }
  if (thrown !== undefined) throw thrown;
  if (printed !== '') throw new Error(printed);
  return result;
}

/** The library's JavaScript side throws plain errors, after the C side has returned. */
const isReport = (error: unknown): boolean => error instanceof Error && error.name === 'Error';

/** Shows the library a file; the result is the path it finds it under. */
export function mountFile(h5: H5Library, file: BinaryFile): string {
  const path = `/${crypto.randomUUID()}.h5`;
  h5.FS.writeFile(path, new Uint8Array(0));
  const node = h5.FS.lookupPath(path, {}).node as HostNode;
  Object.defineProperty(node, 'usedBytes', { get: () => file.size });
  const guard = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      thrown = error;
      throw new (h5.FS as EmscriptenFs).ErrnoError(INPUT_OUTPUT_ERROR);
    }
  };
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream: unknown, heap: Heap, offset: number, length: number, position: number) =>
      guard(() => file.read(heap, offset, length, position)),
    write: (_stream: unknown, heap: Heap, offset: number, length: number, position: number) =>
      guard(() => file.write(heap, offset, length, position)),
  };
  node.node_ops = {
    ...node.node_ops,
    setattr: (_node: unknown, attributes: { size?: number }) => {
      const { size } = attributes;
      if (size !== undefined) guard(() => file.truncate(size));
    },
  };
  return path;
}

/**
 * The innermost line of HDF5's error stack, which is the specific one; not of its search for plugins, which comes after a
 * filter that failed.
 */
export function reason(error: unknown): string {
  // a decompressor that calls what it was built without
  if (error instanceof TypeError) return 'a filter breaks down';
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').filter((line) => /^\s*#\d+:/.test(line) && !line.includes('H5PLpath.c'));
  return (lines.at(-1) ?? message).replace(/^.*\(\): /, '').trim();
}
