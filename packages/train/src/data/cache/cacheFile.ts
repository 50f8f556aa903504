/**
 * @file One file of inputs, so that a training reads them by number: `JETINPT1`, the records, their lengths (uint32),
 * the least and the greatest number of each jet and their sum (float32), labels (uint8), the pT of the jets and a column of the file where they are kept (float64),
 * a JSON footer, its length (uint32), `JETINPT1`; all little-endian. A file that is cut has no end, and the SHA-256 of the footer tells of every changed bit before it.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import {
  columnOf,
  EXTENT_SIZE,
  type InputForm,
  inputSource,
  isJetError,
  JetError,
  type JetSource,
  jetExtents,
  jetKinematics,
  type Progress,
  rangeOfExtents,
  sizeOf,
  toInputs,
} from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { count, flag, listOf, object, oneOf, optional, parseJson, sha256, text, whole } from '@jetsdk/jets/json';
import type { InputRows } from '../inputs.js';
import type { RecordFile } from './recordReader.js';
import { encodeRecords } from './records.js';
import { rowThread } from './rowThread.js';

const MAGIC = 'JETINPT1';
const TAIL = MAGIC.length + 4;
/** Part of the key, so that files of another version are passed over. */
export const FORMAT = 'jetsdk-inputs/2';

/** Jets read at a time, fewer where their inputs are large. */
const CHUNK = 1024;
const CHUNK_BYTES = 2 ** 24;

const footer = object({
  format: oneOf(FORMAT),
  /** what the inputs were made of */
  key: sha256,
  /** where the jets are from, for people */
  name: text,
  jets: count,
  /** of one jet */
  shape: listOf(whole(1), 1),
  recordBytes: count,
  pt: flag,
  /** name of the column that is kept */
  column: optional(text),
  classes: optional(listOf(text)),
  /** of all bytes before the footer */
  sha256,
});

/** Labelled jets as the inputs of a network, read by number. */
export interface CachedJets {
  readonly path: string;
  readonly inputs: InputRows;
  /** (jets, 3) the least and the greatest number of each jet, and their sum */
  readonly extents: Float32Array;
  /** (jets,) class numbers */
  readonly labels: Uint8Array;
  /** (jets,) transverse momentum in GeV, where the jets had constituents */
  readonly pt?: Float64Array;
  /** (jets,) numbers of the column that was asked for */
  readonly column?: Float64Array;
  /** index = label, where the file told them */
  readonly classes?: readonly string[];
  /** frees the file and its thread; further reads fail */
  close(): Promise<void>;
}

export interface WriteOptions {
  /** SHA-256 of what the inputs are made of, hexadecimal */
  readonly key: string;
  /** a column of the source that is kept too */
  readonly column?: string;
  onProgress?(progress: Progress): void;
  /** called when everything has been read; what it throws keeps the file from being there */
  check?(): void;
}

/**
 * Makes the inputs of a network from all jets of a source and writes them, in one pass and in bounded memory. The file is
 * there whole or not at all.
 *
 * @param form undefined: images stay as they are
 * @throws {JetError} BAD_DATASET without labels, and as `toInputs`; NOT_FINITE; BAD_FILE if it cannot be written
 */
export async function writeCache(
  path: string,
  source: JetSource,
  form: InputForm | undefined,
  { key, column, onProgress, check }: WriteOptions,
): Promise<void> {
  const { name, count: jets, classes } = source;
  const labels = await source.labels();
  if (labels === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${name}: got ${jets} jets without labels; expected labelled jets to learn from`,
      { name, jets },
    );
  const values = column === undefined ? undefined : await columnOf(source, column);
  const { jetShape } = await inputSource(source, form);
  const size = sizeOf(jetShape);
  const pt = source.kind === 'constituents' ? new Float64Array(jets) : undefined;
  const lengths = new Uint32Array(jets);
  const extents = new Float32Array(EXTENT_SIZE * jets);
  const step = Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_BYTES / (4 * size))));

  const write = async (file: FileHandle): Promise<void> => {
    const hash = createHash('sha256');
    const put = async (bytes: Uint8Array): Promise<void> => {
      hash.update(bytes);
      await file.writeFile(bytes);
    };
    await put(Buffer.from(MAGIC, 'latin1'));
    let recordBytes = 0;
    for (let start = 0; start < jets; start += step) {
      const stop = Math.min(jets, start + step);
      const part = await source.read(start, stop);
      if (part.kind === 'constituents') pt?.set(jetKinematics(part).pt, start);
      const inputs = toInputs(part, form, name);
      requireFinite(name, inputs.data, size, start);
      extents.set(jetExtents(inputs), EXTENT_SIZE * start);
      const records = encodeRecords(inputs.data, size, lengths.subarray(start, stop));
      recordBytes += records.length;
      await put(records);
      onProgress?.({ done: stop, total: jets });
    }
    check?.();
    await put(asBytes(lengths));
    await put(asBytes(extents));
    await put(labels);
    if (pt) await put(asBytes(pt));
    if (values) await put(asBytes(values));
    const end: ReturnType<typeof footer> = {
      format: FORMAT,
      key,
      name,
      jets,
      shape: jetShape,
      recordBytes,
      pt: pt !== undefined,
      ...(column !== undefined && { column }),
      ...(classes && { classes }),
      sha256: hash.digest('hex'),
    };
    const json = Buffer.from(JSON.stringify(end), 'utf8');
    const tail = Buffer.alloc(TAIL);
    tail.writeUInt32LE(json.length, 0);
    tail.write(MAGIC, 4, 'latin1');
    await file.writeFile(Buffer.concat([json, tail]));
  };
  try {
    await writeFileAtomically(path, write);
  } catch (cause) {
    if (!isJetError(cause) || cause.details['code'] === undefined) throw cause;
    throw new JetError(
      cause.code,
      `${cause.message}; the inputs of a training are kept there, JETSDK_CACHE names another folder and jetsdk data cache --clear removes old ones`,
      cause.details,
      { cause },
    );
  }
}

/**
 * Opens what `writeCache` wrote, and checks all of it.
 *
 * @param key of the inputs that are expected
 * @throws {JetError} BAD_FILE if it is cut, changed, of another version or of other jets
 */
export async function openCache(
  path: string,
  key: string,
  onProgress?: (progress: Progress) => void,
): Promise<CachedJets> {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw unusable(path, `the system says ${String(cause)}`, 'a file that can be read', cause);
  }
  try {
    return await opened(path, fd, key, onProgress);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** What a cache says of itself. */
export interface CacheFacts {
  /** where the jets are from */
  readonly name: string;
  readonly jets: number;
  /** of one jet */
  readonly shape: readonly number[];
}

/**
 * Reads the end of what `writeCache` wrote.
 *
 * @throws {JetError} BAD_FILE if it is cut or of another version
 */
export function describeCache(path: string): CacheFacts {
  const fd = openSync(path, 'r');
  try {
    const { name, jets, shape } = readFooter(path, fd, fstatSync(fd).size).told;
    return { name, jets, shape };
  } finally {
    closeSync(fd);
  }
}

async function opened(
  path: string,
  fd: number,
  key: string,
  onProgress?: (progress: Progress) => void,
): Promise<CachedJets> {
  const { size: bytes } = fstatSync(fd);
  const { told, end } = readFooter(path, fd, bytes);
  const { jets, shape, recordBytes, classes } = told;
  const size = sizeOf(shape);
  const expected =
    MAGIC.length + recordBytes + jets * (5 + 4 * EXTENT_SIZE + (told.pt ? 8 : 0) + (told.column === undefined ? 0 : 8));
  if (end !== expected) throw unusable(path, `got ${end} bytes of jets`, `${expected}`);
  if (told.key !== key) throw unusable(path, `got inputs of ${told.key}`, `of ${key}, as its name says`);
  const digest = await hashOf(fd, end, jets, onProgress);
  if (digest !== told.sha256) throw unusable(path, `got bytes of SHA-256 ${digest}`, told.sha256);

  let at = MAGIC.length + recordBytes;
  const take = (length: number): ArrayBuffer => {
    const part = readAt(fd, length, at);
    at += length;
    return part.buffer;
  };
  const lengths = new Uint32Array(take(4 * jets));
  const extents = new Float32Array(take(4 * EXTENT_SIZE * jets));
  const labels = new Uint8Array(take(jets));
  const pt = told.pt ? new Float64Array(take(8 * jets)) : undefined;
  const column = told.column === undefined ? undefined : new Float64Array(take(8 * jets));
  const file: RecordFile = {
    path,
    fd,
    starts: startsOf(path, lengths, size, recordBytes),
    shape: [jets, ...shape],
    size,
  };
  const thread = rowThread(file);
  return {
    path,
    inputs: { shape: file.shape, digest, range: rangeOfExtents(extents), read: thread.read },
    extents,
    labels,
    ...(pt && { pt }),
    ...(column && { column }),
    ...(classes && { classes }),
    async close() {
      await thread.end();
      closeSync(fd);
    },
  };
}

/** What the end of a cache tells, and the byte where it begins. */
function readFooter(path: string, fd: number, bytes: number): { told: ReturnType<typeof footer>; end: number } {
  const ends = Buffer.from(readAt(fd, Math.min(bytes, TAIL), Math.max(0, bytes - TAIL)));
  const magic = ends.toString('latin1', 4);
  const length = ends.length === TAIL ? ends.readUInt32LE(0) : 0;
  const end = bytes - TAIL - length;
  if (magic !== MAGIC || end < MAGIC.length) throw unusable(path, `got ${bytes} bytes without an end`, 'a whole one');
  const where = `${path}, footer`;
  const json = Buffer.from(readAt(fd, length, end)).toString('utf8');
  try {
    return { told: footer(parseJson(json, where), { where, code: 'BAD_FILE' }), end };
  } catch (cause) {
    throw unusable(path, 'got one of another version, or damaged', FORMAT, cause);
  }
}

/** (jets + 1) where each record begins. */
function startsOf(path: string, lengths: Uint32Array, size: number, recordBytes: number): Float64Array {
  const starts = new Float64Array(new SharedArrayBuffer(8 * (lengths.length + 1)));
  starts[0] = MAGIC.length;
  let bad = -1;
  for (let jet = 0; jet < lengths.length; jet++) {
    if (lengths[jet] > 4 * size || lengths[jet] % 4 > 0) bad = jet;
    starts[jet + 1] = starts[jet] + lengths[jet];
  }
  if (bad >= 0 || starts[lengths.length] !== MAGIC.length + recordBytes)
    throw unusable(path, 'got records of impossible lengths', `${recordBytes} bytes of them`);
  return starts;
}

async function hashOf(
  fd: number,
  end: number,
  jets: number,
  onProgress?: (progress: Progress) => void,
): Promise<string> {
  const hash: Hash = createHash('sha256');
  let done = 0;
  for await (const part of createReadStream('', {
    fd,
    autoClose: false,
    start: 0,
    end: end - 1,
    highWaterMark: 2 ** 20,
  })) {
    hash.update(part as Uint8Array);
    done += (part as Uint8Array).length;
    onProgress?.({ done: Math.floor((jets * done) / end), total: jets });
  }
  return hash.digest('hex');
}

function readAt(fd: number, length: number, position: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const got = readSync(fd, bytes, done, length - done, position + done);
    if (got === 0) break;
    done += got;
  }
  return bytes;
}

const asBytes = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array | Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function requireFinite(name: string, data: Float32Array, size: number, first: number): void {
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i])) {
      const jet = first + Math.floor(i / size);
      throw new JetError('NOT_FINITE', `${name}: jet ${jet} holds ${data[i]}; expected finite numbers`, { jet });
    }
}

function unusable(path: string, got: string, expected: string, cause?: unknown): JetError {
  return new JetError(
    'BAD_FILE',
    `${path}: no cache that can be used, ${got}; expected ${expected}; remove it (jetsdk data cache --clear) and it is made again`,
    { path },
    { cause },
  );
}
