import { JetError } from '@jetsdk/jets';
import type { Budget } from './budget.js';
import { ANNOTATION, bad, elementType, NOTE, refuse } from './fields.js';
import { ELEMENT_TYPES, type ElementType, type Tensor } from './model.js';
import { readMessage } from './wire.js';

/** The typed fields of a TensorProto, by number, and the element types that may use each. */
const TYPED_FIELDS: Readonly<Record<number, readonly ElementType[]>> = {
  4: ['float32'],
  5: ['int32', 'int16', 'int8', 'uint16', 'uint8', 'bool', 'float16'],
  7: ['int64'],
  10: ['float64'],
  11: ['uint32', 'uint64'],
};

/** Reads one TensorProto; its numbers are a view on `bytes` where they are raw. */
export function decodeTensor(bytes: Uint8Array, budget: Budget): Tensor {
  budget.tensor();
  const dims: number[] = [];
  let code = 0;
  let name = '';
  let raw: Uint8Array | undefined;
  let location = 0;
  const typed: { readonly field: number; readonly values: number[] }[] = [];
  const into = (field: number): number[] => {
    const last = typed.at(-1);
    if (last?.field === field) return last.values;
    const values: number[] = [];
    typed.push({ field, values });
    return values;
  };
  readMessage(bytes, 'TensorProto', {
    1: ['many', (field) => field.int64s(dims)],
    2: ['once', (field) => (code = field.int64())],
    3: refuse('segments are'),
    4: ['many', (field) => field.float32s(into(4))],
    5: ['many', (field) => field.int64s(into(5))],
    6: refuse('text tensors are'),
    7: ['many', (field) => field.int64s(into(7))],
    8: ['once', (field) => (name = field.string())],
    9: ['once', (field) => (raw = field.bytes())],
    10: ['many', (field) => field.float64s(into(10))],
    11: ['many', (field) => field.int64s(into(11))],
    12: NOTE,
    13: refuse('external data is'),
    14: ['once', (field) => (location = field.int64())],
    16: ANNOTATION,
  });
  const where = `tensor ${JSON.stringify(name)}`;
  if (location !== 0) throw new JetError('UNSUPPORTED', `${where}: external data is not supported`, { location });
  const type = elementType(code, where);
  const wanted = tensorSize(where, dims, budget) * ELEMENT_TYPES[type].bytes;
  budget.constants(where, wanted);
  if (typed.length + (raw === undefined ? 0 : 1) > 1) throw bad(where, 'data in two fields; expected one');
  const data =
    raw ?? (typed.length === 0 ? new Uint8Array(0) : packTyped(where, type, typed[0].field, typed[0].values));
  if (data.length !== wanted)
    throw bad(where, `${data.length} bytes for shape [${dims}] of ${type}; expected ${wanted}`, {
      bytes: data.length,
      expected: wanted,
    });
  return { name, type, dims, data };
}

/** Number of elements; `dims` may be anything. */
function tensorSize(where: string, dims: readonly number[], budget: Budget): number {
  budget.rank(where, dims.length);
  let size = 1;
  for (const dim of dims) {
    if (dim < 0) throw bad(where, `shape [${dims}]; expected no negative length`, { dims });
    size *= dim;
    if (size > budget.limits.tensorBytes)
      throw new JetError(
        'LIMIT_EXCEEDED',
        `${where}: shape [${dims}]; expected at most ${budget.limits.tensorBytes} bytes`,
        {
          dims,
        },
      );
  }
  return size;
}

/** Numbers of a typed field as the raw bytes of their element type. */
function packTyped(where: string, type: ElementType, field: number, values: readonly number[]): Uint8Array {
  if (!TYPED_FIELDS[field].includes(type)) throw bad(where, `${type} data in field ${field}`, { type, field });
  const { bytes } = ELEMENT_TYPES[type];
  const out = new Uint8Array(values.length * bytes);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => {
    const at = i * bytes;
    if (type === 'float32') view.setFloat32(at, value, true);
    else if (type === 'float64') view.setFloat64(at, value, true);
    else if (bytes === 8) view.setBigInt64(at, BigInt(value), true);
    else {
      const unsigned = type.startsWith('u') || type === 'bool' || type === 'float16';
      const low = unsigned ? 0 : -(2 ** (8 * bytes - 1));
      const high = type === 'bool' ? 2 : low + 2 ** (8 * bytes);
      if (value < low || value >= high) throw bad(where, `${value} in a tensor of ${type}`, { value });
      if (bytes === 4) view.setUint32(at, value, true);
      else if (bytes === 2) view.setUint16(at, value, true);
      else view.setUint8(at, value);
    }
  });
  return out;
}
