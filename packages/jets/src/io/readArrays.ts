/** @file Datasets of an HDF5 file as arrays, such as the layers of showers. */
import { host } from '#host';
import { counted } from '../counted.js';
import { JetError } from '../errors.js';
import { requireMemory } from '../memoryBudget.js';
import { sizeOf, type Tensor } from '../tensor.js';
import { copyNumbers, isNumberType } from './bytes/numbers.js';
import { openH5 } from './hdf5/h5.js';
import type { FileInput } from './host.js';

export interface ReadArraysOptions {
  /** the first row, and the one after the last; default: all */
  readonly rows?: readonly [start: number, stop?: number | undefined];
}

/**
 * Reads datasets of an HDF5 file by name, rounded to float32. Counts of a dataset whose attribute `units` has a number in front,
 * such as `0.01 GeV`, are multiplied with it.
 *
 * @returns (rows, …) each
 * @throws {JetError} as `openJets`; BAD_DATASET if a dataset is not there or holds no numbers; SHAPE_MISMATCH if they have
 *   different numbers of rows; OUT_OF_RANGE for rows that are not there; LIMIT_EXCEEDED
 */
export async function readArrays<Name extends string>(
  input: FileInput,
  names: readonly Name[],
  { rows = [0] }: ReadArraysOptions = {},
): Promise<Record<Name, Tensor>> {
  const file = await openH5(await host.openFile(input), host);
  try {
    const found = {} as Record<Name, Tensor>;
    let count: number | undefined;
    for (const name of names) {
      const dataset = file.datasets.find(({ path }) => path === `/${name}`);
      if (dataset === undefined || !isNumberType(dataset.type) || dataset.shape.length === 0)
        throw new JetError(
          'BAD_DATASET',
          `${file.name}: no numbers named ${name} among ${file.datasets.map(({ path }) => path.slice(1)).join(', ') || 'no datasets'}; expected ${names.join(', ')}`,
          { name },
        );
      const [all, ...shape] = dataset.shape as [number, ...number[]];
      count ??= all;
      const [start, stop = all] = rows;
      if (all !== count)
        throw new JetError('SHAPE_MISMATCH', `${file.name}: ${name} has ${all} rows, ${names[0]} ${count}`, {
          name,
          rows: all,
          expected: count,
        });
      if (!Number.isInteger(start) || !Number.isInteger(stop) || start < 0 || start > stop || stop > all)
        throw new JetError('OUT_OF_RANGE', `${file.name}: rows ${start} to ${stop} of ${all}; expected some of them`, {
          start,
          stop,
          rows: all,
        });
      const width = sizeOf(shape);
      const what = `${file.name}: ${counted(stop - start, 'row')} of ${name}`;
      requireMemory('inputs', 4 * (stop - start) * width, what, 'read fewer rows');
      const data = new Float32Array((stop - start) * width);
      const { type } = dataset;
      await file.readRows(dataset, start, stop, ({ buffer, byteOffset }, first, last) =>
        copyNumbers(type, buffer, byteOffset, data, (first - start) * width, (last - first) * width),
      );
      const each = unitOf(file.attribute(dataset.path, 'units'));
      if (each !== 1) for (let i = 0; i < data.length; i++) data[i] *= each;
      found[name] = { shape: [stop - start, ...shape], data };
    }
    return found;
  } finally {
    file.close();
  }
}

/** @param units such as `0.01 GeV` @returns how much of the unit a count is */
function unitOf(units: string | undefined): number {
  const number = Number(units?.trim().split(/\s+/, 1)[0]);
  return number > 0 && number < Infinity ? number : 1;
}
