/** @file Jets in any order from a source that is read by slices. */
import { JetError } from '../errors.js';
import { BESIDE, type Beside, copyJets, type JetImages, type Jets, sliceJets } from '../jets.js';
import { sizeOf } from '../tensor.js';
import { checkRange, requireSource } from './checks.js';
import { columnOf } from './column.js';
import { jetsOf } from './sliceSource.js';
import type { JetSource } from './source.js';

/** Rows further apart than this are read apart. */
const MAX_GAP = 64;
const MAX_SPAN = 4096;

/**
 * Reads jets by index: in any order, also several times.
 *
 * @param indices integers in [0, source.count); not modified
 * @returns jet i of the result is jet indices[i] of the source
 * @throws {JetError} OUT_OF_RANGE for an index that the source does not have
 */
export async function takeJets(source: JetSource, indices: ArrayLike<number>): Promise<Jets | JetImages> {
  requireSource('takeJets', source);
  const { kind, jetShape } = source;
  const size = sizeOf(jetShape);
  checkIndices(source, indices);
  if (indices.length === 0) return copyJets(await source.read(0, 0));
  const order = Uint32Array.from({ length: indices.length }, (_, i) => i);
  order.sort((a, b) => indices[a] - indices[b]);
  const data = new Float32Array(order.length * size);
  const beside: { -readonly [K in keyof Beside]: Beside[K] } = {};
  for (let from = 0; from < order.length; ) {
    const start = indices[order[from]];
    let to = from + 1;
    while (to < order.length) {
      const next = indices[order[to]];
      if (next - indices[order[to - 1]] > MAX_GAP || next - start >= MAX_SPAN) break;
      to++;
    }
    const part = await source.read(start, indices[order[to - 1]] + 1);
    for (; from < to; from++) {
      const row = indices[order[from]] - start;
      data.set(part.data.subarray(row * size, (row + 1) * size), order[from] * size);
      for (const key of BESIDE) {
        const numbers = part.kind === 'constituents' ? part[key] : undefined;
        if (numbers === undefined) continue;
        beside[key] ??= new Int8Array((order.length * size) / 4);
        beside[key].set(numbers.subarray((row * size) / 4, ((row + 1) * size) / 4), (order[from] * size) / 4);
      }
    }
  }
  return jetsOf(kind, jetShape, data, beside);
}

/**
 * Jets spread evenly over a source.
 *
 * @param count jets of the source
 * @param most jets wanted; all where there are fewer
 * @returns rising indices
 */
export function spreadRows(count: number, most: number): Uint32Array {
  const step = Math.max(1, count / most);
  return Uint32Array.from({ length: Math.floor(count / step) }, (_, i) => Math.floor(i * step));
}

/** How jets are put in order. */
export interface TakeOptions {
  /**
   * memory for jets that are put in order at a time: the source is read once for each such block, else once for each
   * read; default 0
   */
  readonly blockBytes?: number;
}

/**
 * Some jets of a source, in any order, also several times, as a source; closing it closes the whole.
 *
 * @param indices jet i of the result is jet indices[i] of the source; not modified, and not to be modified
 * @throws {JetError} OUT_OF_RANGE for an index that the source does not have
 */
export function takeSource(source: JetSource, indices: Uint32Array, { blockBytes = 0 }: TakeOptions = {}): JetSource {
  requireSource('takeSource', source);
  const { name, kind, jetShape, classes } = source;
  checkIndices(source, indices);
  const rows = Math.floor(blockBytes / (4 * sizeOf(jetShape)));
  let block: { readonly start: number; readonly jets: Jets | JetImages } | undefined;
  const blockAt = async (start: number): Promise<Jets | JetImages> => {
    if (block?.start !== start) {
      // the old block is let go before the new one is read
      block = undefined;
      block = { start, jets: await takeJets(source, indices.subarray(start, start + rows)) };
    }
    return block.jets;
  };
  return {
    name,
    kind,
    count: indices.length,
    jetShape,
    ...(classes && { classes }),
    async read(start, stop) {
      checkRange(name, start, stop, indices.length);
      const first = start - (start % Math.max(1, rows));
      if (stop > first + rows) return takeJets(source, indices.subarray(start, stop));
      return copyJets(sliceJets(await blockAt(first), start - first, stop - first));
    },
    async labels() {
      const labels = await source.labels();
      return labels && Uint8Array.from(indices, (i) => labels[i]);
    },
    ...(source.ids && {
      async ids() {
        const all = await source.ids?.();
        return all && Array.from(indices, (i) => all[i]);
      },
    }),
    ...(source.column && {
      async column(wanted) {
        const values = await columnOf(source, wanted);
        return Float64Array.from(indices, (i) => values[i]);
      },
    }),
    close: () => source.close(),
  };
}

function checkIndices({ name, count }: JetSource, indices: ArrayLike<number>): void {
  for (let i = 0; i < indices.length; i++)
    if (!(Number.isInteger(indices[i]) && indices[i] >= 0 && indices[i] < count))
      throw new JetError('OUT_OF_RANGE', `${name}: jet ${indices[i]}; expected 0 to ${count - 1}`, {
        index: indices[i],
        count,
      });
}
