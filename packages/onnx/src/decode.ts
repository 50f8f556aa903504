/** @file The bytes of an ONNX file to model data: strict, and bounded in time and memory. */
import { JetError } from '@jetsdk/jets';
import { atMost, Budget, type DecodeLimits } from './budget.js';
import { checkModel } from './check.js';
import { decodeTensor } from './decodeTensor.js';
import { ANNOTATION, bad, elementType, keyAndValue, NOTE, refuse } from './fields.js';
import type { Attribute, Dim, Graph, Model, Node, Tensor, ValueInfo } from './model.js';
import { type FieldReader, readMessage } from './wire.js';

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
  const budget = new Budget(limits);
  atMost('ONNX file', 'bytes', bytes.length, budget.limits.bytes);
  if (bytes.length === 0) throw new JetError('BAD_FILE', 'ONNX file: 0 bytes; expected a model', { bytes: 0 });
  const model = new ModelReader(budget).model(bytes);
  checkModel(model);
  return model;
}

class ModelReader {
  private readonly budget: Budget;

  constructor(budget: Budget) {
    this.budget = budget;
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
      5: ['many', (field) => initializers.push(decodeTensor(field.bytes(), this.budget))],
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
    this.budget.node();
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
      5: ['once', value(4, (field) => (tensor = decodeTensor(field.bytes(), this.budget)))],
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
    this.budget.rank('TensorShapeProto', axis + 1);
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
