/** @file Names, types and shapes of values. */
import { quoted } from '@jetsdk/jets';
import { DIMENSION, SHAPE, TENSOR_TYPE, TYPE, VALUE_INFO } from '../fields.js';
import type { Dim, ValueInfo } from '../model.js';
import { type FieldRule, malformed, readMessage } from '../wire/reader.js';
import type { Budget } from './budget.js';
import type { Rules } from './rules.js';

type Type = Omit<ValueInfo, 'name'>;

/** Reads one ValueInfoProto. */
export function readValueInfo(bytes: Uint8Array, rules: Rules, budget: Budget): ValueInfo {
  let name = '';
  let type: Type | undefined;
  readMessage(bytes, 'ValueInfoProto', rules.reading, {
    [VALUE_INFO.name]: ['once', (field) => (name = field.string())],
    [VALUE_INFO.type]: ['once', (field) => (type = readType(field.bytes(), rules, budget))],
    [VALUE_INFO.docString]: rules.note,
    [VALUE_INFO.metadataProps]: rules.annotation,
  });
  if (type !== undefined) return { name, ...type };
  if (rules.reading === 'light') return { name, type: 'unknown' };
  throw malformed(`value ${quoted(name)}`, 'no type; expected a tensor type');
}

function readType(bytes: Uint8Array, rules: Rules, budget: Budget): Type {
  let type: Type | undefined;
  const container = (of: NonNullable<Type['container']>, what: string): FieldRule =>
    rules.reading === 'strict' ? rules.refuse(what) : ['once', () => (type = { type: 'unknown', container: of })];
  readMessage(bytes, 'TypeProto', rules.reading, {
    [TYPE.tensor]: ['once', (field) => (type = readTensorType(field.bytes(), rules, budget))],
    [TYPE.sequence]: container('sequence', 'sequences are'),
    [TYPE.map]: container('map', 'maps are'),
    [TYPE.denotation]: rules.note,
    [TYPE.sparseTensor]: container('sparse tensor', 'sparse tensors are'),
    [TYPE.optional]: container('optional', 'optional values are'),
  });
  if (type !== undefined) return type;
  if (rules.reading === 'light') return { type: 'unknown' };
  throw malformed('TypeProto', 'no tensor type; expected one');
}

function readTensorType(bytes: Uint8Array, rules: Rules, budget: Budget): Type {
  let code = 0;
  let shape: Dim[] | undefined;
  readMessage(bytes, 'TypeProto.Tensor', rules.reading, {
    [TENSOR_TYPE.elemType]: ['once', (field) => (code = field.int64())],
    [TENSOR_TYPE.shape]: [
      'once',
      (field) => {
        const dims: Dim[] = [];
        readMessage(field.bytes(), 'TensorShapeProto', rules.reading, {
          [SHAPE.dim]: [
            'many',
            (dim) => {
              budget.rank('TensorShapeProto', dims.length + 1);
              dims.push(readDimension(dim.bytes(), rules));
            },
          ],
        });
        shape = dims;
      },
    ],
  });
  const type = rules.elementType(code, 'TypeProto.Tensor');
  return shape === undefined ? { type } : { type, shape };
}

function readDimension(bytes: Uint8Array, rules: Rules): Dim {
  const given: Dim[] = [];
  readMessage(bytes, 'TensorShapeProto.Dimension', rules.reading, {
    [DIMENSION.value]: ['once', (field) => given.push(field.int64())],
    [DIMENSION.param]: ['once', (field) => given.push(field.string())],
    [DIMENSION.denotation]: rules.note,
  });
  const dim = given.at(-1) ?? '';
  if (given.length > 1 && rules.reading === 'strict')
    throw malformed('TensorShapeProto.Dimension', 'both a length and a name; expected one');
  if (typeof dim === 'string' || dim >= 0) return dim;
  if (rules.reading === 'light') return '';
  throw malformed('TensorShapeProto.Dimension', `length ${dim}; expected 0 or more`);
}
