/** @file Reading what a participant sent: any of the accepted forms becomes scores in the order of the jets. */
import { JetError } from '@jetsdk/jets';
import { type NpyArray, readNpy } from '@jetsdk/jets/npy';
import { readNpz } from '@jetsdk/jets/npz';
import { entryName } from './entryName.js';
import type { JetList } from './jetList.js';
import { readScoreCsv } from './scoreCsv.js';
import { type Flag, scoreForm } from './scoreFlags.js';
import { quoted } from './wording.js';

/** Scores of one network of one group. */
export interface Submission {
  /** name of the file, without folders */
  readonly file: string;
  readonly group: string;
  readonly network: string;
  /** (jets,) finite, in the order of the jets; higher is more signal-like */
  readonly scores: Float32Array | Float64Array;
}

/** How far the two columns of a softmax may miss the sum 1. */
const SOFTMAX_TOLERANCE = 1e-2;

/**
 * Reads a submission named `<group>__<network>.npy`, `.npz` or `.csv`; what it is, its first bytes tell.
 *
 * Arrays are (n,), (n, 1), or (n, 2) with rows that sum to 1: a softmax over [background, signal], of which the second
 * column counts. A `.npz` holds one array, or one named `scores`. CSV is matched by id. Nothing else is accepted, and
 * nothing is repaired: not the order, not the sign, not the missing jets.
 *
 * @param bytes the whole file; not modified
 * @param jets those of the challenge
 * @throws {JetError} UNSUPPORTED for another ending or type of numbers; BAD_ARGUMENT for a name without group or network;
 *   SHAPE_MISMATCH for another number of jets or another shape; BAD_FILE for a file that is broken or whose ids do not
 *   match; NOT_FINITE for NaN or infinite scores
 */
export function parseSubmission(file: string, bytes: Uint8Array, jets: JetList): Submission {
  const name = entryName(file);
  if (bytes.length === 0)
    throw new JetError(
      'BAD_FILE',
      `${file}: empty, got 0 bytes; expected scores of ${jets.count} jets; send it again`,
      {
        bytes: 0,
        jets: jets.count,
      },
    );
  return { file, ...name, scores: readScores(file, bytes, jets) };
}

/** A submission seen without labels. */
export interface CheckedSubmission extends Submission {
  /** oddities that the scores alone show */
  readonly flags: readonly Flag[];
}

/**
 * What a participant can know before sending a file: whether `rank` will read it, and how it reads it.
 *
 * @throws {JetError} as `parseSubmission`: exactly where `rank` rejects the file
 */
export function checkSubmission(file: string, bytes: Uint8Array, jets: JetList): CheckedSubmission {
  const submission = parseSubmission(file, bytes, jets);
  return { ...submission, flags: scoreForm(submission.scores).flags };
}

function readScores(file: string, bytes: Uint8Array, jets: JetList): Float32Array | Float64Array {
  // room for a few columns too many, so that the shape can be named
  const maxElements = 64 * jets.count + 65_536;
  if (bytes[0] === 0x93) return scoresOf(file, readNpy(bytes, { name: file, maxElements }), jets);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] <= 7 && bytes[3] <= 8)
    return scoresOf(file, onlyArray(file, readNpz(bytes, { name: file, maxBytes: 8 * maxElements })), jets);
  return readScoreCsv(file, bytes, jets);
}

function onlyArray(file: string, arrays: ReadonlyMap<string, NpyArray>): NpyArray {
  const array = arrays.get('scores') ?? (arrays.size === 1 ? [...arrays.values()][0] : undefined);
  if (array === undefined)
    throw new JetError(
      'BAD_FILE',
      `${file}: ${arrays.size} arrays (${[...arrays.keys()].slice(0, 5).map(quoted).join(', ')}); expected 1, or one named scores; save with numpy.save instead`,
      { arrays: arrays.size, expected: 1 },
    );
  return array;
}

function scoresOf(file: string, array: NpyArray, { count }: JetList): Float32Array | Float64Array {
  const { shape } = array;
  const refuse = (remedy: string): JetError =>
    new JetError(
      'SHAPE_MISMATCH',
      `${file}: scores of shape (${shape.join(', ')}${shape.length === 1 ? ',' : ''}); expected (${count},); ${remedy}`,
      { shape, expected: [count] },
    );
  if (array.dtype === 'string' || array.dtype === 'bytes')
    throw new JetError('UNSUPPORTED', `${file}: an array of text; expected numbers; save the scores as float32`, {
      dtype: array.dtype,
    });
  if (shape[0] !== count)
    throw refuse(
      shape.length === 2 && shape[1] === count
        ? 'the array is transposed: save its transpose'
        : shape.length === 0 || array.data.length < count
          ? 'score every jet of the challenge, in its order'
          : 'save one score a jet, in the order of the challenge',
    );
  const columns = shape.length === 1 ? 1 : shape.length === 2 ? shape[1] : Number.NaN;
  if (columns !== 1 && columns !== 2) throw refuse('save one score a jet, the higher the more signal-like');
  const values = numbersOf(array.data);
  if (values.every((value) => Number.isFinite(value))) {
    if (columns === 1) return values;
    const wrong = firstBadSoftmax(values);
    if (wrong === undefined) return values.filter((_, i) => i % 2 === 1);
    throw refuse(
      `its two columns are no softmax over [background, signal], row ${wrong.row} sums to ${wrong.sum}: save the signal column alone`,
    );
  }
  let notFinite = 0;
  for (const value of values) if (!Number.isFinite(value)) notFinite++;
  const first = values.findIndex((value) => !Number.isFinite(value));
  throw new JetError(
    'NOT_FINITE',
    `${file}: ${notFinite} of ${values.length} scores are NaN or infinite, the first in row ${Math.floor(first / columns)}; expected finite numbers; replace them`,
    { notFinite, expected: 0, row: Math.floor(first / columns) },
  );
}

/** The numbers as they are, in the narrower type that holds them. */
function numbersOf(data: Exclude<NpyArray['data'], readonly string[]>): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data.slice();
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float64Array.from(data, Number)
    : Float64Array.from(data);
}

function firstBadSoftmax(values: Float32Array | Float64Array): { row: number; sum: number } | undefined {
  for (let i = 0; i < values.length; i += 2) {
    const sum = values[i] + values[i + 1];
    if (Math.abs(sum - 1) > SOFTMAX_TOLERANCE) return { row: i / 2, sum };
  }
  return undefined;
}
