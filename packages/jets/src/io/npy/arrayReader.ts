/** @file Jets from NumPy arrays in memory. */
import { JetError } from '../../errors.js';
import { jetShapeOf, kindOfShape } from '../../source/jetShape.js';
import type { SliceReader } from '../../source/sliceSource.js';
import { sizeOf } from '../../tensor.js';
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
  readonly labels?: () => Uint8Array;
  readonly charge?: Int8Array;
  readonly vertex?: Int8Array;
  readonly ids?: readonly string[];
}

/**
 * Jets of an array: (n, m, 4) is constituents, any other (n, height, width[, channels]) images.
 *
 * @throws {JetError} BAD_DATASET if the shape is not that of jets; UNSUPPORTED for strings and booleans
 */
export function arrayReader(array: NpyArray, name: string, companions: Companions = {}): SliceReader {
  const kind = kindOfShape(array.shape, name);
  const jetShape = jetShapeOf(kind, array.shape, name);
  const data = asFloat32(array, name);
  const { labels, charge, vertex, ids } = companions;
  const size = sizeOf(jetShape);
  return {
    name,
    kind,
    count: array.shape[0],
    jetShape,
    hasCharge: charge !== undefined,
    hasVertex: vertex !== undefined,
    fill(start, stop, out, charges, vertices) {
      out.set(data.subarray(start * size, stop * size));
      if (charge) charges?.set(charge.subarray((start * size) / 4, (stop * size) / 4));
      if (vertex) vertices?.set(vertex.subarray((start * size) / 4, (stop * size) / 4));
    },
    ...(labels ? { labels } : {}),
    ...(ids ? { ids: () => ids } : {}),
  };
}
