/**
 * @file Jets of a compressed HDF5 file, read by several threads: the thread that has opened the file tells the others
 * where the jets lie.
 */
import { resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { isJetError } from '../../errors.js';
import type { JetImages, JetSource, Jets } from '../../jets.js';
import { copyRuns, type PackedPart } from '../../source/rowRuns.js';
import { jetsOf, type SliceReader } from '../../source/sliceSource.js';
import { type NodeFile, openNodeFile } from '../bytes/nodeFile.js';
import { readPacked } from './packed.js';

/** Where the jets of a file lie; plain data that can be sent to a thread. */
export interface PackedJets {
  /** absolute */
  readonly path: string;
  /** tells whether the file under that path is the one that was opened */
  readonly identity: string;
  readonly kind: 'constituents' | 'images';
  readonly jetShape: readonly number[];
  readonly hasCharge: boolean;
  /** row of the file that is the first jet */
  readonly first: number;
  /** jets that are compressed together */
  readonly block: number;
  readonly parts: readonly PackedPart[];
}

/** Keyed by the source itself: a copy of it with other rows has nothing here. */
const known = new WeakMap<JetSource, () => PackedJets | undefined>();

/** Remembers how to find out where the jets of a source lie. */
export function rememberPacked(source: JetSource, file: NodeFile, reader: SliceReader): void {
  const path = resolve(file.name);
  known.set(source, () => {
    const parts = reader.packed?.();
    if (parts === undefined || parts.length === 0) return undefined;
    const { kind, jetShape, hasCharge = false } = reader;
    const block = Math.max(...parts.map(({ rows }) => rows.chunkRows));
    return { path, identity: file.identity(), kind, jetShape, hasCharge, first: 0, block, parts };
  });
}

/** Jets [start, stop) of a source, as a source; closing it closes the whole. */
export function partOf(source: JetSource, start: number, stop: number): JetSource {
  const { name, kind, jetShape } = source;
  const part: JetSource = {
    name,
    kind,
    jetShape,
    ...(source.classes ? { classes: source.classes } : {}),
    count: stop - start,
    read: (from, to) => source.read(start + from, start + to),
    labels: async () => (await source.labels())?.subarray(start, stop),
    close: () => source.close(),
  };
  known.set(part, () => {
    const packed = packedJetsOf(source);
    return packed && { ...packed, first: packed.first + start };
  });
  return part;
}

/**
 * Where the jets of a source lie, so that other threads can read them.
 *
 * @returns undefined unless `openJets` or `openHdf5` gave the source and the file is compressed with deflate (gzip,
 *   zlib), with or without shuffle
 */
export function packedJetsOf(source: JetSource): PackedJets | undefined {
  return known.get(source)?.();
}

/**
 * Decompresses a chunk. Room for more than the result spares zlib a second round to see that it has ended.
 *
 * @throws {RangeError} if there is more than `size`
 */
export const inflate = (bytes: Uint8Array, size: number): Uint8Array =>
  inflateSync(bytes, { chunkSize: size + 64, maxOutputLength: size });

/**
 * Reads jets [start, stop) in any thread. Its numbers may be NaN or infinite: whoever uses them looks at every one and
 * then has the source read the jets, which says where.
 *
 * @param packed what `packedJetsOf` gave in the thread that has opened the file
 * @param memory the numbers are written here if there is room: a thread that reads again and again needs no new memory
 * @returns undefined where the source itself has to be asked: the file is no longer the one that was opened, or a chunk
 *   is broken; it then reads the jets, or says what is wrong
 */
export function readPackedJets(
  packed: PackedJets,
  start: number,
  stop: number,
  memory?: Float32Array,
): Jets | JetImages | undefined {
  const { kind, jetShape, hasCharge, parts } = packed;
  const size = jetShape.reduce((a, b) => a * b, 1);
  const from = packed.first + start;
  const to = packed.first + stop;
  const length = (to - from) * size;
  const data = memory !== undefined && memory.length >= length ? memory.subarray(0, length) : new Float32Array(length);
  const charge = hasCharge ? new Int8Array(data.length / 4) : undefined;
  try {
    const file = openNodeFile(packed.path);
    try {
      if (file.identity() !== packed.identity) return undefined;
      for (const { rows, numbers, charges } of parts) {
        const done = readPacked(file, inflate, rows, from, to, (raw, row) => {
          copyRuns(raw, rows.rowBytes, numbers, data, row - from, size);
          if (charge) copyRuns(raw, rows.rowBytes, charges, charge, row - from, size / 4);
        });
        if (done < to) return undefined;
      }
    } finally {
      file.close();
    }
  } catch (error) {
    if (isJetError(error)) return undefined;
    throw error;
  }
  return jetsOf(kind, jetShape, data, charge);
}
