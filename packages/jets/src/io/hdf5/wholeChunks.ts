/**
 * @file Holds what filters unpack to the length of a chunk. The library takes any length: where it is shorter, the rest of the
 * chunk is whatever was in memory, numbers of other jets among it.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_i_l_t_e_r.html
 */
import type { Functions } from '../../../vendor/hdf5.js';
import { counted } from '../../counted.js';

/** What the filters that are undone last have to give. */
export interface WholeChunk {
  /** HDF5's numbers of the filters */
  readonly filters: readonly number[];
  readonly bytes: number;
}

/** Of `H5Z_class2_t`, on a machine of 32 bits. */
const ID = 4;
const NAME = 16;
const FILTER = 28;
const CLASS_BYTES = 32;
const FILTER_SIGNATURE = 'iiiiiii';
const UNPACK = 0x100;
const VERSION = 1;

/** Filters built into the library, by HDF5's number. */
export const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [1, 'deflate'],
  [2, 'shuffle'],
  [3, 'fletcher32'],
  [4, 'szip'],
  [5, 'nbit'],
  [6, 'scaleoffset'],
]);

/**
 * Puts a filter that looks at the length in the place of the one that a class has.
 *
 * @param address of the class
 * @param expected what is being read
 * @param report called with what is wrong, where a chunk has another length; the library then gives up the read
 */
export function holdToWholeChunks(
  library: Functions & { readonly HEAPU8: Uint8Array },
  address: number,
  expected: () => WholeChunk | undefined,
  report: (error: Error) => void,
): void {
  const kind = new DataView(library.HEAPU8.buffer, address, CLASS_BYTES);
  const id = kind.getInt32(ID, true);
  const run = library.functionAt(kind.getUint32(FILTER, true));
  const held = (flags: number, ...rest: number[]): number => {
    const bytes = run(flags, ...rest) >>> 0;
    const chunk = expected();
    if ((flags & UNPACK) === 0 || bytes === 0 || !chunk?.filters.includes(id) || bytes === chunk.bytes) return bytes;
    report(new Error(`a chunk unpacks to ${counted(bytes, 'byte')} in place of ${chunk.bytes}`));
    return 0;
  };
  kind.setUint32(FILTER, library.addFunction(held, FILTER_SIGNATURE), true);
}

/**
 * Where the classes of the built-in filters lie in the memory of a library that has not been used yet.
 *
 * @throws {Error} if they are not all there, each once
 */
export function builtInClasses({ HEAPU8 }: { readonly HEAPU8: Uint8Array }): number[] {
  const words = new Uint32Array(HEAPU8.buffer);
  const encoder = new TextEncoder();
  const found: number[] = [];
  for (let at = words.indexOf(VERSION); at >= 0; at = words.indexOf(VERSION, at + 1)) {
    const name = BUILT_IN.get(words[at + ID / 4]);
    const text = words[at + NAME / 4];
    if (name !== undefined && encoder.encode(`${name}\0`).every((byte, i) => HEAPU8[text + i] === byte))
      found.push(4 * at);
  }
  if (found.length !== BUILT_IN.size)
    throw new Error(
      `h5wasm: ${found.length} built-in filters; expected ${BUILT_IN.size}; another version of it is installed`,
    );
  return found;
}
