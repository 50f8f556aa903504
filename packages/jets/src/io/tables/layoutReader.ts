/** @file Jets from a table by a layout. */

import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import type { Beside } from '../../jets.js';
import { MEMORY_REMEDY, memoryFor } from '../../memoryBudget.js';
import { checkCount } from '../../source/checks.js';
import { isPadding, type Padding } from '../../source/padding.js';
import { classNumbers, LABEL_NAMES } from '../../source/perJet.js';
import type { SliceReader } from '../../source/sliceSource.js';
import {
  type ColumnRows,
  type ColumnTable,
  columnNamed,
  numbersARow,
  readNumbers,
  readRows,
  requireColumn,
  type TableColumn,
} from './columnTable.js';
import { hasEvents, jetsOfEvents } from './jetsOfEvents.js';
import type { Layout, LayoutLabels } from './layout.js';
import type { LayoutColumns } from './layoutJson.js';

/** Rows whose columns are held at a time. */
const BLOCK = 4096;
const OTHER = 255;
/** What a constituent takes of memory in each column, and as a four-vector. */
const COLUMN_BYTES = 24;
const VECTOR_BYTES = 44;
/** Squared pT of what is no constituent: it is sorted behind all others. */
const NONE = -1;
const JET_KEYS: readonly string[] = ['jetPt', 'jetEta', 'jetPhi'];
/** Read where a file has them. */
const BESIDE_KEYS = ['charge', 'vertex', 'leading', 'valid'] as const;
const isBeside = (key: string): boolean => BESIDE_KEYS.some((one) => one === key);

type Key = keyof LayoutColumns;

const formOf = (key: Key): 'number' | 'list' => (JET_KEYS.includes(key) ? 'number' : 'list');

/** Refuses a block of jets before the memory is taken that its constituents need in all columns. */
function requireMemory(name: string, first: number, last: number, constituents: number, columns: number): void {
  const bytes = constituents * (COLUMN_BYTES * columns + VECTOR_BYTES);
  const limit = memoryFor('block');
  if (bytes > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: jets ${first} to ${last} have ${counted(constituents, 'constituent')}, which take ${bytes} bytes; expected at most ${limit}; split the file, ${MEMORY_REMEDY}`,
      { constituents, bytes, limit },
    );
}

/** Whether a table has the columns of a layout, in the form that it reads, apart from those that are read where they are there. */
export function hasColumns(table: ColumnTable, layout: Layout): boolean {
  const { events } = layout;
  if (events && !hasEvents(table, events)) return false;
  return kinematic(layout).every(
    ([key, column]) => columnNamed(table.columns, column)?.form === (events ? 'list' : formOf(key)),
  );
}

/** Whether a table has the columns in which a layout looks for labels. */
export function hasLabels({ columns }: ColumnTable, { labels }: Layout): boolean {
  return labels !== undefined && labelColumns(labels).every((column) => columnNamed(columns, column) !== undefined);
}

/**
 * Reads jets of a table; constituents are sorted by falling pT, where the file does not, and the leading ones kept.
 *
 * @throws {JetError} BAD_DATASET if a column is missing or of another form, or an own label column is missing; with
 *   `others: 'leave-out'` the labels are read here
 */
export async function layoutReader(given: ColumnTable, layout: Layout, padding?: Padding): Promise<SliceReader> {
  const table = layout.events ? await jetsOfEvents(given, layout.events) : given;
  const { name } = table;
  checkCount(name, table.rows);
  const inputs = kinematic(layout).map(([key, column]) => ({
    key,
    column,
    reader: requireColumn(table, column, formOf(key)),
  }));
  for (const key of BESIDE_KEYS) {
    const column = layout.columns[key];
    if (column !== undefined && columnNamed(table.columns, column) !== undefined)
      inputs.push({ key, column, reader: requireColumn(table, column, 'list') });
  }
  const has = (key: Key): boolean => inputs.some((input) => input.key === key);
  const labelled = layout.labels?.required || hasLabels(table, layout) ? layout.labels : undefined;
  const plain = labelled ? undefined : LABEL_NAMES.find((one) => hasEqualRows(table, one));
  const labelReaders = labelled && labelColumns(labelled).map((column) => requireColumn(table, column, 'number'));

  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: readers of columns remember where they are. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const next = turn.then(run, run);
    turn = next;
    return next;
  };
  let truths: Uint8Array | undefined;
  const readTruths = async (labels: LayoutLabels, readers: readonly TableColumn[]): Promise<Uint8Array> => {
    truths ??= await readLabels(table, labels, readers);
    return truths;
  };

  const left =
    labelled?.others === 'leave-out' && labelReaders
      ? indicesOf(await readTruths(labelled, labelReaders), (label) => label !== OTHER)
      : undefined;
  const count = left?.length ?? table.rows;
  const size = layout.constituents * 4;

  return {
    name,
    kind: 'constituents',
    count,
    jetShape: [layout.constituents, 4],
    hasCharge: has('charge'),
    hasVertex: has('vertex') || has('leading'),
    ...(labelled ? { classes: labelled.classes } : {}),
    fill: (start, stop, out, charge, vertex) =>
      inTurn(async () => {
        for (let from = start; from < stop; ) {
          const row = left ? left[from] : from;
          let to = from + 1;
          while (to < stop && (left ? left[to] : to) < row + BLOCK) to++;
          const last = left ? left[to - 1] : to - 1;
          const rows = new Map<Key, ColumnRows>();
          for (const { key, reader } of inputs) {
            const read = await reader.read(row, last + 1);
            rows.set(key, read);
            requireMemory(name, row, last, read.values.length, inputs.length);
          }
          const fill = blockFiller(layout, rows, padding, (jet, message) => badJet(name, row + jet, message));
          for (let jet = from; jet < to; jet++) {
            const [first, end] = [(jet - start) * size, (jet - start + 1) * size];
            fill((left ? left[jet] : jet) - row, out.subarray(first, end), {
              ...(charge && { charge: charge.subarray(first / 4, end / 4) }),
              ...(vertex && { vertex: vertex.subarray(first / 4, end / 4) }),
            });
          }
          from = to;
        }
      }),
    ...(labelled && labelReaders
      ? {
          labels: () =>
            inTurn(async () => {
              const all = await readTruths(labelled, labelReaders);
              if (left) return Uint8Array.from(left, (row) => all[row]);
              const other = all.indexOf(OTHER);
              if (other >= 0) throw neither(name, labelled, other, all);
              return all.slice();
            }),
          ...(left === undefined && {
            labelsBetween: (start: number, stop: number) =>
              inTurn(async () => {
                const some =
                  truths?.slice(start, stop) ?? (await readLabels(table, labelled, labelReaders, start, stop));
                const other = some.indexOf(OTHER);
                if (other >= 0) throw neither(name, labelled, start + other, some);
                return some;
              }),
          }),
        }
      : {}),
    ...(plain !== undefined && {
      labels: () => inTurn(async () => classNumbers(await readRows(table, plain), `${name}: column ${plain}`)),
    }),
    column: (wanted) =>
      inTurn(async () => {
        const values = await readNumbers(table, wanted);
        return left ? Float64Array.from(left, (row) => values[row]) : values;
      }),
  };
}

function hasEqualRows({ columns }: ColumnTable, name: string): boolean {
  const column = columnNamed(columns, name);
  return column !== undefined && numbersARow(column) !== undefined;
}

function kinematic({ columns }: Layout): [key: Key, column: string][] {
  return Object.entries(columns).filter(([key]) => !isBeside(key)) as [Key, string][];
}

function labelColumns({ column, choices }: LayoutLabels): string[] {
  return column === undefined ? choices.flat().map(String) : [column];
}

function indicesOf(values: Uint8Array, wanted: (value: number) => boolean): Uint32Array {
  let count = 0;
  for (const value of values) if (wanted(value)) count++;
  const indices = new Uint32Array(count);
  for (let i = 0, at = 0; i < values.length; i++) if (wanted(values[i])) indices[at++] = i;
  return indices;
}

function badJet(name: string, jet: number, message: string): JetError {
  return new JetError('BAD_DATASET', `${name}: jet ${jet}: ${message}`, { jet });
}

/** Writes one jet of a block of rows: sorted, cut, padded by what `out` has been filled with. */
type JetFiller = (jet: number, out: Float32Array, beside: Beside) => void;

function blockFiller(
  { columns, constituents, unit, etaRelMirrored }: Layout,
  rows: ReadonlyMap<Key, ColumnRows>,
  padding: Padding | undefined,
  bad: (jet: number, message: string) => JetError,
): JetFiller {
  const values = (key: Key): ArrayLike<number> => rows.get(key)?.values ?? [];
  const has = (key: Key): boolean => rows.has(key);
  const lists = [...rows].filter(([key]) => !JET_KEYS.includes(key));
  const [[firstKey, { offsets }]] = lists;
  const scale = unit === 'MeV' ? 0.001 : 1;
  const [px, py, pz, E, mass, weights] = (['px', 'py', 'pz', 'E', 'mass', 'weight'] as const).map(values);
  const [charges, vertices, leading, valid] = BESIDE_KEYS.map(values);
  const [pt, eta, phi] = (['pt', 'eta', 'phi'] as const).map(values);
  const [ptRel, etaRel, phiRel] = (['ptRel', 'etaRel', 'phiRel'] as const).map(values);
  const [jetPt, jetEta, jetPhi] = (['jetPt', 'jetEta', 'jetPhi'] as const).map(values);
  const cartesian = has('px');
  let most = 0;
  for (let jet = 0; jet + 1 < offsets.length; jet++) most = Math.max(most, offsets[jet + 1] - offsets[jet]);
  const vectors = new Float64Array(4 * most);
  const pt2 = new Float64Array(most);
  const order = new Uint32Array(most);
  const padded = padding === undefined ? undefined : isPadding(padding);
  const kinematic = lists.filter(([key]) => !isBeside(key)).map(([, list]) => list.values);

  const whole = (jet: number, value: number, key: 'charge' | 'vertex'): number => {
    if (Number.isInteger(value) && Math.abs(value) <= 127) return value;
    throw bad(jet, `${key} ${value} in ${columns[key]}; expected a whole number of −127 to 127`);
  };

  return (jet, out, { charge, vertex }) => {
    const start = offsets[jet];
    const count = offsets[jet + 1] - start;
    for (const [key, one] of lists)
      if (one.offsets[jet + 1] - one.offsets[jet] !== count)
        throw bad(
          jet,
          `${one.offsets[jet + 1] - one.offsets[jet]} numbers in ${columns[key]}, ${count} in ${columns[firstKey]}; expected as many`,
        );
    const mirror = etaRelMirrored && !(jetEta[jet] > 0) ? -1 : 1;
    let sorted = true;
    for (let k = 0; k < count; k++) {
      const i = start + k;
      order[k] = k;
      const weight = has('weight') ? weights[i] : 1;
      const absent = weight === 0 || (has('valid') && valid[i] === 0);
      if (absent || (padded && kinematic.every((numbers) => padded(numbers[i])))) {
        vectors.fill(0, 4 * k, 4 * k + 4);
        pt2[k] = NONE;
        continue;
      }
      let x: number;
      let y: number;
      let z: number;
      if (cartesian) {
        x = px[i];
        y = py[i];
        z = pz[i];
      } else {
        const p = has('pt') ? pt[i] : ptRel[i] * jetPt[jet];
        const azimuth = has('phi') ? phi[i] : jetPhi[jet] + phiRel[i];
        x = p * Math.cos(azimuth);
        y = p * Math.sin(azimuth);
        z = p * Math.sinh(has('eta') ? eta[i] : jetEta[jet] + mirror * etaRel[i]);
      }
      const m = has('mass') ? mass[i] : 0;
      vectors[4 * k] = weight * (has('E') ? E[i] : Math.sqrt(x * x + y * y + z * z + m * m));
      vectors[4 * k + 1] = weight * x;
      vectors[4 * k + 2] = weight * y;
      vectors[4 * k + 3] = weight * z;
      const square = weight * weight * (x * x + y * y);
      // What is not a number goes first, so that it is kept, and reported.
      pt2[k] = Number.isNaN(square + vectors[4 * k] + z) ? Number.POSITIVE_INFINITY : square;
      if (k > 0 && pt2[k] > pt2[k - 1]) sorted = false;
    }
    if (!sorted) order.subarray(0, count).sort((a, b) => pt2[b] - pt2[a] || a - b);
    const kept = Math.min(count, constituents);
    for (let k = 0; k < kept; k++) {
      const from = order[k];
      for (let part = 0; part < 4; part++) out[4 * k + part] = vectors[4 * from + part] * scale;
      if (pt2[from] === NONE) continue;
      if (charge) charge[k] = whole(jet, charges[start + from], 'charge');
      if (vertex)
        vertex[k] = has('vertex') ? whole(jet, vertices[start + from], 'vertex') : leading[start + from] === 0 ? 1 : 0;
    }
  };
}

/** @returns (to − from,) numbers of the classes, 255 for none of them, for rows [from, to) of the table */
async function readLabels(
  table: ColumnTable,
  { column, choices }: LayoutLabels,
  readers: readonly TableColumn[],
  from = 0,
  to = table.rows,
): Promise<Uint8Array> {
  const labels = new Uint8Array(to - from).fill(OTHER);
  const classOf = new Map<unknown, number>(choices.flatMap((values, label) => values.map((value) => [value, label])));
  const columns = [...classOf];
  for (const [at, reader] of readers.entries())
    for (let start = from; start < to; start += BLOCK) {
      const stop = Math.min(to, start + BLOCK);
      const { values } = await reader.read(start, stop);
      for (let row = start; row < stop; row++) {
        const value = values[row - start];
        if (column !== undefined) {
          labels[row - from] = classOf.get(value) ?? OTHER;
          continue;
        }
        if (value === 0) continue;
        const [name, label] = columns[at];
        if (value !== 1) throw badJet(table.name, row, `label ${value} in ${name}; expected 0 or 1`);
        const before = labels[row - from];
        if (before !== OTHER && before !== label)
          throw badJet(
            table.name,
            row,
            `of class ${label} by ${name}, and of class ${before} as well; expected one of them`,
          );
        labels[row - from] = label;
      }
    }
  return labels;
}

function neither(name: string, { column, choices }: LayoutLabels, jet: number, all: Uint8Array): JetError {
  const jets = all.reduce((sum, label) => sum + (label === OTHER ? 1 : 0), 0);
  const listed = (classes: readonly (string | number)[]): string =>
    `${classes.slice(0, 3).join(', ')}${classes.length > 3 ? ', …' : ''}`;
  const of = column === undefined ? '' : `${column} `;
  const [background, signal] = choices;
  const what =
    choices.length === 2
      ? `neither background (${of}${listed(background)}) nor signal (${of}${listed(signal)})`
      : `of none of the ${choices.length} classes (${of}${listed(choices.flat())})`;
  return new JetError(
    'BAD_DATASET',
    `${name}: ${jets} of ${counted(all.length, 'jet')} are ${what}, jet ${jet} the first; name their classes in a layout, or leave them out with "others": "leave-out"`,
    { jets, first: jet },
  );
}
