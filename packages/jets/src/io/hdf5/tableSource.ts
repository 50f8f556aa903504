/** @file Jets from a table with columns E_i, PX_i, PY_i, PZ_i, as in the top-tagging reference dataset. */
import { JetError } from '../../errors.js';
import { checkCount } from '../../source/checks.js';
import type { Run } from '../../source/packed.js';
import { classNumbers, LABEL_NAMES } from '../../source/perJet.js';
import type { Watch } from '../../source/source.js';
import { bytesOf, READERS } from '../bytes/numbers.js';
import type { H5Dataset } from './dataset.js';
import type { H5File } from './h5.js';
import type { H5JetReader } from './jetReader.js';
import { allPacked, copyRuns, joinRuns } from './rowRuns.js';
import { byDataset, type H5Column, type H5Table } from './tables.js';

const PARTS = ['E', 'PX', 'PY', 'PZ'];
const UNREAD = 255;
/** Of rows that are read for their labels at a time. */
const LABEL_BYTES = 2 ** 24;

/** The column that holds the labels, if there is one. */
export function labelColumn(columns: ReadonlyMap<string, unknown>): string | undefined {
  return LABEL_NAMES.find((name) => columns.has(name));
}

/** Number of constituents that a table has the columns of; 0 if it is another kind of table. */
export function constituentsOf(columns: ReadonlyMap<string, unknown>): number {
  let count = 0;
  while (PARTS.every((part) => columns.has(`${part}_${count}`))) count++;
  return count;
}

/** The runs of some columns, by the dataset that they lie in; column i is number i of the jet. */
function runsOf(columns: readonly H5Column[]): Map<H5Dataset, Run[]> {
  const numbers = columns.map((column, at) => ({
    column,
    run: { type: column.number, byte: column.offset, at, length: 1 },
  }));
  return new Map([...byDataset(numbers)].map(([dataset, group]) => [dataset, joinRuns(group.map(({ run }) => run))]));
}

/**
 * Reads a table of constituents.
 *
 * @throws {JetError} BAD_DATASET if a label is no number of a class (when labels are read)
 */
export function tableReader(file: H5File, table: H5Table): H5JetReader {
  checkCount(file.name, table.rows);
  const constituents = constituentsOf(table.columns);
  const column = (name: string): H5Column => {
    const found = table.columns.get(name);
    if (found === undefined)
      throw new JetError('BAD_DATASET', `${file.name}: ${table.path} has no column ${name}`, { column: name });
    return found;
  };
  const indices = Array.from({ length: constituents }, (_, i) => i);
  const numbers = runsOf(indices.flatMap((i) => PARTS.map((part) => column(`${part}_${i}`))));
  const charges = indices.every((i) => table.columns.has(`CHARGE_${i}`))
    ? runsOf(indices.map((i) => column(`CHARGE_${i}`)))
    : undefined;
  const datasets = [...new Set([...numbers.keys(), ...(charges?.keys() ?? [])])];
  const labelName = labelColumn(table.columns);
  const label = labelName === undefined ? undefined : column(labelName);
  const labels = new Uint8Array(label ? table.rows : 0).fill(UNREAD);
  const size = constituents * 4;

  const readLabels = (
    view: DataView,
    { number, offset, rowBytes, length }: H5Column,
    first: number,
    last: number,
  ): void => {
    const read = READERS[number];
    const bytes = bytesOf(number);
    const data = new Float64Array((last - first) * length);
    for (let i = 0; i < data.length; i++)
      data[i] = read(view, Math.floor(i / length) * rowBytes + offset + (i % length) * bytes);
    const name = `${file.name}: column ${labelName} of ${table.path}`;
    labels.set(classNumbers({ shape: [last - first, length], data }, name, first), first);
  };

  /** Reads the labels of rows [from, to) that are not known from the jets that were read. */
  const readMissing = async (label: H5Column, from: number, to: number, watch?: Watch): Promise<void> => {
    const most = file.blockRows(label.dataset, LABEL_BYTES);
    for (let start = labels.indexOf(UNREAD, from); start >= 0 && start < to; start = labels.indexOf(UNREAD, start)) {
      let stop = start;
      while (stop < to && labels[stop] === UNREAD && stop - start < most) stop++;
      await file.readRows(label.dataset, start, stop, ({ buffer, byteOffset, byteLength }, first, last) =>
        readLabels(new DataView(buffer, byteOffset, byteLength), label, first, last),
      );
      await watch?.({ done: stop, total: table.rows });
    }
  };

  return {
    name: file.name,
    kind: 'constituents',
    count: table.rows,
    jetShape: [constituents, 4],
    hasCharge: charges !== undefined,
    async fill(start, stop, out, charge) {
      for (const dataset of datasets) {
        const { elementBytes, shape } = dataset;
        const rowBytes = elementBytes * (shape[1] ?? 1);
        await file.readRows(dataset, start, stop, (rows, first, last) => {
          copyRuns(rows, rowBytes, numbers.get(dataset) ?? [], out, first - start, size);
          if (charge) copyRuns(rows, rowBytes, charges?.get(dataset) ?? [], charge, first - start, constituents);
          if (label?.dataset === dataset)
            readLabels(new DataView(rows.buffer, rows.byteOffset, rows.byteLength), label, first, last);
        });
      }
    },
    packed() {
      const parts = datasets.map((dataset) => ({
        rows: file.packed(dataset),
        numbers: numbers.get(dataset) ?? [],
        charges: charges?.get(dataset) ?? [],
      }));
      return allPacked(parts);
    },
    ...(label
      ? {
          async labels(watch) {
            await readMissing(label, 0, table.rows, watch);
            return labels.slice();
          },
          async labelsBetween(start, stop) {
            await readMissing(label, start, stop);
            return labels.slice(start, stop);
          },
        }
      : {}),
  };
}
