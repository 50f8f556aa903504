/** @file The bytes of an ONNX file to a model in memory, strictly or lightly, and bounded in time and memory. */
import { JetError, quoted } from '@jetsdk/jets';
import { ATTRIBUTE, ATTRIBUTE_TYPE, GRAPH, MODEL, NODE, OPERATOR_SET } from '../fields.js';
import type { Attribute, Graph, Initializer, Model, Node, ValueInfo } from '../model.js';
import { type Field, malformed, type Reading, readMessage } from '../wire/reader.js';
import type { Budget } from './budget.js';
import { readInitializer } from './initializer.js';
import { inOrder } from './order.js';
import { Rules } from './rules.js';
import { readValueInfo } from './valueInfo.js';

/** Graphs inside of graphs; protobuf's own limit of 100 messages comes after about 33. */
const MOST_LEVELS = 32;

/** The fields of the main graph's lists, as they stand in the file, by what was made of them. */
export type RawFields = Map<Node | Initializer | ValueInfo, Uint8Array>;

export class ModelReader {
  private readonly reading: Reading;
  private readonly budget: Budget;
  private readonly rules: Rules;
  private readonly raw: RawFields | undefined;
  private level = 0;

  /** @param raw is filled where it is given */
  constructor(reading: Reading, budget: Budget, raw?: RawFields) {
    this.reading = reading;
    this.budget = budget;
    this.rules = new Rules(reading);
    this.raw = raw;
  }

  model(bytes: Uint8Array): Model {
    const { reading, rules } = this;
    let irVersion = 0;
    let opset: number | undefined;
    const otherOpsets = new Map<string, number>();
    let producerName = '';
    let producerVersion = '';
    let graph: Graph | undefined;
    const metadata = new Map<string, string>();
    readMessage(bytes, 'ModelProto', reading, {
      [MODEL.irVersion]: ['once', (field) => (irVersion = field.int64())],
      [MODEL.producerName]: ['once', (field) => (producerName = field.string())],
      [MODEL.producerVersion]: ['once', (field) => (producerVersion = field.string())],
      [MODEL.domain]: rules.note,
      [MODEL.modelVersion]: ['once', (field) => void field.int64()],
      [MODEL.docString]: rules.note,
      [MODEL.graph]: ['once', (field) => (graph = this.graph(field.bytes()))],
      [MODEL.opsetImport]: [
        'many',
        (field) => {
          const { domain, version } = this.operatorSet(field.bytes());
          if (domain !== undefined) otherOpsets.set(domain, version);
          else if (opset === undefined) opset = version;
          else throw malformed(field.where, 'the default operator set given twice');
        },
      ],
      [MODEL.metadataProps]: [
        'many',
        (field) => {
          const [key, value] = rules.entry(field.bytes());
          if (metadata.has(key)) throw malformed(field.where, `metadata key ${quoted(key)} given twice`);
          metadata.set(key, value);
        },
      ],
      [MODEL.trainingInfo]: rules.refuse('training information is'),
      [MODEL.functions]: rules.refuse('model-local functions are'),
      [MODEL.configuration]: rules.refuse('device configurations are'),
    });
    if (graph === undefined) throw malformed('ModelProto', 'no graph inside');
    if (opset === undefined && reading === 'strict')
      throw malformed('ModelProto', 'no operator set; expected the default one');
    return {
      irVersion,
      opset: opset ?? 0,
      ...(otherOpsets.size > 0 && { otherOpsets: Object.fromEntries(otherOpsets) }),
      producerName,
      producerVersion,
      graph,
      metadata: Object.fromEntries(metadata),
    };
  }

  private operatorSet(bytes: Uint8Array): { domain: string | undefined; version: number } {
    let domain = '';
    let version = 0;
    readMessage(bytes, 'OperatorSetIdProto', this.reading, {
      [OPERATOR_SET.domain]: ['once', (field) => (domain = field.string())],
      [OPERATOR_SET.version]: ['once', (field) => (version = field.int64())],
    });
    return { domain: otherDomain(domain), version };
  }

  private graph(bytes: Uint8Array): Graph {
    const { rules, reading } = this;
    if (++this.level > MOST_LEVELS)
      throw new JetError('LIMIT_EXCEEDED', `GraphProto: graphs inside of graphs, more than ${MOST_LEVELS} levels`);
    let name = '';
    const nodes: Node[] = [];
    const initializers: Initializer[] = [];
    const [inputs, outputs, values]: ValueInfo[][] = [[], [], []];
    const valueInto =
      (list: ValueInfo[]) =>
      (field: Field): void => {
        list.push(this.keep(field, readValueInfo(field.bytes(), rules, this.budget)));
      };
    readMessage(bytes, 'GraphProto', reading, {
      [GRAPH.node]: ['many', (field) => nodes.push(this.keep(field, this.node(field.bytes())))],
      [GRAPH.name]: ['once', (field) => (name = field.string())],
      [GRAPH.initializer]: [
        'many',
        (field) => initializers.push(this.keep(field, readInitializer(field.bytes(), rules, this.budget))),
      ],
      [GRAPH.docString]: rules.note,
      [GRAPH.input]: ['many', valueInto(inputs)],
      [GRAPH.output]: ['many', valueInto(outputs)],
      [GRAPH.valueInfo]: ['many', valueInto(values)],
      [GRAPH.quantizationAnnotation]: rules.refuse('quantization annotations are'),
      [GRAPH.sparseInitializer]: rules.refuse('sparse constants are'),
      [GRAPH.metadataProps]: rules.annotation,
    });
    this.level--;
    return inOrder({ name, inputs, outputs, values, initializers, nodes });
  }

  private keep<T extends Node | Initializer | ValueInfo>(field: Field, made: T): T {
    if (this.level === 1) this.raw?.set(made, field.raw());
    return made;
  }

  private node(bytes: Uint8Array): Node {
    this.budget.node();
    const { rules } = this;
    const inputs: string[] = [];
    const outputs: string[] = [];
    let name = '';
    let opType = '';
    let domain = '';
    const attributes = new Map<string, Attribute>();
    readMessage(bytes, 'NodeProto', this.reading, {
      [NODE.input]: ['many', (field) => inputs.push(field.string())],
      [NODE.output]: ['many', (field) => outputs.push(field.string())],
      [NODE.name]: ['once', (field) => (name = field.string())],
      [NODE.opType]: ['once', (field) => (opType = field.string())],
      [NODE.attribute]: [
        'many',
        (field) => {
          const [key, value] = this.attribute(field.bytes());
          if (attributes.has(key)) throw malformed(field.where, `attribute ${quoted(key)} given twice`);
          attributes.set(key, value);
        },
      ],
      [NODE.docString]: rules.note,
      [NODE.domain]: ['once', (field) => (domain = field.string())],
      [NODE.overload]: rules.refuse('overloads are'),
      [NODE.metadataProps]: rules.annotation,
      [NODE.deviceConfigurations]: rules.refuse('device configurations are'),
    });
    const other = otherDomain(domain);
    if (other !== undefined && this.reading === 'strict')
      throw new JetError(
        'UNSUPPORTED',
        `node ${quoted(name)} (${opType}): operator domain ${quoted(domain)}; expected the default one`,
        { domain },
      );
    return {
      name,
      opType,
      ...(other !== undefined && { domain: other }),
      inputs,
      outputs,
      attributes: Object.fromEntries(attributes),
    };
  }

  private attribute(bytes: Uint8Array): readonly [name: string, value: Attribute] {
    const { rules, reading } = this;
    let name = '';
    let type = 0;
    let float = 0;
    let int = 0;
    let string = '';
    let tensor: Initializer | undefined;
    let graph: Graph | undefined;
    const floats: number[] = [];
    const ints: number[] = [];
    const strings: string[] = [];
    const graphs: Graph[] = [];
    const given = new Set<number>();
    const value =
      (id: number, read: (field: Field) => void): ((field: Field) => void) =>
      (field) => {
        given.add(id);
        read(field);
      };
    const { refuse } = rules;
    const strict = reading === 'strict';
    readMessage(bytes, 'AttributeProto', reading, {
      [ATTRIBUTE.name]: ['once', (field) => (name = field.string())],
      [ATTRIBUTE.f]: ['once', value(ATTRIBUTE_TYPE.float, (field) => (float = field.float()))],
      [ATTRIBUTE.i]: ['once', value(ATTRIBUTE_TYPE.int, (field) => (int = field.int64()))],
      [ATTRIBUTE.s]: ['once', value(ATTRIBUTE_TYPE.string, (field) => (string = field.string()))],
      [ATTRIBUTE.t]: [
        'once',
        value(ATTRIBUTE_TYPE.tensor, (field) => (tensor = readInitializer(field.bytes(), rules, this.budget))),
      ],
      [ATTRIBUTE.g]: strict
        ? refuse('subgraphs (If, Loop, Scan) are')
        : ['once', value(ATTRIBUTE_TYPE.graph, (field) => (graph = this.graph(field.bytes())))],
      [ATTRIBUTE.floats]: ['many', value(ATTRIBUTE_TYPE.floats, (field) => field.floats(floats))],
      [ATTRIBUTE.ints]: ['many', value(ATTRIBUTE_TYPE.ints, (field) => field.int64s(ints))],
      [ATTRIBUTE.strings]: ['many', value(ATTRIBUTE_TYPE.strings, (field) => strings.push(field.string()))],
      [ATTRIBUTE.tensors]: refuse('lists of tensors are'),
      [ATTRIBUTE.graphs]: strict
        ? refuse('subgraphs (If, Loop, Scan) are')
        : ['many', value(ATTRIBUTE_TYPE.graphs, (field) => graphs.push(this.graph(field.bytes())))],
      [ATTRIBUTE.docString]: rules.note,
      [ATTRIBUTE.tp]: refuse('type attributes are'),
      [ATTRIBUTE.typeProtos]: refuse('type attributes are'),
      [ATTRIBUTE.type]: ['once', (field) => (type = field.int64())],
      [ATTRIBUTE.refAttrName]: refuse('references to attributes of functions are'),
      [ATTRIBUTE.sparseTensor]: refuse('sparse tensors are'),
      [ATTRIBUTE.sparseTensors]: refuse('sparse tensors are'),
    });
    const where = `attribute ${quoted(name)}`;
    // Files of IR version 1 say no type.
    if (!strict && type === 0 && given.size === 1) [type] = given;
    if ([...given].some((id) => id !== type)) {
      if (strict) throw malformed(where, `type ${type}, but a value of type ${[...given]}`);
      return [name, { type: 'other' }];
    }
    // A number at its default is not written in proto3, so its absence means 0.
    switch (type) {
      case ATTRIBUTE_TYPE.float:
        return [name, { type: 'float', value: float }];
      case ATTRIBUTE_TYPE.int:
        return [name, { type: 'int', value: int }];
      case ATTRIBUTE_TYPE.string:
        return [name, { type: 'string', value: string }];
      case ATTRIBUTE_TYPE.tensor:
        if (tensor === undefined) throw malformed(where, 'no tensor; expected one');
        return [name, { type: 'tensor', value: tensor }];
      case ATTRIBUTE_TYPE.floats:
        return [name, { type: 'floats', value: floats }];
      case ATTRIBUTE_TYPE.ints:
        return [name, { type: 'ints', value: ints }];
      case ATTRIBUTE_TYPE.strings:
        return [name, { type: 'strings', value: strings }];
    }
    if (strict) throw malformed(where, `type ${type}; expected 1 to 4 or 6 to 8`);
    if (graph !== undefined) return [name, { type: 'graph', value: graph }];
    if (graphs.length > 0) return [name, { type: 'graphs', value: graphs }];
    return [name, { type: 'other' }];
  }
}

/** undefined for ONNX's own operators */
function otherDomain(domain: string): string | undefined {
  return domain === '' || domain === 'ai.onnx' ? undefined : domain;
}
