/** @file Jets in any order from a source that is read by slices. */
import { JetError } from '../errors.js';
import type { JetImages, JetSource, Jets } from '../jets.js';

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
  const { kind, count, jetShape } = source;
  const size = jetShape.reduce((a, b) => a * b, 1);
  const order = Uint32Array.from({ length: indices.length }, (_, i) => i);
  for (const i of order)
    if (!(Number.isInteger(indices[i]) && indices[i] >= 0 && indices[i] < count))
      throw new JetError('OUT_OF_RANGE', `${source.name}: jet ${indices[i]}; expected 0 to ${count - 1}`, {
        index: indices[i],
        count,
      });
  order.sort((a, b) => indices[a] - indices[b]);
  const data = new Float32Array(order.length * size);
  let charge: Int8Array | undefined;
  for (let from = 0; from < order.length; ) {
    const start = indices[order[from]];
    let to = from + 1;
    while (to < order.length) {
      const next = indices[order[to]];
      if (next - indices[order[to - 1]] > MAX_GAP || next - start >= MAX_SPAN) break;
      to++;
    }
    const part = await source.read(start, indices[order[to - 1]] + 1);
    const charges = part.kind === 'constituents' ? part.charge : undefined;
    if (charges) charge ??= new Int8Array((order.length * size) / 4);
    for (; from < to; from++) {
      const row = indices[order[from]] - start;
      data.set(part.data.subarray(row * size, (row + 1) * size), order[from] * size);
      if (charges) charge?.set(charges.subarray((row * size) / 4, ((row + 1) * size) / 4), (order[from] * size) / 4);
    }
  }
  if (kind === 'images') return { kind, shape: [order.length, jetShape[0], jetShape[1], jetShape[2]], data };
  return { kind, shape: [order.length, jetShape[0], 4], data, ...(charge ? { charge } : {}) };
}
