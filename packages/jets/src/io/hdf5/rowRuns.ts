/** @file From the rows of an HDF5 dataset to jets: which numbers of a row go where. */
import type { PackedPart, Run } from '../../source/packed.js';
import { bytesOf, copyNumbers, READERS } from '../bytes/numbers.js';
import type { RawRows } from './packed.js';

/** The parts, if all of them are packed. */
export function allPacked(
  parts: readonly (Omit<PackedPart, 'rows'> & { readonly rows: PackedPart['rows'] | undefined })[],
): readonly PackedPart[] | undefined {
  const packed = parts.flatMap(({ rows, ...runs }) => (rows === undefined ? [] : [{ rows, ...runs }]));
  return packed.length === parts.length ? packed : undefined;
}

/** Shorter runs are read number by number. */
const LONG_RUN = 16;

/** The longest runs of numbers, in the order of the jet. */
export function joinRuns(numbers: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const run of numbers) {
    const last = runs.at(-1);
    const follows =
      last?.type === run.type &&
      last.at + last.length === run.at &&
      last.byte + last.length * bytesOf(last.type) === run.byte;
    if (last && follows) runs[runs.length - 1] = { ...last, length: last.length + run.length };
    else runs.push(run);
  }
  return runs;
}

/**
 * Copies the runs of every row.
 *
 * @param jet number of the first row's jet in `out`
 * @param size numbers of a jet in `out`
 */
export function copyRuns(
  { buffer, byteOffset, byteLength }: RawRows,
  rowBytes: number,
  runs: readonly Run[],
  out: Float32Array | Int8Array,
  jet: number,
  size: number,
): void {
  const rows = byteLength / rowBytes;
  const view = new DataView(buffer, byteOffset, byteLength);
  for (const { type, byte, at, length } of runs) {
    const bytes = bytesOf(type);
    if (length === size && length * bytes === rowBytes)
      copyNumbers(type, buffer, byteOffset, out, jet * size, rows * length);
    else if (length < LONG_RUN)
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < length; i++)
          out[(jet + row) * size + at + i] = READERS[type](view, row * rowBytes + byte + i * bytes);
    else
      for (let row = 0; row < rows; row++)
        copyNumbers(type, buffer, byteOffset + row * rowBytes + byte, out, (jet + row) * size + at, length);
  }
}
