/** @file HDF5 files that hold no jets: arrays of numbers by path, and the texts beside them. */
import { host } from '#host';
import { JetError } from '../errors.js';
import { MEMORY_REMEDY, memoryFor } from '../memoryBudget.js';
import { shortText } from '../quoted.js';
import { sizeOf, type Tensor } from '../tensor.js';
import { bytesOf, isNumberType, READERS } from './bytes/numbers.js';
import type { H5Dataset } from './hdf5/dataset.js';
import { type H5File, openH5 } from './hdf5/h5.js';
import type { FileInput } from './host.js';

/** An array of an HDF5 file, not read yet. */
export interface Hdf5Array {
  /** from the root, e.g. `/model_weights/dense/kernel:0` */
  readonly path: string;
  readonly shape: readonly number[];
}

/** An open HDF5 file of arrays and texts. */
export interface Hdf5Arrays {
  readonly name: string;
  /** all of its arrays, group by group */
  readonly arrays: readonly Hdf5Array[];
  /** paths of its groups, without the root */
  readonly groups: readonly string[];
  /**
   * An attribute of a group or an array.
   *
   * @returns its texts, or undefined where there is no such object or attribute, or none of texts
   */
  texts(path: string, attribute: string): readonly string[] | undefined;
  /**
   * Reads an array whole, in row-major order; numbers of any width become float32.
   *
   * @throws {JetError} BAD_FILE if it is damaged or holds no numbers; UNSUPPORTED for filters that are not known;
   *   LIMIT_EXCEEDED above 2³¹ bytes
   */
  read(array: Hdf5Array): Promise<Tensor>;
  close(): void;
}

const LIMITS = { objects: 65_536, depth: 32 };

/**
 * Opens an HDF5 file of arrays, such as the weights of a model.
 *
 * @param input a path, a URL or a `File`
 * @throws {JetError} FILE_NOT_FOUND; REMOTE; BAD_FILE if it is truncated, corrupt or not HDF5; LIMIT_EXCEEDED
 */
export async function openHdf5(input: FileInput): Promise<Hdf5Arrays> {
  const file = await openH5(await host.openFile(input), host, LIMITS);
  const datasets = new Map(file.datasets.map((dataset) => [dataset.path, dataset]));
  const objects = new Set(['/', ...file.groups, ...datasets.keys()]);
  return {
    name: file.name,
    arrays: file.datasets.map(({ path, shape }) => ({ path, shape })),
    groups: file.groups,
    texts: (path, attribute) => (objects.has(path) ? file.texts(path, attribute) : undefined),
    async read({ path }) {
      const dataset = datasets.get(path);
      if (dataset === undefined)
        throw new JetError('BAD_FILE', `${file.name}: no array ${shortText(path)}; expected one of its own`, { path });
      const data = new Float32Array(checkedSize(file.name, dataset));
      if (data.length > 0) await readNumbers(file, dataset, data);
      return { shape: dataset.shape, data };
    },
    close: () => file.close(),
  };
}

/** @returns how many numbers an array has */
function checkedSize(file: string, { path, shape, type }: H5Dataset): number {
  const where = `${file}: ${shortText(path)}`;
  if (!isNumberType(type)) throw new JetError('BAD_FILE', `${where} is of type ${type}; expected numbers`, { path });
  const size = sizeOf(shape);
  const limit = memoryFor('archive');
  if (size * Math.max(4, bytesOf(type)) > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${where} has ${size} numbers; which take ${size * Math.max(4, bytesOf(type))} bytes; expected at most ${limit}; split it, ${MEMORY_REMEDY}`,
      {
        path,
        limit,
      },
    );
  return size;
}

async function readNumbers(file: H5File, dataset: H5Dataset, into: Float32Array): Promise<void> {
  const { type, shape } = dataset;
  if (!isNumberType(type)) return;
  const width = sizeOf(shape.slice(1));
  const read = READERS[type];
  const bytes = bytesOf(type);
  await file.readRows(dataset, 0, shape[0] ?? 1, ({ buffer, byteOffset, byteLength }, first) => {
    const view = new DataView(buffer, byteOffset, byteLength);
    for (let i = 0; i * bytes < byteLength; i++) into[first * width + i] = read(view, i * bytes);
  });
}
