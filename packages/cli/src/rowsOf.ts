import { JetError, type JetSource } from '@jetsdk/jets';
import { takeJets } from '@jetsdk/jets/files';
import { readColumns } from '@jetsdk/jets/hdf5';

/** First jet and the one after the last; undefined for the end of the file. */
export type Rows = readonly [start: number, stop: number | undefined];

/**
 * Some of the jets of a source, as a source.
 *
 * @param range undefined for all
 * @throws {JetError} OUT_OF_RANGE if the file has no such jets
 */
export function rowsOf(source: JetSource, range: Rows | undefined): JetSource {
  if (range === undefined) return source;
  const [start, stop] = checkedRows(source, range);
  return {
    ...source,
    count: stop - start,
    read: (from, to) => source.read(start + from, start + to),
    labels: async () => (await source.labels())?.slice(start, stop),
    ids: async () => (await source.ids?.())?.slice(start, stop),
    close: () => source.close(),
  };
}

function checkedRows(source: JetSource, [start, stop = source.count]: Rows = [0, undefined]): [number, number] {
  if (start >= stop || stop > source.count)
    throw new JetError(
      'OUT_OF_RANGE',
      `${source.name}: rows ${start}:${stop} of ${source.count} jets; expected 0 ≤ START < STOP ≤ ${source.count}`,
      {
        start,
        stop,
        count: source.count,
      },
    );
  return [start, stop];
}

/** A column of the file that tells which jets to take. */
export interface Where {
  readonly column: string;
  readonly equals: number;
}

/**
 * The jets of a source whose row of a column has a value, as a source.
 *
 * @param path of the HDF5 file that the source was opened from
 * @param range only these jets of the file
 * @throws {JetError} BAD_DATASET if there is no such column, or no jet with the value
 */
export async function jetsWhere(
  source: JetSource,
  path: string,
  { column, equals }: Where,
  range?: Rows,
): Promise<JetSource> {
  const values = (await readColumns(path, [column]))[column];
  const [first, end] = checkedRows(source, range);
  const jets: number[] = [];
  for (let jet = first; jet < end; jet++) if (values[jet] === equals) jets.push(jet);
  if (jets.length === 0)
    throw new JetError(
      'BAD_DATASET',
      `${path}: column ${column} is ${equals} for 0 of ${end - first} jets; it has ${[...new Set(values)].slice(0, 8).join(', ')}`,
      { column, equals },
    );
  const taken = <T>(all: ArrayLike<T>): T[] => jets.map((jet) => all[jet]);
  return {
    ...source,
    count: jets.length,
    read: (start, stop) => takeJets(source, jets.slice(start, stop)),
    labels: async () => {
      const labels = await source.labels();
      return labels && Uint8Array.from(jets, (jet) => labels[jet]);
    },
    ids: async () => {
      const ids = await source.ids?.();
      return ids && taken(ids);
    },
    close: () => source.close(),
  };
}
