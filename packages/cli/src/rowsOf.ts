import { counted, JetError, type JetSource, rangeSource } from '@jetsdk/jets';

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
  const [start, stop = source.count] = range;
  if (start >= stop || stop > source.count)
    throw new JetError(
      'OUT_OF_RANGE',
      `${source.name}: rows ${start}:${stop} of ${counted(source.count, 'jet')}; expected 0 ≤ START < STOP ≤ ${source.count}`,
      { start, stop, count: source.count },
    );
  return rangeSource(source, start, stop);
}
