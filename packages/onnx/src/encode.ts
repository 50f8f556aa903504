/** @file Model data to the bytes of an ONNX file; field numbers are those of onnx.proto. */
import {
  type Attribute,
  ELEMENT_TYPES,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from './model.js';
import { MessageWriter } from './wire.js';

/**
 * Encodes a model. The same model gives the same bytes.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function encodeModel(model: Model): Uint8Array {
  const out = new MessageWriter()
    .int64(1, model.irVersion)
    .string(2, model.producerName)
    .string(3, model.producerVersion)
    .message(7, graph(model.graph))
    .message(8, new MessageWriter().string(1, '').int64(2, model.opset));
  for (const key of Object.keys(model.metadata).sort())
    out.message(14, new MessageWriter().string(1, key).string(2, model.metadata[key]));
  return out.finish();
}

function graph(value: Graph): MessageWriter {
  const out = new MessageWriter();
  for (const one of value.nodes) out.message(1, node(one));
  out.string(2, value.name);
  for (const one of value.initializers) out.message(5, tensor(one));
  for (const one of value.inputs) out.message(11, valueInfo(one));
  for (const one of value.outputs) out.message(12, valueInfo(one));
  for (const one of value.values) out.message(13, valueInfo(one));
  return out;
}

function node(value: Node): MessageWriter {
  const out = new MessageWriter();
  for (const name of value.inputs) out.string(1, name);
  for (const name of value.outputs) out.string(2, name);
  out.string(3, value.name).string(4, value.opType);
  for (const name of Object.keys(value.attributes).sort()) out.message(5, attribute(name, value.attributes[name]));
  return out;
}

function attribute(name: string, value: Attribute): MessageWriter {
  const out = new MessageWriter().string(1, name);
  switch (value.type) {
    case 'float':
      return out.float(2, value.value).int64(20, 1);
    case 'int':
      return out.int64(3, value.value).int64(20, 2);
    case 'string':
      return out.string(4, value.value).int64(20, 3);
    case 'tensor':
      return out.message(5, tensor(value.value)).int64(20, 4);
    case 'floats':
      return out.floats(7, value.value).int64(20, 6);
    case 'ints':
      return out.int64s(8, value.value).int64(20, 7);
    case 'strings':
      for (const one of value.value) out.string(9, one);
      return out.int64(20, 8);
  }
}

function tensor(value: Tensor): MessageWriter {
  return new MessageWriter()
    .int64s(1, value.dims)
    .int64(2, ELEMENT_TYPES[value.type].code)
    .string(8, value.name)
    .bytes(9, value.data);
}

function valueInfo(value: ValueInfo): MessageWriter {
  const tensorType = new MessageWriter().int64(1, ELEMENT_TYPES[value.type].code);
  if (value.shape !== undefined) {
    const shape = new MessageWriter();
    for (const dim of value.shape)
      shape.message(
        1,
        typeof dim === 'number' ? new MessageWriter().int64(1, dim) : new MessageWriter().string(2, dim),
      );
    tensorType.message(2, shape);
  }
  return new MessageWriter().string(1, value.name).message(2, new MessageWriter().message(1, tensorType));
}
