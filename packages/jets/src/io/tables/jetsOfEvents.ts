/** @file Events with several jets each, as NanoAOD has them, seen as a table of their jets. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import {
  type ColumnRows,
  type ColumnTable,
  columnNamed,
  readNumbers,
  requireColumn,
  type TableColumn,
} from './columnTable.js';
import type { LayoutEvents } from './layoutJson.js';

/** Events whose candidates are held at a time. */
const EVENTS = 256;

/** Candidates of consecutive jets, by their place among the candidates of the event. */
interface Picks {
  readonly start: number;
  readonly stop: number;
  /** (jets + 1) */
  readonly offsets: Uint32Array;
  readonly places: Uint32Array;
}

/** Whether a table has events that can be taken apart. */
export function hasEvents({ columns }: ColumnTable, { jets, jetIndex, candidateIndex }: LayoutEvents): boolean {
  const form = (name: string) => columnNamed(columns, name)?.form;
  return form(`n${jets}`) === 'number' && form(jetIndex) === 'list' && form(candidateIndex) === 'list';
}

/**
 * The table of the jets of all events: what is a list in the collection of jets is a number a jet, what is a list in the
 * collection of candidates a list a jet, what is a number an event the same number for each of its jets.
 *
 * @throws {JetError} BAD_DATASET if the columns are not there. Reading throws it for links that lead nowhere
 */
export async function jetsOfEvents(events: ColumnTable, layout: LayoutEvents): Promise<ColumnTable> {
  const [jetIndex, candidateIndex] = [layout.jetIndex, layout.candidateIndex].map((name) =>
    requireColumn(events, name, 'list'),
  );
  const firstJets = await firstJetsOf(events, `n${layout.jets}`);
  const { name } = events;
  let held: Picks | undefined;

  const bad = (event: number, message: string): JetError =>
    new JetError(
      'BAD_DATASET',
      `${name}: event ${event}: ${message}; the file is damaged, or made of parts that do not fit`,
      {
        event,
      },
    );

  const picksOf = async (start: number, stop: number): Promise<Picks> => {
    if (held?.start === start && held.stop === stop) return held;
    const offsets = new Uint32Array(stop - start + 1);
    const [linkedJets, linkedPlaces]: [number[], number[]] = [[], []];
    for (const [from, to] of runsOf(firstJets, start, stop)) {
      const jets = await jetIndex.read(from, to);
      const candidates = await candidateIndex.read(from, to);
      for (let event = from; event < to; event++) {
        const [first, end] = [jets.offsets[event - from], jets.offsets[event - from + 1]];
        if (candidates.offsets[event - from + 1] - candidates.offsets[event - from] !== end - first)
          throw bad(event, `numbers of ${layout.jetIndex} and ${layout.candidateIndex} differ; expected as many`);
        const count = firstJets[event + 1] - firstJets[event];
        for (let i = first; i < end; i++) {
          const [jet, place] = [jets.values[i], candidates.values[i]];
          if (jet < 0 || place < 0) continue;
          if (jet >= count) throw bad(event, `${layout.jetIndex} ${jet} of ${counted(count, 'jet')}`);
          const row = firstJets[event] + jet - start;
          if (row < 0 || row >= stop - start) continue;
          offsets[row + 1]++;
          linkedJets.push(row);
          linkedPlaces.push(place);
        }
      }
    }
    for (let row = 0; row < stop - start; row++) offsets[row + 1] += offsets[row];
    const next = offsets.slice();
    const places = new Uint32Array(linkedJets.length);
    for (const [i, row] of linkedJets.entries()) places[next[row]++] = linkedPlaces[i];
    held = { start, stop, offsets, places };
    return held;
  };

  const ofCandidates = (path: string, column: TableColumn): TableColumn => ({
    ...column,
    async read(start, stop) {
      const { offsets, places } = await picksOf(start, stop);
      const values = new Float64Array(places.length);
      for (const [from, to] of runsOf(firstJets, start, stop)) {
        const rows = await column.read(from, to);
        for (let event = from; event < to; event++) {
          const first = rows.offsets[event - from];
          const count = rows.offsets[event - from + 1] - first;
          const [jet, end] = [Math.max(start, firstJets[event]) - start, Math.min(stop, firstJets[event + 1]) - start];
          for (let i = offsets[jet]; i < offsets[end]; i++) {
            if (places[i] >= count)
              throw bad(event, `${layout.candidateIndex} ${places[i]} of ${counted(count, 'number')} in ${path}`);
            values[i] = rows.values[first + places[i]];
          }
        }
      }
      return { values, offsets };
    },
  });

  const ofJets = (path: string, column: TableColumn): TableColumn => ({
    type: column.type.replace(/\[\]$/, ''),
    form: 'number',
    read: (start, stop) =>
      numbersOf(start, stop, column, (rows, row, event, jet) => {
        const first = rows.offsets[row];
        const count = rows.offsets[row + 1] - first;
        const expected = firstJets[event + 1] - firstJets[event];
        if (count !== expected)
          throw bad(event, `${counted(count, 'number')} in ${path}; expected ${expected}, one a jet`);
        return rows.values[first + jet];
      }),
  });

  const ofEvents = (column: TableColumn): TableColumn => ({
    ...column,
    read: (start, stop) => numbersOf(start, stop, column, (rows, row) => rows.values[row]),
  });

  const numbersOf = async (
    start: number,
    stop: number,
    column: TableColumn,
    numberOf: (rows: ColumnRows, row: number, event: number, jet: number) => number,
  ): Promise<ColumnRows> => {
    const values = new Float64Array(stop - start);
    for (const [from, to] of runsOf(firstJets, start, stop)) {
      const rows = await column.read(from, to);
      for (let event = from; event < to; event++)
        for (let jet = Math.max(start, firstJets[event]); jet < Math.min(stop, firstJets[event + 1]); jet++)
          values[jet - start] = numberOf(rows, event - from, event, jet - firstJets[event]);
    }
    return { values, offsets: Uint32Array.from({ length: stop - start + 1 }, (_, i) => i) };
  };

  const columns = new Map<string, TableColumn>();
  for (const [path, column] of events.columns) {
    if (column.form === 'number') columns.set(path, ofEvents(column));
    else if (column.form === 'list' && path.startsWith(`${layout.jets}_`)) columns.set(path, ofJets(path, column));
    else if (column.form === 'list' && path.startsWith(`${layout.candidates}_`))
      columns.set(path, ofCandidates(path, column));
  }
  return { name, rows: firstJets[events.rows], columns };
}

/** @returns (events + 1) the first jet of each event, and how many there are */
async function firstJetsOf(events: ColumnTable, name: string): Promise<Uint32Array> {
  const counts = await readNumbers(events, name);
  const firstJets = new Uint32Array(counts.length + 1);
  for (const [event, count] of counts.entries()) {
    if (!(Number.isInteger(count) && count >= 0 && firstJets[event] + count < 2 ** 32))
      throw new JetError(
        'BAD_DATASET',
        `${events.name}: event ${event}: ${name} is ${count}; expected a number of jets`,
        {
          event,
        },
      );
    firstJets[event + 1] = firstJets[event] + count;
  }
  return firstJets;
}

/** Ranges of events, short ones, that have the jets [start, stop); events without jets are passed over where they are many. */
function* runsOf(firstJets: Uint32Array, start: number, stop: number): Generator<readonly [from: number, to: number]> {
  let event = lastAtMost(firstJets, start);
  while (event + 1 < firstJets.length && firstJets[event] < stop) {
    const from = event;
    let to = from;
    while (event < from + EVENTS && event + 1 < firstJets.length && firstJets[event] < stop) {
      event++;
      if (firstJets[event] > firstJets[event - 1]) to = event;
    }
    if (to > from) yield [from, to];
  }
}

/** The last event whose first jet is not after this one. */
function lastAtMost(firstJets: Uint32Array, jet: number): number {
  let [low, high] = [0, firstJets.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firstJets[middle] <= jet) low = middle;
    else high = middle - 1;
  }
  return low;
}
