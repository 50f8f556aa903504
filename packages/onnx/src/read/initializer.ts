/** @file Constants: their shapes, and where their numbers lie. */
import { JetError, quoted } from '@jetsdk/jets';
import { TENSOR } from '../fields.js';
import { ELEMENT_TYPES, type ElementType, type ExternalPlace, type Initializer } from '../model.js';
import { type Int64, numberOf, putInt64 } from '../wire/int64.js';
import { malformed, readMessage } from '../wire/reader.js';
import type { Budget } from './budget.js';
import { Rules } from './rules.js';

/** The typed fields of a TensorProto and the element types that may use each. */
const TYPED_FIELDS = {
  floatData: ['float32'],
  int32Data: ['int32', 'int16', 'int8', 'uint16', 'uint8', 'bool', 'float16', 'bfloat16'],
  int64Data: ['int64'],
  doubleData: ['float64'],
  uint64Data: ['uint32', 'uint64'],
} as const satisfies Record<string, readonly ElementType[]>;
type TypedField = keyof typeof TYPED_FIELDS;

/** What a TensorProto says of itself. */
interface Header {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly raw: Uint8Array | undefined;
  /** typed fields that there are */
  readonly typed: readonly TypedField[];
  readonly external: ExternalPlace | undefined;
}

/**
 * Reads one TensorProto. If strict, its numbers are there and as many as its shape says; if light, they are made and
 * counted when they are asked for. They are a view on `bytes` where they are raw.
 */
export function readInitializer(bytes: Uint8Array, rules: Rules, budget: Budget): Initializer {
  budget.tensor();
  const header = readHeader(bytes, rules);
  const { name, type, dims, external } = header;
  const where = `tensor ${quoted(name)}`;
  budget.rank(where, dims.length);
  if (dims.some((length) => length < 0)) throw malformed(where, `shape [${dims}]; expected no negative length`);
  if (rules.reading === 'strict') {
    budget.constants(
      where,
      dims.reduce((size, length) => size * length, ELEMENT_TYPES[type].bytes),
    );
    return { name, type, dims, data: numbersOf(bytes, header) };
  }
  let data: Uint8Array | undefined;
  return {
    name,
    type,
    dims,
    ...(external !== undefined && { external }),
    get data() {
      data ??= numbersOf(bytes, header);
      return data;
    },
  };
}

function readHeader(bytes: Uint8Array, rules: Rules): Header {
  const dims: number[] = [];
  let code = 0;
  let name = '';
  let raw: Uint8Array | undefined;
  let elsewhere = false;
  const typed = new Set<TypedField>();
  const entries = new Map<string, string>();
  const has = (field: TypedField) => ['many', () => typed.add(field)] as const;
  readMessage(bytes, 'TensorProto', rules.reading, {
    [TENSOR.dims]: ['many', (field) => field.int64s(dims)],
    [TENSOR.dataType]: ['once', (field) => (code = field.int64())],
    [TENSOR.segment]: rules.refuse('segments are'),
    [TENSOR.floatData]: has('floatData'),
    [TENSOR.int32Data]: has('int32Data'),
    [TENSOR.stringData]: rules.refuse('text tensors are'),
    [TENSOR.int64Data]: has('int64Data'),
    [TENSOR.name]: ['once', (field) => (name = field.string())],
    [TENSOR.rawData]: ['once', (field) => (raw = field.bytes())],
    [TENSOR.doubleData]: has('doubleData'),
    [TENSOR.uint64Data]: has('uint64Data'),
    [TENSOR.docString]: rules.note,
    [TENSOR.externalData]: ['many', (field) => void entries.set(...rules.entry(field.bytes()))],
    [TENSOR.dataLocation]: ['once', (field) => (elsewhere = field.int64() !== 0)],
    [TENSOR.metadataProps]: rules.annotation,
  });
  const type = rules.elementType(code, `tensor ${quoted(name)}`);
  const external = elsewhere || (rules.reading === 'strict' && entries.size > 0) ? placeOf(entries) : undefined;
  return { name, type, dims, raw, typed: [...typed], external };
}

/** Where the numbers of a TensorProto lie; undefined where they are inside. */
export function readPlace(bytes: Uint8Array): ExternalPlace | undefined {
  return readHeader(bytes, LIGHT).external;
}

const LIGHT = new Rules('light');

function placeOf(entries: ReadonlyMap<string, string>): ExternalPlace {
  const number = (key: string): number | undefined => {
    const value = entries.get(key);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}$/.test(value))
      throw malformed('TensorProto', `external data with ${key} ${quoted(value)}; expected a whole number of bytes`);
    return Number(value);
  };
  return { location: entries.get('location') ?? '', offset: number('offset') ?? 0, length: number('length') };
}

/** @throws {JetError} as `Initializer.data` */
function numbersOf(bytes: Uint8Array, { name, type, dims, raw, typed, external }: Header): Uint8Array {
  const where = `tensor ${quoted(name)}`;
  if (external !== undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${where}: external data is not supported, its numbers lie in ${quoted(external.location)}; expected them in the model`,
      { location: external.location },
    );
  const wanted = Math.ceil(dims.reduce((size, length) => size * length, ELEMENT_TYPES[type].bytes));
  if (typed.length + (raw === undefined ? 0 : 1) > 1) throw malformed(where, 'data in two fields; expected one');
  const [field] = typed;
  const data = raw ?? (field === undefined ? new Uint8Array(0) : unpacked(bytes, where, type, field));
  if (data.length !== wanted)
    throw malformed(where, `${data.length} bytes for shape [${dims}] of ${type}; expected ${wanted}`);
  return data;
}

/** The numbers of a typed field as the raw bytes of their element type. */
function unpacked(bytes: Uint8Array, where: string, type: ElementType, field: TypedField): Uint8Array {
  const types: readonly ElementType[] = TYPED_FIELDS[field];
  if (!types.includes(type)) throw malformed(where, `${type} data in field ${TENSOR[field]}`);
  const values: Int64[] = [];
  readMessage(bytes, 'TensorProto', 'light', {
    [TENSOR[field]]: [
      'many',
      (one) => {
        if (field === 'floatData') one.floats(values as number[]);
        else if (field === 'doubleData') one.doubles(values as number[]);
        else one.exactInt64s(values);
      },
    ],
  });
  const { bytes: width } = ELEMENT_TYPES[type];
  const out = new Uint8Array(values.length * width);
  const view = new DataView(out.buffer);
  for (let i = 0; i < values.length; i++) put(view, i * width, type, values[i], where);
  return out;
}

function put(view: DataView, at: number, type: ElementType, value: Int64, where: string): void {
  const { bytes } = ELEMENT_TYPES[type];
  const number = numberOf(value);
  if (type === 'float32') view.setFloat32(at, number, true);
  else if (type === 'float64') view.setFloat64(at, number, true);
  else if (bytes === 8) putInt64(view, at, value);
  else {
    const unsigned = type.startsWith('u') || type === 'bool' || type.endsWith('float16');
    const low = unsigned ? 0 : -(2 ** (8 * bytes - 1));
    const high = type === 'bool' ? 2 : low + 2 ** (8 * bytes);
    if (!(number >= low && number < high)) throw malformed(where, `${number} in a tensor of ${type}`);
    if (bytes === 4) view.setUint32(at, number, true);
    else if (bytes === 2) view.setUint16(at, number, true);
    else view.setUint8(at, number);
  }
}
