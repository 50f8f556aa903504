/** @file The bytes of an ONNX file to model data: strict, and bounded in time and memory. */
import { JetError } from '@jetsdk/jets';
import { checkModel } from './check.js';
import {
  type Attribute,
  type Dim,
  ELEMENT_TYPES,
  type ElementType,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from './model.js';
import { type FieldReader, type FieldRule, readMessage } from './wire.js';

/** Bounds set against hostile files. */
export interface DecodeLimits {
  /** bytes of the file */
  readonly bytes: number;
  readonly nodes: number;
  readonly tensors: number;
  /** axes of one tensor */
  readonly rank: number;
  /** bytes of all constants together, as they lie in memory */
  readonly tensorBytes: number;
}

const DEFAULT_LIMITS: DecodeLimits = {
  bytes: 2 ** 31 - 1,
  nodes: 100_000,
  tensors: 100_000,
  rank: 8,
  tensorBytes: 2 ** 31 - 1,
};

/**
 * Decodes an ONNX file and checks that it is a model that can run: names resolve, nodes are in order, constants are
 * as long as their shapes say. Constants are views on `bytes` where they can be.
 *
 * @param bytes the whole file; not modified, and to be left unchanged while the model is in use
 * @throws {JetError} BAD_FILE if the bytes are not such a model, UNSUPPORTED if they use what this reader does not take
 * (external data, subgraphs, other operator sets, unknown fields), LIMIT_EXCEEDED if they are larger than `limits`
 * @see https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export function decodeModel(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Model {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  atMost('ONNX file', 'bytes', bytes.length, bounds.bytes);
  if (bytes.length === 0) throw new JetError('BAD_FILE', 'ONNX file: 0 bytes; expected a model', { bytes: 0 });
  const model = new ModelReader(bounds).model(bytes);
  checkModel(model);
  return model;
}

function atMost(where: string, what: string, got: number, limit: number): void {
  if (got > limit)
    throw new JetError('LIMIT_EXCEEDED', `${where}: ${got} ${what}; expected at most ${limit}`, { got, limit });
}

function bad(where: string, problem: string, details: Readonly<Record<string, unknown>> = {}): JetError {
  return new JetError('BAD_FILE', `${where}: ${problem}`, details);
}

function refuse(what: string): FieldRule {
  return [
    'many',
    (field) => {
      throw new JetError('UNSUPPORTED', `${field.where}: ${what} not supported`, { what });
    },
  ];
}

/** Texts for people and annotations that change no result: their form is checked, their content dropped. */
const NOTE: FieldRule = ['once', (field) => void field.string()];
const ANNOTATION: FieldRule = ['many', (field) => void keyAndValue(field.bytes())];

function keyAndValue(bytes: Uint8Array): readonly [key: string, value: string] {
  let key = '';
  let value = '';
  readMessage(bytes, 'StringStringEntryProto', {
    1: ['once', (field) => (key = field.string())],
    2: ['once', (field) => (value = field.string())],
  });
  return [key, value];
}

function elementType(code: number, where: string): ElementType {
  for (const name of Object.keys(ELEMENT_TYPES) as ElementType[]) if (ELEMENT_TYPES[name].code === code) return name;
  throw new JetError(
    'UNSUPPORTED',
    `${where}: element type ${code}; expected one of ${Object.values(ELEMENT_TYPES)
      .map((type) => type.code)
      .join(', ')}`,
    { code },
  );
}

/** The typed fields of a TensorProto, by number, and the element types that may use each. */
const TYPED_FIELDS: Readonly<Record<number, readonly ElementType[]>> = {
  4: ['float32'],
  5: ['int32', 'int16', 'int8', 'uint16', 'uint8', 'bool', 'float16'],
  7: ['int64'],
  10: ['float64'],
  11: ['uint32', 'uint64'],
};

class ModelReader {
  private nodes = 0;
  private tensors = 0;
  private tensorBytes = 0;
  private readonly limits: DecodeLimits;

  constructor(limits: DecodeLimits) {
    this.limits = limits;
  }

  model(bytes: Uint8Array): Model {
    let irVersion = 0;
    let opset: number | undefined;
    let producerName = '';
    let producerVersion = '';
    let graph: Graph | undefined;
    const metadata: Record<string, string> = Object.create(null);
    readMessage(bytes, 'ModelProto', {
      1: ['once', (field) => (irVersion = field.int64())],
      2: ['once', (field) => (producerName = field.string())],
      3: ['once', (field) => (producerVersion = field.string())],
      4: NOTE,
      5: ['once', (field) => void field.int64()],
      6: NOTE,
      7: ['once', (field) => (graph = this.graph(field.bytes()))],
      8: [
        'many',
        (field) => {
          if (opset !== undefined) throw bad(field.where, 'a second operator set; expected only the default one');
          opset = this.opset(field.bytes());
        },
      ],
      14: [
        'many',
        (field) => {
          const [key, value] = keyAndValue(field.bytes());
          if (key in metadata) throw bad(field.where, `metadata key ${JSON.stringify(key)} given twice`, { key });
          metadata[key] = value;
        },
      ],
      20: refuse('training information is'),
      25: refuse('model-local functions are'),
      26: refuse('device configurations are'),
    });
    if (graph === undefined) throw bad('ModelProto', 'no graph; expected one');
    if (opset === undefined) throw bad('ModelProto', 'no operator set; expected the default one');
    return { irVersion, opset, producerName, producerVersion, graph, metadata: { ...metadata } };
  }

  private opset(bytes: Uint8Array): number {
    let domain = '';
    let version = 0;
    readMessage(bytes, 'OperatorSetIdProto', {
      1: ['once', (field) => (domain = field.string())],
      2: ['once', (field) => (version = field.int64())],
    });
    this.domain(domain, 'OperatorSetIdProto');
    return version;
  }

  private domain(domain: string, where: string): void {
    if (domain !== '' && domain !== 'ai.onnx')
      throw new JetError(
        'UNSUPPORTED',
        `${where}: operator domain ${JSON.stringify(domain)}; expected the default one`,
        { domain },
      );
  }

  private graph(bytes: Uint8Array): Graph {
    let name = '';
    const nodes: Node[] = [];
    const initializers: Tensor[] = [];
    const inputs: ValueInfo[] = [];
    const outputs: ValueInfo[] = [];
    const values: ValueInfo[] = [];
    readMessage(bytes, 'GraphProto', {
      1: ['many', (field) => nodes.push(this.node(field.bytes()))],
      2: ['once', (field) => (name = field.string())],
      5: ['many', (field) => initializers.push(this.tensor(field.bytes()))],
      10: NOTE,
      11: ['many', (field) => inputs.push(this.valueInfo(field.bytes()))],
      12: ['many', (field) => outputs.push(this.valueInfo(field.bytes()))],
      13: ['many', (field) => values.push(this.valueInfo(field.bytes()))],
      14: refuse('quantization annotations are'),
      15: refuse('sparse constants are'),
      16: ANNOTATION,
    });
    return { name, inputs, outputs, values, initializers, nodes };
  }

  private node(bytes: Uint8Array): Node {
    atMost('GraphProto', 'nodes', ++this.nodes, this.limits.nodes);
    const inputs: string[] = [];
    const outputs: string[] = [];
    let name = '';
    let opType = '';
    let domain = '';
    const attributes: Record<string, Attribute> = Object.create(null);
    readMessage(bytes, 'NodeProto', {
      1: ['many', (field) => inputs.push(field.string())],
      2: ['many', (field) => outputs.push(field.string())],
      3: ['once', (field) => (name = field.string())],
      4: ['once', (field) => (opType = field.string())],
      5: [
        'many',
        (field) => {
          const [key, value] = this.attribute(field.bytes());
          if (key in attributes) throw bad(field.where, `attribute ${JSON.stringify(key)} given twice`, { key });
          attributes[key] = value;
        },
      ],
      6: NOTE,
      7: ['once', (field) => (domain = field.string())],
      8: refuse('overloads are'),
      9: ANNOTATION,
      10: refuse('device configurations are'),
    });
    this.domain(domain, `node ${JSON.stringify(name)} (${opType})`);
    return { name, opType, inputs, outputs, attributes: { ...attributes } };
  }

  private attribute(bytes: Uint8Array): readonly [name: string, value: Attribute] {
    let name = '';
    let type = 0;
    let float: number | undefined;
    let int: number | undefined;
    let string: string | undefined;
    let tensor: Tensor | undefined;
    const floats: number[] = [];
    const ints: number[] = [];
    const strings: string[] = [];
    const given = new Set<number>();
    const value =
      (id: number, read: (field: FieldReader) => void): ((field: FieldReader) => void) =>
      (field) => {
        given.add(id);
        read(field);
      };
    readMessage(bytes, 'AttributeProto', {
      1: ['once', (field) => (name = field.string())],
      2: ['once', value(1, (field) => (float = field.float()))],
      3: ['once', value(2, (field) => (int = field.int64()))],
      4: ['once', value(3, (field) => (string = field.string()))],
      5: ['once', value(4, (field) => (tensor = this.tensor(field.bytes())))],
      6: refuse('subgraphs (If, Loop, Scan) are'),
      7: ['many', value(6, (field) => field.float32s(floats))],
      8: ['many', value(7, (field) => field.int64s(ints))],
      9: ['many', value(8, (field) => strings.push(field.string()))],
      10: refuse('lists of tensors are'),
      11: refuse('subgraphs (If, Loop, Scan) are'),
      13: NOTE,
      14: refuse('type attributes are'),
      15: refuse('type attributes are'),
      20: ['once', (field) => (type = field.int64())],
      21: refuse('references to attributes of functions are'),
      22: refuse('sparse tensors are'),
      23: refuse('sparse tensors are'),
    });
    const where = `attribute ${JSON.stringify(name)}`;
    if ([...given].some((id) => id !== type)) throw bad(where, `type ${type}, but a value of type ${[...given]}`);
    // A number at its default is not written in proto3, so its absence means 0.
    switch (type) {
      case 1:
        return [name, { type: 'float', value: float ?? 0 }];
      case 2:
        return [name, { type: 'int', value: int ?? 0 }];
      case 3:
        return [name, { type: 'string', value: string ?? '' }];
      case 4:
        if (tensor === undefined) throw bad(where, 'no tensor; expected one');
        return [name, { type: 'tensor', value: tensor }];
      case 6:
        return [name, { type: 'floats', value: floats }];
      case 7:
        return [name, { type: 'ints', value: ints }];
      case 8:
        return [name, { type: 'strings', value: strings }];
      default:
        throw bad(where, `type ${type}; expected 1 to 4 or 6 to 8`, { type });
    }
  }

  private tensor(bytes: Uint8Array): Tensor {
    atMost('GraphProto', 'tensors', ++this.tensors, this.limits.tensors);
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
    const wanted = this.tensorSize(where, dims) * ELEMENT_TYPES[type].bytes;
    this.tensorBytes += wanted;
    atMost(where, 'bytes of constants', this.tensorBytes, this.limits.tensorBytes);
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
  private tensorSize(where: string, dims: readonly number[]): number {
    atMost(where, 'axes', dims.length, this.limits.rank);
    let size = 1;
    for (const dim of dims) {
      if (dim < 0) throw bad(where, `shape [${dims}]; expected no negative length`, { dims });
      size *= dim;
      if (size > this.limits.tensorBytes)
        throw new JetError(
          'LIMIT_EXCEEDED',
          `${where}: shape [${dims}]; expected at most ${this.limits.tensorBytes} bytes`,
          {
            dims,
          },
        );
    }
    return size;
  }

  private valueInfo(bytes: Uint8Array): ValueInfo {
    let name = '';
    let info: Omit<ValueInfo, 'name'> | undefined;
    readMessage(bytes, 'ValueInfoProto', {
      1: ['once', (field) => (name = field.string())],
      2: ['once', (field) => (info = this.type(field.bytes()))],
      3: NOTE,
      4: ANNOTATION,
    });
    if (info === undefined) throw bad(`value ${JSON.stringify(name)}`, 'no type; expected a tensor type');
    return { name, ...info };
  }

  private type(bytes: Uint8Array): Omit<ValueInfo, 'name'> {
    let found: Omit<ValueInfo, 'name'> | undefined;
    readMessage(bytes, 'TypeProto', {
      1: ['once', (field) => (found = this.tensorType(field.bytes()))],
      4: refuse('sequences are'),
      5: refuse('maps are'),
      6: NOTE,
      8: refuse('sparse tensors are'),
      9: refuse('optional values are'),
    });
    if (found === undefined) throw bad('TypeProto', 'no tensor type; expected one');
    return found;
  }

  private tensorType(bytes: Uint8Array): Omit<ValueInfo, 'name'> {
    let code = 0;
    let shape: Dim[] | undefined;
    readMessage(bytes, 'TypeProto.Tensor', {
      1: ['once', (field) => (code = field.int64())],
      2: [
        'once',
        (field) => {
          const dims: Dim[] = [];
          readMessage(field.bytes(), 'TensorShapeProto', {
            1: ['many', (dim) => dims.push(this.dimension(dim.bytes(), dims.length))],
          });
          shape = dims;
        },
      ],
    });
    const type = elementType(code, 'TypeProto.Tensor');
    return shape === undefined ? { type } : { type, shape };
  }

  private dimension(bytes: Uint8Array, axis: number): Dim {
    atMost('TensorShapeProto', 'axes', axis + 1, this.limits.rank);
    let dim: Dim = '';
    let given = 0;
    readMessage(bytes, 'TensorShapeProto.Dimension', {
      1: [
        'once',
        (field) => {
          given++;
          dim = field.int64();
        },
      ],
      2: [
        'once',
        (field) => {
          given++;
          dim = field.string();
        },
      ],
      3: NOTE,
    });
    if (given > 1) throw bad('TensorShapeProto.Dimension', 'both a length and a name; expected one');
    if (typeof dim === 'number' && dim < 0)
      throw bad('TensorShapeProto.Dimension', `length ${dim}; expected 0 or more`, { dim });
    return dim;
  }
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
