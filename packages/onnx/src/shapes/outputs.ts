/** @file What nodes make, as far as the graph alone tells. */
import { sizeOf } from '@jetsdk/jets';
import type { Node } from '../model.js';
import { concat, gathered, reduced, reshaped, sliced, splitOf, squeezed, unsqueezed } from './arrange.js';
import { axesOf, from, intOf, intsOf } from './attributes.js';
import { binary, broadcast, broadcastAll, lettersOf, product } from './combine.js';
import { ALIKE, BINARY, BROADCAST, REDUCING } from './families.js';
import { type Inputs, type Known, ofConstant } from './known.js';
import { convolved, spread, windows } from './windows.js';

/** What a node makes, one for each of its outputs; undefined where that is not followed. */
export function outputsOf(node: Node, inputs: Inputs): readonly (Known | undefined)[] {
  if (node.domain !== undefined) return [];
  if (node.opType === 'Split') return splitOf(node, inputs);
  const made = outputOf(node, inputs);
  const [, ...others] = node.outputs;
  if (made === undefined || others.every((name) => name === '')) return [made];
  switch (node.opType) {
    case 'Dropout':
    case 'MaxPool':
    case 'TopK':
      return node.outputs.map(() => ({ shape: made.shape }));
    case 'DynamicQuantizeLinear':
      return [made, { shape: [] }, { shape: [] }];
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return node.outputs.map((_, i) => (i === 0 ? made : { shape: made.shape.slice(1) }));
    default:
      return [made];
  }
}

/** The first output. */
export function outputOf(node: Node, inputs: Inputs): Known | undefined {
  const made = ruleOf(node, inputs);
  return made?.shape.every((length) => length >= 0) ? made : undefined;
}

function ruleOf({ opType, attributes, inputs: names }: Node, inputs: Inputs): Known | undefined {
  const [a, b, c, d] = inputs;
  const shaped = (shape: readonly number[] | undefined): Known | undefined => shape && { shape };
  if (opType in BINARY && names.length === 2) return binary(BINARY[opType], a, b);
  if (opType in BINARY || BROADCAST.has(opType)) return shaped(broadcastAll(inputs));
  if (ALIKE.has(opType)) return shaped(a?.shape);
  if (REDUCING.has(opType)) return shaped(a && reduced(a.shape, axesOf(attributes, b, names[1]), attributes));
  switch (opType) {
    case 'Constant': {
      const { value, value_int: int, value_float: float } = attributes;
      const ints = attributes['value_ints'] ?? attributes['value_floats'];
      if (value?.type === 'tensor') return ofConstant(value.value);
      if (int?.type === 'int') return { shape: [], numbers: [int.value] };
      if (float?.type === 'float') return { shape: [], numbers: [float.value] };
      const list = ints?.type === 'ints' || ints?.type === 'floats' ? ints.value : undefined;
      return list && { shape: [list.length], numbers: list };
    }
    case 'Identity':
    case 'Cast':
      return a;
    case 'Shape':
      return a && { shape: [a.shape.length], numbers: a.shape };
    case 'Size':
      return a && { shape: [], numbers: [sizeOf(a.shape)] };
    case 'Unsqueeze':
      return a && { shape: unsqueezed(a.shape, axesOf(attributes, b, names[1])), numbers: a.numbers };
    case 'Squeeze':
      return a && { shape: squeezed(a.shape, axesOf(attributes, b, names[1])), numbers: a.numbers };
    case 'Concat':
      return concat(inputs, intOf(attributes['axis'], 0));
    case 'Reshape':
      return reshaped(a, intsOf(attributes['shape']) ?? b?.numbers);
    case 'Flatten': {
      if (a === undefined) return undefined;
      const axis = from(intOf(attributes['axis'], 1), a.shape.length);
      return shaped([sizeOf(a.shape.slice(0, axis)), sizeOf(a.shape.slice(axis))]);
    }
    case 'Transpose': {
      const perm = intsOf(attributes['perm']);
      return shaped(a && (perm ? perm.map((axis) => a.shape[axis] ?? Number.NaN) : a.shape.toReversed()));
    }
    case 'Gather':
      return gathered(a, b, intOf(attributes['axis'], 0));
    case 'GatherElements':
      return shaped(b?.shape);
    case 'Slice':
      return sliced(a, inputs, names, attributes);
    case 'ArgMax':
    case 'ArgMin':
      return shaped(a && reduced(a.shape, [intOf(attributes['axis'], 0)], attributes));
    case 'TopK': {
      const k = attributes['k']?.type === 'int' ? attributes['k'].value : b?.numbers?.[0];
      if (a === undefined || k === undefined) return undefined;
      return shaped(a.shape.with(from(intOf(attributes['axis'], -1), a.shape.length), k));
    }
    case 'ConstantOfShape':
    case 'RandomNormal':
    case 'RandomUniform':
      return shaped(intsOf(attributes['shape']) ?? a?.numbers);
    case 'Expand':
      return shaped(b?.numbers && broadcast(a?.shape ?? [], b.numbers));
    case 'Tile':
      return shaped(b?.numbers?.map((times, axis) => times * (a?.shape[axis] ?? 1)));
    case 'Range': {
      const [first, last, step] = [a, b, c].map((one) => one?.numbers?.[0]);
      if (first === undefined || last === undefined || step === undefined) return undefined;
      return shaped([Math.max(0, Math.ceil((last - first) / step))]);
    }
    case 'OneHot':
      return b?.numbers && shaped([...(a?.shape ?? [1]), b.numbers[0]]);
    case 'Pad': {
      const pads = intsOf(attributes['pads']) ?? b?.numbers;
      const half = (pads?.length ?? 0) / 2;
      return shaped(pads?.slice(0, half).map((before, axis) => before + pads[half + axis] + (a?.shape[axis] ?? 1)));
    }
    case 'Resize':
    case 'Upsample': {
      if (d?.numbers !== undefined) return shaped(d.numbers);
      const given = attributes['scales']?.type === 'floats' ? attributes['scales'].value : undefined;
      const scales = given ?? (c ?? b)?.numbers;
      return shaped(scales?.map((scale, axis) => Math.floor(scale * (a?.shape[axis] ?? 1))));
    }
    case 'MatMul':
    case 'MatMulInteger':
      return product(a, b);
    case 'QLinearMatMul':
      return product(a, d);
    case 'Gemm': {
      if (a?.shape.length !== 2 || b?.shape.length !== 2) return undefined;
      const rows = a.shape[intOf(attributes['transA'], 0)];
      return shaped([rows, b.shape[1 - intOf(attributes['transB'], 0)]]);
    }
    case 'Conv':
    case 'ConvInteger':
      return convolved(a, b, attributes);
    case 'QLinearConv':
      return convolved(a, d, attributes);
    case 'ConvTranspose':
      return spread(a, b, attributes);
    case 'Einsum': {
      const found = lettersOf(attributes, inputs);
      return shaped(found && [...found.output].map((letter) => found.lengths.get(letter) ?? Number.NaN));
    }
    case 'LSTM':
    case 'GRU':
    case 'RNN': {
      const units = intOf(attributes['hidden_size'], Number.NaN);
      if (a?.shape.length !== 3 || b?.shape.length !== 3 || intOf(attributes['layout'], 0) !== 0) return undefined;
      return shaped([a.shape[0], b.shape[0], a.shape[1], units]);
    }
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool': {
      const kernel = intsOf(attributes['kernel_shape']);
      if (a === undefined || kernel === undefined) return undefined;
      return shaped([...a.shape.slice(0, 2), ...windows(a.shape.slice(2), kernel, attributes)]);
    }
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
    case 'GlobalLpPool':
      return shaped(a?.shape.map((length, axis) => (axis < 2 ? length : 1)));
    default:
      return undefined;
  }
}
