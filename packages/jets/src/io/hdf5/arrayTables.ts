/** @file Arrays with several numbers a jet or a constituent, and records a jet and a constituent, as tables. */
import { isNumberType, type NumberType, READERS } from '../bytes/numbers.js';
import { type ColumnRows, evenOffsets, MAX_PARTS, type TableColumn } from '../tables/columnTable.js';
import { baseName, type H5Dataset } from './dataset.js';
import type { H5File } from './h5.js';
import type { RaggedTable } from './ragged.js';
import { rowBytesOf } from './rows.js';
import { heldRows, parentOf, type ReadBytes } from './tables.js';

/** Where the numbers of a column lie in a row. */
interface Place {
  readonly type: NumberType;
  readonly byte: number;
  /** bytes from one number of a row to the next */
  readonly stride: number;
  /** numbers a row; undefined for one that is no list */
  readonly length: number | undefined;
}

/**
 * The groups that hold arrays (n, m, k) or records (n, m), as tables of n rows. Of arrays (n) there is a column `name`, of (n, k) columns
 * `name[0]`, `name[1]`, … of numbers, of (n, m, k) the same of lists, of records `name.field`.
 */
export function arrayTables(file: H5File): RaggedTable[] {
  const groups = new Map<string, H5Dataset[]>();
  for (const dataset of file.datasets) {
    const { path, shape, type } = dataset;
    if (shape.length === 0 || shape.length > 3 || (type === 'compound' && shape.length > 2)) continue;
    const key = `${parentOf(path)} ${shape[0]}`;
    groups.set(key, [...(groups.get(key) ?? []), dataset]);
  }
  return [...groups.values()]
    .filter((datasets) => datasets.some(isNested))
    .map((datasets) => {
      const [{ path, shape }] = datasets;
      const columns = new Map<string, TableColumn>();
      for (const dataset of datasets) {
        const places = placesIn(dataset);
        if (places.size === 0) continue;
        const read = heldRows(file, dataset);
        for (const [name, place] of places) columns.set(name, placedColumn(read, place, rowBytesOf(dataset)));
      }
      return { name: `${file.name}: ${parentOf(path)}`, path: parentOf(path), rows: shape[0], columns };
    });
}

const isNested = ({ shape, type }: H5Dataset): boolean =>
  type === 'compound' ? shape.length === 2 : shape.length === 3 && shape[2] <= MAX_PARTS;

function placesIn({ path, shape, type, fields, elementBytes }: H5Dataset): Map<string, Place> {
  const name = baseName(path);
  const [, second, third] = shape;
  if (type === 'compound')
    return new Map(
      fields.flatMap((field) =>
        isNumberType(field.type) && field.length === undefined
          ? [[`${name}.${field.name}`, { type: field.type, byte: field.offset, stride: elementBytes, length: second }]]
          : [],
      ),
    );
  if (!isNumberType(type)) return new Map();
  if (second === undefined) return new Map([[name, { type, byte: 0, stride: elementBytes, length: undefined }]]);
  const parts = third ?? second;
  if (parts > MAX_PARTS) return new Map();
  const length = third === undefined ? undefined : second;
  return new Map(
    Array.from({ length: parts }, (_, part) => [
      `${name}[${part}]`,
      { type, byte: part * elementBytes, stride: parts * elementBytes, length },
    ]),
  );
}

function placedColumn(read: ReadBytes, { type, byte, stride, length }: Place, rowBytes: number): TableColumn {
  const count = length ?? 1;
  const number = READERS[type];
  return {
    type: length === undefined ? type : `${type}[${length}]`,
    form: length === undefined ? 'number' : 'list',
    async read(start, stop): Promise<ColumnRows> {
      const values = new Float64Array((stop - start) * count);
      await read(start, stop, (bytes, first, last) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        for (let row = first, at = (first - start) * count; row < last; row++)
          for (let i = 0, from = (row - first) * rowBytes + byte; i < count; i++, from += stride)
            values[at++] = number(view, from);
      });
      return { values, offsets: evenOffsets(stop - start, count) };
    },
  };
}
