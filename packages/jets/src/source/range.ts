/** @file Consecutive jets of a source. */
import { checkRange, requireSource } from './checks.js';
import { columnOf } from './column.js';
import type { JetSource } from './source.js';

/** (stop − start,) labels of jets [start, stop), of a source that has any. */
const labelsBetween = async (source: JetSource, start: number, stop: number): Promise<Uint8Array | undefined> =>
  source.labelsBetween === undefined ? (await source.labels())?.slice(start, stop) : source.labelsBetween(start, stop);

/**
 * Jets [start, stop) of a source, as a source; closing it closes the whole.
 *
 * @throws {JetError} OUT_OF_RANGE if the source does not have them
 */
export function rangeSource(source: JetSource, start: number, stop: number): JetSource {
  requireSource('rangeSource', source);
  const { name, kind, jetShape, classes } = source;
  checkRange(name, start, stop, source.count);
  const count = stop - start;
  const range: JetSource = {
    name,
    kind,
    jetShape,
    ...(classes && { classes }),
    count,
    read: async (from, to) => {
      checkRange(name, from, to, count);
      return source.read(start + from, start + to);
    },
    labels: () => labelsBetween(source, start, stop),
    labelsBetween: (from, to) => labelsBetween(source, start + from, start + to),
    ...(source.ids && { ids: async () => (await source.ids?.())?.slice(start, stop) }),
    ...(source.column && { column: async (column) => (await columnOf(source, column)).subarray(start, stop) }),
    share() {
      const packed = this === range ? source.share?.() : undefined;
      return packed && { ...packed, first: packed.first + start };
    },
    close: () => source.close(),
  };
  return range;
}
