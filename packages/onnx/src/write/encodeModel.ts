/** @file A model in memory to the bytes of an ONNX file. */
import { JetError, quoted } from '@jetsdk/jets';
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIMENSION,
  ENTRY,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from '../fields.js';
import {
  type Attribute,
  ELEMENT_TYPES,
  type Graph,
  type Initializer,
  type Model,
  type Node,
  type ValueInfo,
} from '../model.js';
import { MessageWriter } from '../wire/writer.js';

/**
 * Encodes a model. The same model gives the same bytes.
 *
 * @throws {JetError} UNSUPPORTED for a node with graphs inside, or attributes that were not understood when it was read
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function encodeModel(model: Model): Uint8Array {
  const out = new MessageWriter()
    .int64(MODEL.irVersion, model.irVersion)
    .string(MODEL.producerName, model.producerName)
    .string(MODEL.producerVersion, model.producerVersion)
    .message(MODEL.graph, graph(model.graph))
    .message(MODEL.opsetImport, operatorSet('', model.opset));
  for (const [domain, version] of Object.entries(model.otherOpsets ?? {}))
    out.message(MODEL.opsetImport, operatorSet(domain, version));
  for (const key of Object.keys(model.metadata).sort())
    out.message(MODEL.metadataProps, encodeEntry(key, model.metadata[key]));
  return out.finish();
}

export const encodeEntry = (key: string, value: string): MessageWriter =>
  new MessageWriter().string(ENTRY.key, key).string(ENTRY.value, value);

const operatorSet = (domain: string, version: number): MessageWriter =>
  new MessageWriter().string(OPERATOR_SET.domain, domain).int64(OPERATOR_SET.version, version);

function graph(value: Graph): MessageWriter {
  const out = new MessageWriter();
  for (const one of value.nodes) out.message(GRAPH.node, encodeNode(one));
  out.string(GRAPH.name, value.name);
  for (const one of value.initializers) out.message(GRAPH.initializer, encodeInitializer(one));
  for (const one of value.inputs) out.message(GRAPH.input, encodeValueInfo(one));
  for (const one of value.outputs) out.message(GRAPH.output, encodeValueInfo(one));
  for (const one of value.values) out.message(GRAPH.valueInfo, encodeValueInfo(one));
  return out;
}

export function encodeNode(value: Node): MessageWriter {
  const out = new MessageWriter();
  for (const name of value.inputs) out.string(NODE.input, name);
  for (const name of value.outputs) out.string(NODE.output, name);
  out.string(NODE.name, value.name).string(NODE.opType, value.opType);
  for (const name of Object.keys(value.attributes).sort())
    out.message(NODE.attribute, attribute(name, value.attributes[name]));
  if (value.domain !== undefined) out.string(NODE.domain, value.domain);
  return out;
}

function attribute(name: string, value: Attribute): MessageWriter {
  const out = new MessageWriter().string(ATTRIBUTE.name, name);
  switch (value.type) {
    case 'float':
      out.float(ATTRIBUTE.f, value.value);
      break;
    case 'int':
      out.int64(ATTRIBUTE.i, value.value);
      break;
    case 'string':
      out.string(ATTRIBUTE.s, value.value);
      break;
    case 'tensor':
      out.message(ATTRIBUTE.t, encodeInitializer(value.value));
      break;
    case 'floats':
      out.floats(ATTRIBUTE.floats, value.value);
      break;
    case 'ints':
      out.int64s(ATTRIBUTE.ints, value.value);
      break;
    case 'strings':
      for (const one of value.value) out.string(ATTRIBUTE.strings, one);
      break;
    default:
      throw new JetError('UNSUPPORTED', `attribute ${quoted(name)}: of a kind that is read only; expected none`, {
        name,
      });
  }
  return out.int64(ATTRIBUTE.type, ATTRIBUTE_TYPE[value.type]);
}

export function encodeInitializer(value: Initializer): MessageWriter {
  return new MessageWriter()
    .int64s(TENSOR.dims, value.dims)
    .int64(TENSOR.dataType, ELEMENT_TYPES[value.type].code)
    .string(TENSOR.name, value.name)
    .bytes(TENSOR.rawData, value.data);
}

export function encodeValueInfo(value: ValueInfo): MessageWriter {
  const tensorType = new MessageWriter().int64(TENSOR_TYPE.elemType, ELEMENT_TYPES[value.type].code);
  if (value.shape !== undefined) {
    const shape = new MessageWriter();
    for (const dim of value.shape)
      shape.message(
        SHAPE.dim,
        typeof dim === 'number'
          ? new MessageWriter().int64(DIMENSION.value, dim)
          : new MessageWriter().string(DIMENSION.param, dim),
      );
    tensorType.message(TENSOR_TYPE.shape, shape);
  }
  return new MessageWriter()
    .string(VALUE_INFO.name, value.name)
    .message(VALUE_INFO.type, new MessageWriter().message(TYPE.tensor, tensorType));
}
