/** @file Jets from NumPy arrays in memory. */
import { JetError } from '../../errors.js';
import { jetShapeOf, kindOfShape } from '../../source/jetShape.js';
import { sliceSource } from '../../source/sliceSource.js';
import type { JetSource } from '../../source/source.js';
import { isNumberType } from '../bytes/numbers.js';
import { LABEL_NAMES, labelsOf } from '../values.js';
import type { NpyArray } from './npy.js';

/** The numbers of an array as float32. */
function asFloat32({ dtype, data }: NpyArray, name: string): Float32Array {
  if (dtype === 'string' || dtype === 'bytes' || dtype === 'bool')
    throw new JetError(
      'UNSUPPORTED',
      `${name}: elements of type ${dtype}; expected numbers; save with astype(numpy.float32)`,
      {
        dtype,
      },
    );
  if (data instanceof Float32Array) return data;
  const numbers = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) numbers[i] = Number(data[i]);
  return numbers;
}

/** What may come with the jets of an array. */
interface Companions {
  readonly labels?: Uint8Array;
  readonly charge?: Int8Array;
  readonly ids?: readonly string[];
}

/**
 * Jets of an array: (n, m, 4) is constituents, any other (n, height, width[, channels]) images.
 *
 * @throws {JetError} BAD_DATASET if the shape is not that of jets; UNSUPPORTED for strings and booleans
 */
export function arraySource(array: NpyArray, name: string, companions: Companions = {}): JetSource {
  const kind = kindOfShape(array.shape, name);
  const jetShape = jetShapeOf(kind, array.shape, name);
  const data = asFloat32(array, name);
  const { labels, charge, ids } = companions;
  const size = jetShape.reduce((a, b) => a * b, 1);
  return sliceSource({
    name,
    kind,
    count: array.shape[0],
    jetShape,
    hasCharge: charge !== undefined,
    fill(start, stop, out, charges) {
      out.set(data.subarray(start * size, stop * size));
      if (charge) charges?.set(charge.subarray((start * size) / 4, (stop * size) / 4));
    },
    ...(labels ? { labels: () => labels.slice() } : {}),
    ...(ids ? { ids: () => ids } : {}),
    close() {},
  });
}

/**
 * Jets of a `.npz` archive: `constituents` or `images` (or the only array of such a shape), with `labels`, `charge`
 * and `ids` where they are there.
 *
 * @throws {JetError} BAD_DATASET if there are no jets or several sets of them; SHAPE_MISMATCH if the lengths differ
 */
export function npzSource(arrays: ReadonlyMap<string, NpyArray>, name: string): JetSource {
  const jets = [...arrays].filter(
    ([, { shape, dtype }]) => (shape.length === 3 || shape.length === 4) && isNumberType(dtype),
  );
  const named = jets.filter(([key]) => key === 'constituents' || key === 'images');
  const candidates = named.length > 0 ? named : jets;
  if (candidates.length !== 1) {
    const found = [...arrays].map(([key, { dtype, shape }]) => `${key} ${dtype} (${shape.join(', ')})`);
    throw new JetError(
      'BAD_DATASET',
      `${name}: ${candidates.length} sets of jets among ${found.slice(0, 8).join('; ') || 'no array'}; expected one array constituents (n, m, 4) or images (n, height, width[, channels])`,
      { arrays: found },
    );
  }
  const [[key, array]] = candidates;
  const count = array.shape[0];
  const beside = (names: readonly string[], shape: readonly number[]): NpyArray | undefined => {
    const other = names.find((one) => arrays.has(one));
    const found = other === undefined ? undefined : arrays.get(other);
    if (found && (found.data.length !== shape.reduce((a, b) => a * b, 1) || found.shape[0] !== count))
      throw new JetError(
        'SHAPE_MISMATCH',
        `${name}: ${other} has shape (${found.shape.join(', ')}); expected (${shape.join(', ')}) beside ${key} of ${count} jets`,
        { shape: found.shape, expected: shape },
      );
    return found;
  };
  const labels = beside(LABEL_NAMES, [count]);
  const charge = key === 'images' ? undefined : beside(['charge'], array.shape.slice(0, 2));
  const ids = beside(['ids'], [count]);
  if (charge && charge.dtype !== 'int8')
    throw new JetError(
      'UNSUPPORTED',
      `${name}: charge is ${charge.dtype}; expected int8; save with astype(numpy.int8)`,
      { dtype: charge.dtype },
    );
  return arraySource(array, name, {
    ...(labels ? { labels: labelsOf(labels, `${name}: labels`) } : {}),
    ...(charge ? { charge: charge.data } : {}),
    ...(ids?.dtype === 'string' || ids?.dtype === 'bytes' ? { ids: ids.data } : {}),
  });
}
