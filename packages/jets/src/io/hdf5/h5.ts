/** @file Reads HDF5 files: what datasets there are, and their rows as raw bytes. */

import type { Metadata } from 'h5wasm';
import { counted } from '../../counted.js';
import { isJetError, JetError } from '../../errors.js';
import { MEMORY_REMEDY, memoryFor } from '../../memoryBudget.js';
import { shortText } from '../../quoted.js';
import type { PackedRows } from '../../source/packed.js';
import { sizeOf } from '../../tensor.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { H5Host } from '../host.js';
import { chunkCache } from './chunkCache.js';
import { findChunks } from './chunks.js';
import type { H5Dataset, H5Field, H5Scalar } from './dataset.js';
import { typeForm } from './datatype.js';
import {
  ANY_VERSION,
  CLASSES,
  checked,
  type H5Library,
  isSpent,
  loadLibrary,
  mountFile,
  PLUGIN_FOLDER,
  reason,
} from './library.js';
import { EXTERNAL_FILES, headerMessages } from './objectHeader.js';
import { readPacked, type UseRows } from './packed.js';

/** An open HDF5 file. */
export interface H5File {
  readonly name: string;
  readonly datasets: readonly H5Dataset[];
  /** paths of the groups, without the root */
  readonly groups: readonly string[];
  /** paths of links to other files, which are not followed */
  readonly links: readonly string[];
  /** a fixed-width string attribute of a group or dataset, or undefined */
  attribute(path: string, name: string): string | undefined;
  /** an attribute of one text or several, of any width, or undefined */
  texts(path: string, name: string): readonly string[] | undefined;
  /** reads rows [start, stop) of a dataset, block by block, in order; a single number is one row */
  readRows(dataset: H5Dataset, start: number, stop: number, use: UseRows): Promise<void>;
  /**
   * Whole chunks of rows, of about so many bytes.
   *
   * @throws {JetError} LIMIT_EXCEEDED if one chunk is too large
   */
  blockRows(dataset: H5Dataset, bytes: number): number;
  /** where its rows lie, if they can be read without the library */
  packed(dataset: H5Dataset): PackedRows | undefined;
  close(): void;
}

/** How much of a file is listed. */
export interface ListingLimits {
  readonly objects: number;
  /** groups inside of groups; what lies deeper is left out */
  readonly depth: number;
}

const JETS: ListingLimits = { objects: 4096, depth: 8 };
const BLOCK_BYTES = 2 ** 22;

/** Filters built into the library. */
const BUILT_IN = new Map([
  [1, 'deflate'],
  [2, 'shuffle'],
  [3, 'fletcher32'],
  [4, 'szip'],
  [5, 'nbit'],
  [6, 'scaleoffset'],
]);

/** Filters of the plugin package: HDF5 filter number → name. */
const PLUGINS = new Map([
  [307, 'bz2'],
  [32000, 'lzf'],
  [32001, 'blosc'],
  [32004, 'lz4'],
  [32008, 'bshuf'],
  [32013, 'zfp'],
  [32015, 'zstd'],
  [32026, 'blosc2'],
]);

function scalarType(type: Metadata): H5Scalar {
  const bits = type.size * 8;
  const base = type.type === CLASSES.enumeration ? type.enum_type?.type : type.type;
  if (base === CLASSES.string && !type.vlen) return 'string';
  if (base === CLASSES.bitfield && (bits === 8 || bits === 16 || bits === 32 || bits === 64)) return `uint${bits}`;
  if (base === CLASSES.integer && (bits === 8 || bits === 16 || bits === 32 || bits === 64))
    return type.signed ? `int${bits}` : `uint${bits}`;
  if (base === CLASSES.float && (bits === 16 || bits === 32 || bits === 64)) return `float${bits}`;
  return 'other';
}

function elementOf(type: Metadata): Metadata {
  return type.type === CLASSES.array && type.array_type ? type.array_type : type;
}

/** Whether a field holds numbers of several bytes in this order. */
function isOrdered(field: Metadata, littleEndian: boolean): boolean {
  const { type, size, littleEndian: order } = elementOf(field);
  return (type <= CLASSES.float || type === CLASSES.bitfield) && size > 1 && order === littleEndian;
}

/** Where the header of an object lies. */
function addressOf(h5: H5Library, id: bigint, path: string): number {
  const reference = h5.create_object_reference(id, path);
  return Number(new DataView(Uint8Array.from(reference).buffer).getBigUint64(0, true));
}

function describe(h5: H5Library, id: bigint, file: BinaryFile, path: string): H5Dataset {
  const metadata = h5.get_dataset_metadata(id, path);
  const address = addressOf(h5, id, path);
  const form = typeForm(file, address);
  const compound = metadata.type === CLASSES.compound;
  const members = metadata.compound_type?.members ?? [];
  // The library brings a record into little-endian order only if all of its numbers have the same order.
  const bigEndian = (compound ? members : [metadata]).some((number) => isOrdered(number, false));
  const mixed = bigEndian && members.some((member) => isOrdered(member, true));
  const fields = members.map(
    (member, i): H5Field => ({
      name: member.name,
      type:
        (mixed && isOrdered(member, false)) || form?.members[i]?.plain !== true
          ? 'other'
          : scalarType(elementOf(member)),
      offset: member.offset,
      length: member.type === CLASSES.array ? (member.array_type?.total_size ?? 0) : undefined,
    }),
  );
  const elsewhere = metadata.virtual_sources
    ? 'a virtual dataset, made of others'
    : headerMessages(file, address)?.some(({ type }) => type === EXTERNAL_FILES)
      ? 'stored in other files'
      : undefined;
  return {
    path,
    shape: metadata.shape ?? [],
    type: compound ? 'compound' : form?.plain === true ? scalarType(metadata) : 'other',
    fields,
    elementBytes: metadata.size,
    ...(metadata.chunks ? { chunks: metadata.chunks } : {}),
    bigEndian,
    filters: h5.get_dataset_filters(id, path).map(filterName),
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}

/** Codec of Blosc, as its seventh parameter says, that the plugin is built without. */
const BLOSC_SNAPPY = 3;

function filterName({
  id,
  cd_values: parameters,
}: {
  readonly id: number;
  readonly cd_values: readonly number[];
}): string {
  const name = BUILT_IN.get(id) ?? PLUGINS.get(id);
  return name === 'blosc' && parameters[6] === BLOSC_SNAPPY
    ? `filter ${id}, Blosc with Snappy`
    : (name ?? `filter ${id}`);
}

/** What is in a file. */
interface Listing {
  /** below the root, without PyTables' search indices (`_i_…`) */
  readonly datasets: readonly H5Dataset[];
  readonly groups: readonly string[];
  /** paths of links to other files */
  readonly links: readonly string[];
}

/** Lists a file; links that lead nowhere or in circles are left out, and a group that is found again. */
function listFile(
  h5: H5Library,
  id: bigint,
  file: BinaryFile,
  limits: ListingLimits,
  guard: <T>(h5: H5Library, what: string, run: () => T) => T,
): Listing {
  const datasets: H5Dataset[] = [];
  const links: string[] = [];
  const groups: string[] = [];
  const found = new Set<number>();
  let objects = 0;
  const call = <T>(run: () => T): T => guard(h5, 'its contents cannot be listed', run);
  /** @returns undefined for a soft link that cannot be followed */
  const typeOf = (path: string): number | undefined => {
    try {
      return call(() => h5.get_type(id, path));
    } catch (error) {
      if (!isSpent(h5) && call(() => h5.get_symbolic_link(id, path)) !== null) return undefined;
      throw error;
    }
  };
  const visit = (group: string, depth: number): void => {
    const address = call(() => addressOf(h5, id, group === '' ? '/' : group));
    if (found.has(address)) return;
    found.add(address);
    if (group !== '') groups.push(group);
    for (const child of call(() => h5.get_names(id, group === '' ? '/' : group, false))) {
      if (++objects > limits.objects)
        throw new JetError(
          'LIMIT_EXCEEDED',
          `${file.name}: more than ${limits.objects} groups and datasets; write the jets into one dataset`,
          { limit: limits.objects },
        );
      const path = `${group}/${child}`;
      const type = typeOf(path);
      if (type === h5.H5G_DATASET) datasets.push(call(() => describe(h5, id, file, path)));
      else if (type === h5.H5G_UDLINK) links.push(path);
      else if (type === h5.H5G_GROUP && !child.startsWith('_i_') && depth < limits.depth) visit(path, depth + 1);
    }
  };
  visit('', 0);
  return { datasets, groups, links };
}

async function installPlugins(h5: H5Library, datasets: readonly H5Dataset[], host: H5Host): Promise<void> {
  const names = new Set(datasets.flatMap(({ filters }) => filters));
  const installed = h5.FS.readdir(PLUGIN_FOLDER) as string[];
  for (const name of PLUGINS.values()) {
    const fileName = `libH5Z${name}.so`;
    if (names.has(name) && !installed.includes(fileName))
      h5.FS.writeFile(`${PLUGIN_FOLDER}/${fileName}`, await host.loadPlugin(fileName));
  }
}

/**
 * Opens an HDF5 file; `close` of the result closes `file` too.
 *
 * @throws {JetError} BAD_FILE if it is truncated, corrupt or not HDF5; LIMIT_EXCEEDED if it has thousands of datasets
 */
export async function openH5(file: BinaryFile, host: H5Host, limits: ListingLimits = JETS): Promise<H5File> {
  const { name } = file;
  const guard = <T>(h5: H5Library, what: string, run: () => T): T => {
    try {
      return checked(h5, run);
    } catch (error) {
      if (isJetError(error)) throw error;
      throw new JetError(
        'BAD_FILE',
        `${name}: ${what}, the HDF5 library says "${reason(error)}"; the file is truncated or corrupt, copy or make it again`,
        { file: name, bytes: file.size },
        { cause: error },
      );
    }
  };
  const start = async (): Promise<Session> => {
    const h5 = await loadLibrary();
    const mounted = mountFile(h5, file);
    try {
      const id = guard(h5, 'cannot be opened', () =>
        h5.open(mounted, h5.H5F_ACC_RDONLY, false, ANY_VERSION, ANY_VERSION),
      );
      return { h5, id, mounted };
    } catch (error) {
      h5.FS.unlink(mounted);
      throw error;
    }
  };
  let session: Session | undefined;
  let datasets: readonly H5Dataset[] = [];
  const opened = (): Session => {
    if (session === undefined) throw new JetError('BAD_ARGUMENT', `${name}: the file has been closed; open it again`);
    return session;
  };
  /** The file in a library that can be trusted. */
  const live = async (): Promise<Session> => {
    while (isSpent(opened().h5)) {
      session = await start();
      await installPlugins(session.h5, datasets, host);
    }
    return opened();
  };
  const close = (): void => {
    const last = session;
    session = undefined;
    try {
      if (last && !isSpent(last.h5)) {
        last.h5.close_file(last.id);
        last.h5.FS.unlink(last.mounted);
      }
    } finally {
      file.close();
    }
  };
  const unpacked = chunkCache();
  const located = new Map<H5Dataset, PackedRows | undefined>();
  const packed = (dataset: H5Dataset): PackedRows | undefined => {
    const filters = dataset.filters.join();
    const { h5, id } = opened();
    if (!host.inflate || dataset.bigEndian || (filters !== 'deflate' && filters !== 'shuffle,deflate'))
      return undefined;
    if (!located.has(dataset) && !isSpent(h5)) {
      const header = guard(h5, 'cannot be searched', () => addressOf(h5, id, dataset.path));
      located.set(dataset, packedRows(dataset, findChunks(file, header, dataset)));
    }
    return located.get(dataset);
  };
  try {
    session = await start();
    const { h5, id } = session;
    const listing = listFile(h5, id, file, limits, guard);
    datasets = listing.datasets;
    await installPlugins(h5, datasets, host);
    return {
      name,
      datasets,
      groups: listing.groups,
      links: listing.links,
      attribute(path, attribute) {
        const { h5, id } = opened();
        return guard(h5, `attribute ${attribute} of ${path}`, () => readAttribute(h5, id, path, attribute));
      },
      texts(path, attribute) {
        const { h5, id } = opened();
        return guard(h5, `attribute ${attribute} of ${path}`, () => readTexts(h5, id, path, attribute));
      },
      blockRows: (dataset, bytes) => rowsOfBlock(name, dataset, bytes),
      async readRows(dataset, start, stop, use) {
        checkReadable(name, dataset);
        const rowBytes = rowBytesOf(dataset);
        const blockRows = rowsOfBlock(name, dataset, BLOCK_BYTES);
        const { h5, id } = await live();
        const known = start < stop ? packed(dataset) : undefined;
        const from = known && host.inflate ? readPacked(file, host.inflate, known, start, stop, use) : start;
        const chunkRows = rowsOfBlock(name, dataset, 0);
        const read = (first: number, last: number, pointer: number): void =>
          guard(h5, `rows ${first} to ${last - 1} of ${dataset.path} cannot be read`, () => {
            const count = dataset.shape.map((length, axis) => BigInt(axis === 0 ? last - first : length));
            const offset = dataset.shape.map((_, axis) => (axis === 0 ? BigInt(first) : 0n));
            const strides = dataset.shape.map(() => 1n);
            if (count.length === 0) h5.get_dataset_data(id, dataset.path, null, null, null, BigInt(pointer));
            else h5.get_dataset_data(id, dataset.path, count, offset, strides, BigInt(pointer));
          });
        const inHeap = <T>(first: number, last: number, take: (rows: Uint8Array) => T): T => {
          const byteLength = rowBytes * (last - first);
          const pointer = h5._malloc(Math.max(1, byteLength));
          try {
            read(first, last, pointer);
            return take(h5.HEAPU8.subarray(pointer, pointer + byteLength));
          } finally {
            if (!isSpent(h5)) h5._free(pointer);
          }
        };
        for (let first = from; first < stop; ) {
          const chunk = first - (first % chunkRows);
          const end = Math.min(chunk + chunkRows, dataset.shape[0] ?? 1);
          let last = Math.min(stop, end);
          if (first === chunk && end <= stop) {
            const block = (Math.floor(first / blockRows) + 1) * blockRows;
            last = Math.max(last, block <= stop ? block : stop - (stop % chunkRows));
            inHeap(first, last, (rows) => use(rows, first, last));
          } else {
            // a file that has been changed says so when it is read
            file.read(new Uint8Array(1), 0, 1, 0);
            const rows = unpacked.get(dataset, chunk, () => inHeap(chunk, end, (bytes) => bytes.slice()));
            use(rows.subarray((first - chunk) * rowBytes, (last - chunk) * rowBytes), first, last);
          }
          first = last;
        }
      },
      packed,
      close() {
        if (session !== undefined) close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A file as one instance of the library has it open. */
interface Session {
  readonly h5: H5Library;
  readonly id: bigint;
  /** where the library finds it */
  readonly mounted: string;
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Bytes of a row. */
export const rowBytesOf = ({ elementBytes, shape }: H5Dataset): number => elementBytes * sizeOf(shape.slice(1));

function packedRows(dataset: H5Dataset, chunks: Float64Array | undefined): PackedRows | undefined {
  const chunkRows = dataset.chunks?.[0] ?? 1;
  const rowBytes = rowBytesOf(dataset);
  if (chunks === undefined || chunkRows * rowBytes > memoryFor('piece')) return undefined;
  const shuffledBytes = dataset.filters[0] === 'shuffle' ? dataset.elementBytes : undefined;
  return { chunks, chunkRows, rowBytes, shuffledBytes };
}

function checkReadable(name: string, dataset: H5Dataset): void {
  if (dataset.elsewhere !== undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: ${shortText(dataset.path)} is ${dataset.elsewhere}; expected its numbers in the file itself; copy them into one file, e.g. with h5py`,
      { path: dataset.path },
    );
  const unknown = dataset.filters.find((filter) => filter.startsWith('filter '));
  if (unknown !== undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: ${dataset.path} is compressed with HDF5 ${unknown}; expected one of ${[...BUILT_IN.values(), ...PLUGINS.values()].join(', ')}; repack it, e.g. h5repack -f GZIP=6`,
      { path: dataset.path, filter: unknown },
    );
}

/** Whole chunks, so that none is decompressed twice. */
function rowsOfBlock(name: string, dataset: H5Dataset, blockBytes: number): number {
  const chunkRows = dataset.chunks?.[0] ?? 1;
  const chunkBytes = rowBytesOf(dataset) * chunkRows;
  const limit = memoryFor('piece');
  if (chunkBytes > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${counted(chunkRows, 'row')} of ${dataset.path} are stored together in ${chunkBytes} bytes; expected at most ${limit}; write it with smaller chunks, ${MEMORY_REMEDY}`,
      { path: dataset.path, bytes: chunkBytes, limit },
    );
  return chunkRows * Math.max(1, Math.floor(blockBytes / Math.max(1, chunkBytes)));
}

function readAttribute(h5: H5Library, id: bigint, path: string, name: string): string | undefined {
  if (!h5.get_attribute_names(id, path).includes(name)) return undefined;
  const { type, vlen, size, total_size: count } = h5.get_attribute_metadata(id, path, name);
  if (type !== CLASSES.string || vlen || count !== 1) return undefined;
  const pointer = h5._malloc(size);
  try {
    h5.get_attribute_data(id, path, name, BigInt(pointer));
    const bytes = h5.HEAPU8.subarray(pointer, pointer + size);
    const end = bytes.indexOf(0);
    return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
  } finally {
    h5._free(pointer);
  }
}

/** Bytes of all texts of an attribute. */
const MAX_TEXT_BYTES = 2 ** 28;

function readTexts(h5: H5Library, id: bigint, path: string, name: string): string[] | undefined {
  if (!h5.get_attribute_names(id, path).includes(name)) return undefined;
  const { type, vlen, size, total_size: count } = h5.get_attribute_metadata(id, path, name);
  // an empty list is written as one of numbers
  if (count === 0) return [];
  if (type !== CLASSES.string || size * count > MAX_TEXT_BYTES) return undefined;
  const pointer = h5._malloc(size * count);
  try {
    h5.get_attribute_data(id, path, name, BigInt(pointer));
    const addresses = new DataView(h5.HEAPU8.buffer);
    const decoder = new TextDecoder();
    const texts = Array.from({ length: count }, (_, i) => {
      const start = vlen ? addresses.getUint32(pointer + i * size, true) : pointer + i * size;
      const bytes = h5.HEAPU8.subarray(start, vlen ? undefined : start + size);
      const end = bytes.indexOf(0);
      return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
    });
    if (vlen) h5.reclaim_vlen_memory(id, path, name, BigInt(pointer));
    return texts;
  } finally {
    h5._free(pointer);
  }
}
