/** @file Inputs of a network that are read by rows: from memory, or from where there are more of them than memory holds. */
import { type InputRange, type JetImages, type Jets, jetImages, jets, random, type Tensor } from '@jetsdk/jets';
import { type Augmentation, augment } from './augment.js';

/** Changes to the rows of one batch. */
export interface BatchChange {
  readonly augmentation: Augmentation;
  /** an integer in [0, 2³²) */
  readonly seed: number;
}

/** Inputs of a network, read by rows. */
export interface InputRows {
  /** [jets, ...shape of one jet] */
  readonly shape: readonly number[];
  /** what tells these numbers from others: SHA-256, hexadecimal */
  readonly digest: string;
  /** between what numbers they lie; undefined if all jets are empty */
  readonly range: InputRange | undefined;
  /**
   * Rows in the order given.
   *
   * @param rows integers in [0, jets); not modified
   * @param memory of a batch that is used no more: the result may lie in it, and nobody else may touch it
   * @returns (rows × numbers of a jet) row-major, the caller's
   */
  read(rows: Uint32Array, change?: BatchChange, memory?: Float32Array): Promise<Float32Array>;
}

/** Inputs of a network: in memory, or read by rows. All that are read by rows are finite. */
export type Inputs = Tensor | InputRows;

/** Whether inputs are in memory. */
export const inMemory = (inputs: Inputs): inputs is Tensor => 'data' in inputs;

/** Reads rows of inputs, wherever they are. */
export function rowReader(inputs: Inputs): InputRows['read'] {
  if (!inMemory(inputs)) return (rows, change, memory) => inputs.read(rows, change, memory);
  const { shape, data } = inputs;
  return async (rows, change, memory) =>
    changed(gather(data, data.length / Math.max(1, shape[0]), rows, memory), shape, change);
}

/**
 * Inputs in memory.
 *
 * @param rows integers in [0, jets); default: all
 * @returns images, or jets where those are what the network takes
 */
export async function takeInputs(inputs: Inputs, rows = rowNumbers(0, inputs.shape[0])): Promise<JetImages | Jets> {
  const data = await rowReader(inputs)(rows);
  const [, a, b, c] = inputs.shape;
  return c === undefined ? jets(data, a) : jetImages(data, [a, b, c]);
}

/** Rows as a change makes them; without one, as they are. */
export function changed(rows: Float32Array, shape: readonly number[], change: BatchChange | undefined): Float32Array {
  if (change === undefined) return rows;
  return augment(rows, shape.slice(1), change.augmentation, random(change.seed));
}

/**
 * Memory for so many numbers, whatever it holds. New memory costs several times what is written into it, since the system
 * has to find it page by page.
 *
 * @param memory that is used no more; taken where it is large enough
 */
export function memoryOf(length: number, memory: Float32Array | undefined): Float32Array {
  return memory !== undefined && memory.length >= length ? memory.subarray(0, length) : new Float32Array(length);
}

function gather(data: Float32Array, size: number, rows: Uint32Array, memory?: Float32Array): Float32Array {
  const out = memoryOf(rows.length * size, memory);
  for (let i = 0; i < rows.length; i++) out.set(data.subarray(rows[i] * size, (rows[i] + 1) * size), i * size);
  return out;
}

/** Batches asked for beforehand. */
const AHEAD = 2;

/**
 * Batches one after the other, each asked for while the ones before it are used.
 *
 * @param count of batches
 * @param read the batch of that number, in the memory of one that is used no more where there is one
 * @returns gives the next batch with each call, which may hand back one that is used no more
 */
export function readAhead(
  count: number,
  read: (batch: number, memory: Float32Array | undefined) => Promise<Float32Array>,
): (used?: Float32Array) => Promise<Float32Array> {
  const asked: Promise<Float32Array>[] = [];
  const spare: Float32Array[] = [];
  let next = 0;
  return (used) => {
    if (used !== undefined) spare.push(used);
    while (next < count && asked.length <= AHEAD) {
      const batch = read(next++, spare.pop());
      // a failure is told when the batch is asked for, if it ever is
      batch.catch(() => undefined);
      asked.push(batch);
    }
    return asked.shift()!;
  };
}

/** Numbers first, first + 1, … last − 1. */
export function rowNumbers(first: number, last: number): Uint32Array {
  return Uint32Array.from({ length: last - first }, (_, i) => first + i);
}
