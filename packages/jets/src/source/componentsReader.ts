/** @file Constituents in other coordinates, read as E, px, py, pz. */
import { JetError } from '../errors.js';
import { sizeOf } from '../tensor.js';
import type { Component } from './components.js';
import { isPadding, type Padding } from './padding.js';
import type { SliceReader } from './sliceSource.js';

/**
 * A reader of arrays (n, m, k) whose k numbers are `components`, as one of (n, m, 4): E, px, py, pz in GeV. Without E
 * and m, constituents are massless.
 *
 * @param padding of the numbers as the file has them; such constituents become zero
 * @throws {JetError} SHAPE_MISMATCH if there are not as many numbers
 */
export function componentsReader(
  reader: SliceReader,
  components: readonly Component[],
  unit: 'GeV' | 'MeV' = 'GeV',
  padding?: Padding,
): SliceReader {
  const { name, kind, jetShape, fill, share: _, ...rest } = reader;
  const [constituents, length, channels = 1] = jetShape;
  if ((kind === 'images' && channels !== 1) || length !== components.length)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: shape (${[reader.count, ...jetShape].join(', ')}) and ${components.length} components, ${components.join(',')}; expected (jets, constituents, ${components.length})`,
      { shape: jetShape, components },
    );
  const scale = unit === 'MeV' ? 1e-3 : 1;
  const at = (one: Component): number => components.indexOf(one);
  const [E, m, px, py, pz, pt, eta, phi] = (['E', 'm', 'px', 'py', 'pz', 'pt', 'eta', 'phi'] as const).map(at);
  const padded = padding === undefined ? undefined : isPadding(padding);
  return {
    ...rest,
    name,
    kind: 'constituents',
    jetShape: [constituents, 4],
    async fill(start, stop, out, charge, vertex) {
      const numbers = new Float32Array((stop - start) * sizeOf([constituents, length]));
      await fill(start, stop, numbers, charge, vertex);
      for (let from = 0, to = 0; from < numbers.length; from += length, to += 4) {
        if (padded && numbers.subarray(from, from + length).every(padded)) continue;
        const value = (index: number): number => numbers[from + index];
        const x = px < 0 ? value(pt) * Math.cos(value(phi)) : value(px);
        const y = px < 0 ? value(pt) * Math.sin(value(phi)) : value(py);
        const z = px < 0 ? value(pt) * Math.sinh(value(eta)) : value(pz);
        const mass = m < 0 ? 0 : value(m);
        out[to] = scale * (E < 0 ? Math.sqrt(x * x + y * y + z * z + mass * mass) : value(E));
        out[to + 1] = scale * x;
        out[to + 2] = scale * y;
        out[to + 3] = scale * z;
      }
    },
  };
}
