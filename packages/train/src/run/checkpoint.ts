/** @file The state of a training run as one file, so that it is whole or not there. */
import { readFile } from 'node:fs/promises';
import { JetError } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { type Check, count, finite, listOf, object, parseJson, text } from '@jetsdk/jets/json';
import type { TrainingState } from '../fit/epochs.js';
import type { EpochLosses } from '../fit/history.js';

const MAGIC = 'JETCKPT1';
const PREFIX = 12;

/** Everything but the numbers. */
interface Header<R> {
  readonly history: readonly R[];
  readonly warnings: readonly string[];
  readonly steps: number;
  readonly best: { readonly epoch: number; readonly valLoss: number };
  /** lengths of the arrays that follow: weights, best weights, optimizer means, optimizer squares */
  readonly lengths: readonly (readonly number[])[];
}

const headerOf = <R>(records: Check<readonly R[]>): Check<Header<R>> =>
  object({
    history: records,
    warnings: listOf(text),
    steps: count,
    best: object({ epoch: count, valLoss: finite }),
    lengths: listOf(listOf(count), 4, 4),
  });

/**
 * Writes the state after an epoch.
 *
 * The file is `JETCKPT1`, the length of the JSON header as uint32, the header, then float32 numbers, all little-endian.
 */
export async function writeCheckpoint(path: string, state: TrainingState<EpochLosses>): Promise<void> {
  const groups = [state.weights, state.best.weights, state.optimizer.means, state.optimizer.squares];
  const content: Header<EpochLosses> = {
    history: state.history,
    warnings: state.warnings,
    steps: state.optimizer.steps,
    best: { epoch: state.best.epoch, valLoss: state.best.valLoss },
    lengths: groups.map((group) => group.map((array) => array.length)),
  };
  const text = Buffer.from(JSON.stringify(content), 'utf8');
  const prefix = Buffer.alloc(PREFIX);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(text.length, 8);
  const numbers = groups.flat().map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  await writeFileAtomically(path, Buffer.concat([prefix, text, ...numbers]));
}

/**
 * Reads what `writeCheckpoint` wrote.
 *
 * @param records checks the epochs
 * @returns undefined if there is no such file
 * @throws {JetError} BAD_FILE if it is something else or damaged
 */
export async function readCheckpoint<R extends EpochLosses>(
  path: string,
  records: Check<readonly R[]>,
): Promise<TrainingState<R> | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new JetError('BAD_FILE', `${path}: cannot be read`, { path }, { cause });
  }
  const start = PREFIX + (file.length >= PREFIX ? file.readUInt32LE(8) : Infinity);
  if (file.toString('latin1', 0, 8) !== MAGIC)
    throw new JetError('BAD_FILE', `${path}: ${file.length} bytes that are no checkpoint; remove it to start again`, {
      path,
    });
  const where = `${path}, header`;
  const { lengths, ...told } = headerOf(records)(parseJson(file.toString('utf8', PREFIX, start), where), {
    where,
    code: 'BAD_FILE',
  });
  const size = lengths.flat().reduce((a, b) => a + b, 0);
  if (file.length !== start + 4 * size)
    throw new JetError(
      'BAD_FILE',
      `${path}: ${file.length} bytes; expected ${start + 4 * size}; remove it to start again`,
      { path },
    );
  const numbers = new Float32Array(new Uint8Array(file.subarray(start)).buffer);
  let at = 0;
  const [weights, best, means, squares] = lengths.map((group) =>
    group.map((length) => {
      at += length;
      return numbers.slice(at - length, at);
    }),
  );
  return {
    history: told.history,
    warnings: told.warnings,
    weights: weights!,
    optimizer: { steps: told.steps, means: means!, squares: squares! },
    best: { ...told.best, weights: best! },
  };
}
