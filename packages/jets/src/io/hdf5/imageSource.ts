/** @file Jets from plain HDF5 datasets: images, one dataset a class or one for all, and our compact constituents. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { checkCount } from '../../source/checks.js';
import { type Component, componentOf, parseComponents } from '../../source/components.js';
import { imageShape } from '../../source/jetShape.js';
import type { Run } from '../../source/packed.js';
import { classNumbers, LABEL_NAMES } from '../../source/perJet.js';
import { sizeOf } from '../../tensor.js';
import { copyNumbers, isNumberType, type NumberType } from '../bytes/numbers.js';
import { baseName, type H5Dataset } from './dataset.js';
import type { H5File } from './h5.js';
import type { H5JetReader } from './jetReader.js';
import { allPacked } from './rowRuns.js';
import { readStrings } from './tables.js';

/** A dataset of numbers, with the name it has in its group. */
export interface NumberDataset extends H5Dataset {
  readonly type: NumberType;
}

export const isNumberDataset = (dataset: H5Dataset): dataset is NumberDataset => isNumberType(dataset.type);

/** A dataset of the same group with one of these names. */
function beside(file: H5File, dataset: H5Dataset, names: readonly string[]): H5Dataset | undefined {
  const group = dataset.path.slice(0, dataset.path.length - baseName(dataset.path).length);
  for (const name of names) {
    const found = file.datasets.find(({ path }) => path === group + name);
    if (found) return found;
    if (file.links.includes(group + name))
      throw new JetError(
        'UNSUPPORTED',
        `${file.name}: ${group}${name} is a link to another file, which is not followed; expected it in this file; copy it there`,
        { path: group + name },
      );
  }
  return undefined;
}

/** Numbers of rows [start, stop) of a dataset as doubles. */
async function readNumbers(file: H5File, dataset: NumberDataset, start = 0, stop = dataset.shape[0]) {
  const width = sizeOf(dataset.shape.slice(1));
  checkCount(file.name, (stop - start) * width);
  const values = new Float64Array((stop - start) * width);
  await file.readRows(dataset, start, stop, ({ buffer, byteOffset }, first, last) =>
    copyNumbers(dataset.type, buffer, byteOffset, values, (first - start) * width, (last - first) * width),
  );
  return values;
}

/** Attributes in which files name the numbers of their constituents. */
const COMPONENT_ATTRIBUTES = ['components', 'columns', 'features'];

/** What a dataset says that its numbers are, where that makes four-vectors. */
function componentsIn(file: H5File, { path, shape }: H5Dataset): readonly Component[] | undefined {
  if (shape.length !== 3) return undefined;
  for (const attribute of COMPONENT_ATTRIBUTES) {
    const names = (file.texts(path, attribute) ?? [])
      .flatMap((text) => text.split(/[\s,]+/))
      .filter((name) => name !== '');
    if (names.length === shape[2] && names.every((name) => componentOf(name) !== undefined))
      return parseComponents(names);
  }
  return undefined;
}

function checkRows(file: H5File, dataset: H5Dataset, other: H5Dataset): void {
  if (other.shape[0] !== dataset.shape[0])
    throw new JetError(
      'SHAPE_MISMATCH',
      `${file.name}: ${dataset.path} has ${counted(dataset.shape[0], 'jet')}, ${other.path} has ${counted(other.shape[0], 'row')}; expected as many`,
      { jets: dataset.shape[0], rows: other.shape[0] },
    );
}

/** One dataset of constituents (n, m, 4) or images (n, h, w[, c]), with labels, charges, vertices and ids beside it. */
export function datasetReader(file: H5File, dataset: NumberDataset, kind: 'constituents' | 'images'): H5JetReader {
  const jetShape =
    kind === 'images' ? imageShape(`${file.name}: ${dataset.path}`, dataset.shape) : dataset.shape.slice(1);
  const labels = beside(file, dataset, LABEL_NAMES);
  const ids = beside(file, dataset, ['ids']);
  const int8Beside = (name: string): H5Dataset | undefined => {
    const found = kind === 'constituents' ? beside(file, dataset, [name]) : undefined;
    if (found) checkRows(file, dataset, found);
    if (found && (found.type !== 'int8' || found.shape.length !== 2 || found.shape[1] !== dataset.shape[1]))
      throw new JetError(
        'SHAPE_MISMATCH',
        `${file.name}: ${found.path} is ${found.type} of shape (${found.shape.join(', ')}); expected int8 of shape (${dataset.shape.slice(0, 2).join(', ')})`,
        { path: found.path, shape: found.shape },
      );
    return found;
  };
  for (const other of [labels, ids]) if (other) checkRows(file, dataset, other);
  const charge = int8Beside('charge');
  const vertex = int8Beside('vertex');
  const size = sizeOf(jetShape);
  const components = componentsIn(file, dataset);
  const readLabels = async (of: H5Dataset, start: number, stop: number): Promise<Uint8Array> => {
    if (!isNumberDataset(of) || of.shape.length > 2)
      throw new JetError(
        'BAD_DATASET',
        `${file.name}: ${of.path} is ${of.type} of shape (${of.shape.join(', ')}); expected numbers of classes, shape (${dataset.shape[0]}), or one-hot (${dataset.shape[0]}, classes); write the labels so, or say which is signal with the option signal`,
        { path: of.path, shape: of.shape },
      );
    return classNumbers(
      { shape: [stop - start, ...of.shape.slice(1)], data: await readNumbers(file, of, start, stop) },
      `${file.name}: ${of.path}`,
      start,
    );
  };
  return {
    name: file.name,
    kind,
    ...(components && { components }),
    count: dataset.shape[0],
    jetShape,
    hasCharge: charge !== undefined,
    hasVertex: vertex !== undefined,
    async fill(start, stop, out, charges, vertices) {
      await file.readRows(dataset, start, stop, ({ buffer, byteOffset }, first, last) =>
        copyNumbers(dataset.type, buffer, byteOffset, out, (first - start) * size, (last - first) * size),
      );
      for (const [other, into] of [
        [charge, charges],
        [vertex, vertices],
      ] as const)
        if (other && into)
          await file.readRows(other, start, stop, ({ buffer, byteOffset, byteLength }, first) =>
            into.set(new Int8Array(buffer, byteOffset, byteLength), (first - start) * dataset.shape[1]),
          );
    },
    packed() {
      // threads that read for themselves know of no vertices
      if (vertex) return undefined;
      const whole = (type: NumberType, length: number): Run[] => [{ type, byte: 0, at: 0, length }];
      const jets = { rows: file.packed(dataset), numbers: whole(dataset.type, size), charges: [] };
      if (!charge) return allPacked([jets]);
      return allPacked([jets, { rows: file.packed(charge), numbers: [], charges: whole('int8', size / 4) }]);
    },
    ...(labels
      ? {
          labels: () => readLabels(labels, 0, dataset.shape[0]),
          labelsBetween: (start, stop) => readLabels(labels, start, stop),
        }
      : {}),
    ...(ids?.type === 'string' && ids.shape.length === 1 ? { ids: () => readStrings(file, ids) } : {}),
  };
}

/** One dataset of images a class, in the order of the labels: all jets of the first, then all of the second. */
export function classesReader(file: H5File, datasets: readonly NumberDataset[]): H5JetReader {
  const jetShape = imageShape(`${file.name}: ${datasets[0].path}`, datasets[0].shape);
  const size = sizeOf(jetShape);
  const starts = datasets.map((_, i) => datasets.slice(0, i).reduce((sum, { shape }) => sum + shape[0], 0));
  const count = datasets.reduce((sum, { shape }) => sum + shape[0], 0);
  return {
    name: file.name,
    kind: 'images',
    count,
    jetShape,
    classes: datasets.map(({ path }) => baseName(path)),
    async fill(start, stop, out) {
      for (const [i, dataset] of datasets.entries()) {
        const from = Math.max(start - starts[i], 0);
        const to = Math.min(stop - starts[i], dataset.shape[0]);
        if (from < to)
          await file.readRows(dataset, from, to, ({ buffer, byteOffset }, first, last) =>
            copyNumbers(
              dataset.type,
              buffer,
              byteOffset,
              out,
              (starts[i] + first - start) * size,
              (last - first) * size,
            ),
          );
      }
    },
    labels() {
      const labels = new Uint8Array(count);
      for (const [i, { shape }] of datasets.entries()) labels.fill(i, starts[i], starts[i] + shape[0]);
      return labels;
    },
  };
}
