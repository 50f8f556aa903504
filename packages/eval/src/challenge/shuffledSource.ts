/** @file A dataset in another order, without its labels. */
import { type JetImages, type JetSource, type Jets, sliceJets } from '@jetsdk/jets';
import { takeJets } from '@jetsdk/jets/files';

/**
 * The jets of a source in another order and under other ids; labels and classes do not come along.
 *
 * @param source not closed with the result
 * @param order jet i of the result is jet order[i] of the source; not modified
 * @param ids (order.length,)
 * @param blockBytes memory for jets put in order at a time: the source is read once for each such block
 */
export function shuffledSource(
  source: JetSource,
  order: Uint32Array,
  ids: readonly string[],
  blockBytes: number,
): JetSource {
  const { name, kind, jetShape } = source;
  const rows = Math.max(1, Math.floor(blockBytes / jetShape.reduce((a, b) => a * b, 4)));
  let block: { readonly start: number; readonly jets: Jets | JetImages } | undefined;
  const blockAt = async (start: number): Promise<Jets | JetImages> => {
    if (block?.start !== start) {
      // the old block is let go before the new one is read
      block = undefined;
      block = { start, jets: await takeJets(source, order.subarray(start, start + rows)) };
    }
    return block.jets;
  };
  return {
    name,
    kind,
    count: order.length,
    jetShape,
    labels: async () => undefined,
    ids: async () => ids,
    close() {},
    async read(start, stop) {
      const first = start - (start % rows);
      if (stop > first + rows) return takeJets(source, order.subarray(start, stop));
      const part = sliceJets(await blockAt(first), start - first, stop - first);
      return { ...part, data: part.data.slice() };
    },
  };
}
