/** @file Jets of which nothing but the jets is told. */
import { checkBeside } from './checks.js';
import type { JetSource } from './source.js';

/**
 * The jets of a source under other names, without labels, classes and columns; closing it closes the whole.
 *
 * @param ids (source.count,)
 * @throws {JetError} SHAPE_MISMATCH if there are not as many ids as jets
 */
export function anonymousSource(source: JetSource, ids: readonly string[]): JetSource {
  const { name, kind, count, jetShape } = source;
  checkBeside(name, count, 'ids', ids.length);
  return {
    name,
    kind,
    count,
    jetShape,
    read: (start, stop) => source.read(start, stop),
    labels: async () => undefined,
    ids: async () => ids,
    close: () => source.close(),
  };
}
