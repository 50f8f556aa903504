/** @file The formats that are read: the one list that everything goes by. */
import { JetError } from '../errors.js';
import { nearestName } from '../nearestName.js';
import { quoted } from '../quoted.js';
import type { BinaryFile } from './bytes/binaryFile.js';
import { csv } from './csv/format.js';
import type { Format, OpenJetsOptions } from './format.js';
import { hdf5 } from './hdf5/format.js';
import { npy } from './npy/format.js';
import { npz } from './npy/npzFormat.js';
import { parquet } from './parquet/format.js';
import { root } from './root/format.js';

export const FORMATS: readonly Format[] = [hdf5, npy, npz, root, parquet, csv];

/** HDF5 last: it may begin anywhere, and is looked for in many places of a file. */
const ASKED: readonly Format[] = [...FORMATS.filter((format) => format !== hdf5), hdf5];

/** Options of every format. */
const COMMON: readonly (keyof OpenJetsOptions)[] = ['jsroot', 'padding', 'signal'];

/** Formats of the trade that are not read here. */
const OTHERS: readonly (readonly [text: string, name: string])[] = [
  ['PARE', 'an encrypted Parquet file'],
  ['\x1f\x8b', 'gzip-compressed: run gunzip on it'],
  ['\x28\xb5\x2f\xfd', 'zstd-compressed: run unzstd on it'],
  ['version https://git-lfs', 'a Git LFS pointer: run git lfs pull'],
];
const START_BYTES = 24;

/** Names of formats in a sentence. */
const listed = (titles: readonly string[], last: string): string =>
  titles.length < 2 ? titles.join() : `${titles.slice(0, -1).join(', ')} ${last} ${titles.at(-1)}`;

/**
 * The format of a file, by what is in it, whatever its name.
 *
 * @throws {JetError} BAD_FILE if it is none of them
 */
export function formatOf(file: BinaryFile): Format {
  const start = new Uint8Array(Math.min(START_BYTES, file.size));
  const length = file.read(start, 0, start.length, 0);
  const found = ASKED.find((format) => format.recognise(start.subarray(0, length), file));
  if (found) return found;
  const text = String.fromCharCode(...start);
  const other = OTHERS.find(([signature]) => text.startsWith(signature));
  const shown = other?.[1] ?? `it begins with ${quoted(text.slice(0, 12))}`;
  const titles = listed(
    FORMATS.map(({ title }) => title),
    'or',
  );
  throw new JetError(
    'BAD_FILE',
    `${file.name}: not ${titles}, ${shown}; expected one of these; convert the file, or check that it arrived whole (${file.size} bytes)`,
    { bytes: file.size },
  );
}

/**
 * Checks that options are of a format.
 *
 * @throws {JetError} BAD_ARGUMENT
 */
export function checkOptions(name: string, format: Format, options: OpenJetsOptions): void {
  const given = Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  const known = [...new Set([...COMMON, ...FORMATS.flatMap((one) => one.options)])];
  const has = (one: Format, key: string): boolean => [...COMMON, ...one.options].some((option) => option === key);
  const unknown = given.find((key) => !known.some((option) => option === key));
  if (unknown !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: unknown option ${quoted(unknown)}; did you mean ${nearestName(unknown, known)}? Expected ${known.join(', ')}`,
      { option: unknown },
    );
  const unused = given.filter((key) => !has(format, key));
  if (unused.length === 0) return;
  const of = FORMATS.filter((one) => unused.every((key) => has(one, key))).map(({ title }) => title);
  throw new JetError(
    'BAD_ARGUMENT',
    `${name}: option ${unused.join(', ')} for a file of format ${format.title}; expected with ${listed(of, 'or') || 'no format'} only`,
    { options: unused, format: format.name },
  );
}
