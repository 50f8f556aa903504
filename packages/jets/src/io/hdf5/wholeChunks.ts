/**
 * @file Holds chunks to their length. The library takes any length, of what filters unpack and of chunks that skip them: where it
 * is shorter, the rest of the chunk is whatever was in memory, numbers of other jets among it.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_i_l_t_e_r.html
 */
import type { Functions } from '../../../vendor/hdf5.js';
import { counted } from '../../counted.js';

/** What the chunks of a dataset have to be. */
export interface WholeChunk {
  /** HDF5's numbers of the filters, in the order in which they are applied */
  readonly filters: readonly number[];
  /** of a chunk without them */
  readonly bytes: number;
}

type Library = Functions & { readonly HEAPU8: Uint8Array };
type Run = (...numbers: number[]) => number;

/** Of `H5Z_class2_t`, on a machine of 32 bits. */
const ID = 4;
const NAME = 16;
const FILTER = 28;
const FILTER_SIGNATURE = 'iiiiiii';
const UNPACK = 0x100;
const VERSION = 1;

/**
 * Of `H5D_chunk_ops_t`, what an index of chunks can do: how many parameters its functions take, in their order, behind a
 * boolean. Those in `OPTIONAL` may be missing.
 */
const OPERATIONS = [3, 1, 1, 1, 2, 1, 3, 2, 1, 1, 3, 2, 1, 2, 2, 2, 2, 2, 1];
const OPTIONAL = new Set([0, 6, 9, 14, 18]);
const GET_ADDRESS = 7;
const LOOKUP_SIGNATURE = 'iii';
/** The oldest tree, and, from version 1.10 on: one chunk, all in one piece, fixed array, extensible array, newest tree. */
const INDICES = 6;

/** Of `H5D_chunk_ud_t`, what is found of a chunk. */
const POSITION = 16;
const LENGTH = 24;
const SKIPPED = 32;
const NOWHERE = 2n ** 64n - 1n;

/** Filters built into the library, by HDF5's number. */
export const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [1, 'deflate'],
  [2, 'shuffle'],
  [3, 'fletcher32'],
  [4, 'szip'],
  [5, 'nbit'],
  [6, 'scaleoffset'],
]);
const SHUFFLE = 2;

/**
 * Puts functions that look at lengths in the place of those that find chunks and those that filter them, in a library that
 * has not been used yet.
 *
 * @param expected what is being read
 * @param report called with what is wrong, where a chunk has another length; the library then gives up the read
 * @returns the same for the filter of a plugin, whose class lies at an address
 */
export function holdToWholeChunks(
  library: Library,
  expected: () => WholeChunk | undefined,
  report: (error: Error) => void,
): (address: number) => void {
  /** of the chunk that was found last, a bit for each */
  let skipped = 0;
  const replace = (at: number, signature: string, replacement: (run: Run) => Run): void => {
    const place = new DataView(library.HEAPU8.buffer, at, 4);
    const run = library.functionAt(place.getUint32(0, true));
    if (run) place.setUint32(0, library.addFunction(replacement(run), signature), true);
  };
  const holdFilter = (address: number): void => {
    const id = new DataView(library.HEAPU8.buffer).getInt32(address + ID, true);
    replace(address + FILTER, FILTER_SIGNATURE, (run) => (flags, ...rest) => {
      const bytes = run(flags, ...rest) >>> 0;
      const chunk = expected();
      if ((flags & UNPACK) === 0 || bytes === 0 || !chunk || bytes === chunk.bytes) return bytes;
      if (!undoneLast(appliedFilters(chunk, skipped)).includes(id)) return bytes;
      report(new Error(`a chunk unpacks to ${counted(bytes, 'byte')} in place of ${chunk.bytes}`));
      return 0;
    });
  };
  const holdLookup = (address: number): void =>
    replace(address, LOOKUP_SIGNATURE, (run) => (index, found) => {
      const status = run(index, found);
      const chunk = expected();
      const view = new DataView(library.HEAPU8.buffer, found >>> 0);
      if (status < 0 || !chunk || view.getBigUint64(POSITION, true) === NOWHERE) return status;
      skipped = view.getUint32(SKIPPED, true);
      const bytes = view.getBigUint64(LENGTH, true);
      if (!appliedFilters(chunk, skipped).every((id) => id === SHUFFLE) || bytes === BigInt(chunk.bytes)) return status;
      report(
        new Error(`a chunk that is not compressed has ${counted(Number(bytes), 'byte')} in place of ${chunk.bytes}`),
      );
      return -1;
    });
  for (const address of builtInClasses(library)) holdFilter(address);
  for (const address of lookups(library)) holdLookup(address);
  return holdFilter;
}

const appliedFilters = ({ filters }: WholeChunk, skipped: number): readonly number[] =>
  filters.filter((_, i) => ((skipped >>> i) & 1) === 0);

/**
 * The filters that have to give a whole chunk: shuffles, and the first that is none. What is behind them may have other lengths; where
 * one of them is there again, its turns cannot be told apart.
 */
function undoneLast(applied: readonly number[]): readonly number[] {
  const last = applied.findIndex((id) => id !== SHUFFLE) + 1;
  const counting = applied.slice(0, last);
  return applied.slice(last).some((id) => counting.includes(id)) ? [] : counting;
}

/**
 * Where the classes of the built-in filters lie.
 *
 * @throws {Error} if they are not all there, each once
 */
function builtInClasses({ HEAPU8 }: Library): number[] {
  const words = new Uint32Array(HEAPU8.buffer);
  const encoder = new TextEncoder();
  const found: number[] = [];
  for (let at = words.indexOf(VERSION); at >= 0; at = words.indexOf(VERSION, at + 1)) {
    const name = BUILT_IN.get(words[at + ID / 4]);
    const text = words[at + NAME / 4];
    if (name !== undefined && encoder.encode(`${name}\0`).every((byte, i) => HEAPU8[text + i] === byte))
      found.push(4 * at);
  }
  requireAll(found, BUILT_IN.size, 'built-in filters');
  return found;
}

/**
 * Where the functions lie that find a chunk, one of each index.
 *
 * @throws {Error} if they are not all there, each once
 */
function lookups({ HEAPU8, functionAt }: Library): number[] {
  const words = new Uint32Array(HEAPU8.buffer);
  const isTable = (at: number): boolean =>
    OPERATIONS.every((parameters, operation) => {
      const place = words[at + operation];
      return place === 0 ? OPTIONAL.has(operation) : functionAt(place)?.length === parameters;
    });
  const found: number[] = [];
  for (let at = 1; at + OPERATIONS.length <= words.length; at++)
    if (words[at + GET_ADDRESS] !== 0 && words[at - 1] <= 1 && isTable(at)) found.push(4 * (at + GET_ADDRESS));
  requireAll(found, INDICES, 'indices of chunks');
  return found;
}

function requireAll(found: readonly number[], expected: number, what: string): void {
  if (found.length !== expected)
    throw new Error(`h5wasm: ${found.length} ${what}; expected ${expected}; another version of it is installed`);
}
