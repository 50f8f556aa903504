/** @file Jets in memory as a source. */
import { JetError } from '../errors.js';
import { copyJets, type JetImages, type Jets, requireJets, sliceJets } from '../jets.js';
import { quoted } from '../quoted.js';
import { checkBeside, checkRange } from './checks.js';
import type { JetSource } from './source.js';

/** What may come with jets in memory. */
export interface MemorySourceOptions {
  /** (jets,) numbers of the classes */
  readonly labels?: Uint8Array;
  /** (jets,) names of the jets */
  readonly ids?: readonly string[];
  /** index = label */
  readonly classes?: readonly string[];
  /** (jets,) each */
  readonly columns?: Readonly<Record<string, ArrayLike<number>>>;
  /** for messages */
  readonly name?: string;
}

/**
 * Jets in memory as a source.
 *
 * @param all not modified; each read copies
 * @throws {JetError} SHAPE_MISMATCH if there are not as many labels, ids or numbers of a column as jets
 */
export function memorySource(
  all: Jets | JetImages,
  { labels, ids, classes, columns = {}, name = 'memory' }: MemorySourceOptions = {},
): JetSource {
  requireJets('memorySource', all);
  const count = all.shape[0];
  for (const [what, beside] of Object.entries({ ...columns, labels, ids }))
    checkBeside(name, count, what, beside?.length);
  return {
    name,
    kind: all.kind,
    count,
    jetShape: all.shape.slice(1),
    ...(classes && { classes }),
    async read(start, stop) {
      checkRange(name, start, stop, count);
      return copyJets(sliceJets(all, start, stop));
    },
    labels: async () => labels?.slice(),
    ...(ids && { ids: async () => ids }),
    async column(column) {
      if (Object.hasOwn(columns, column)) return Float64Array.from(columns[column]);
      throw new JetError(
        'BAD_DATASET',
        `${name}: no column ${quoted(column)}; it has ${Object.keys(columns).join(', ') || 'none'}`,
        { column },
      );
    },
    close() {},
  };
}
