import { JetError, type JetSource } from '@jetsdk/jets';

/**
 * Some of the jets of a source, as a source.
 *
 * @param range first jet and the one after the last; undefined for the file's own ends
 * @throws {JetError} OUT_OF_RANGE if the file has no such jets
 */
export function rowsOf(
  source: JetSource,
  range: readonly [start: number, stop: number | undefined] | undefined,
): JetSource {
  if (range === undefined) return source;
  const [start, stop = source.count] = range;
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
  return {
    ...source,
    count: stop - start,
    read: (from, to) => source.read(start + from, start + to),
    labels: async () => (await source.labels())?.slice(start, stop),
    ids: async () => (await source.ids?.())?.slice(start, stop),
    close: () => source.close(),
  };
}
