/**
 * @file Shapes of values, and short lists of whole numbers that become shapes, as far as the graph alone tells them. Lengths
 * that are open count as one.
 */
import { floatsOf, int64sOf } from './initializer.js';
import type { Attribute, Initializer, Node, ValueInfo } from './model.js';

/** Numbers of a constant that are followed: shapes are short. */
export const MOST_FOLLOWED = 64;

/** What is known of a value. */
export interface Known {
  readonly shape: readonly number[];
  /** of whole numbers, and of flags as 0 and 1 */
  readonly numbers?: readonly number[] | undefined;
}

type Inputs = readonly (Known | undefined)[];

/** Undefined where the rank is open. */
export function ofInput({ shape }: ValueInfo): Known | undefined {
  return shape && { shape: shape.map((length) => (typeof length === 'number' ? length : 1)) };
}

/** Numbers of lists and single numbers: shapes are no tables. */
export function ofConstant(one: Initializer): Known {
  const short = one.external === undefined && one.dims.length < 2 && sizeOf(one.dims) <= MOST_FOLLOWED;
  return { shape: one.dims, numbers: short ? numbersOf(one) : undefined };
}

function numbersOf(one: Initializer): readonly number[] | undefined {
  switch (one.type) {
    case 'int64':
      return int64sOf(one);
    case 'int32':
      return int32sOf(one);
    case 'float32':
      return [...floatsOf(one)];
    case 'bool':
      return [...one.data];
    default:
      return undefined;
  }
}

function int32sOf({ data }: Initializer): number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true));
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** Multiplications that a node takes beside one for each number that it makes, and numbers that it needs meanwhile. */
export function workOf({ opType, attributes }: Node, inputs: Inputs, made: Known): { work: number; meanwhile: number } {
  const size = sizeOf(made.shape);
  const layer = layerWork(opType, attributes, inputs);
  if (layer !== undefined) return layer;
  const [left, right] = factorsOf(opType, inputs);
  if (left === undefined || right === undefined) return { work: size, meanwhile: 0 };
  if (opType.includes('Conv')) {
    const perOutput = sizeOf(right.slice(1));
    // a matrix of what every output sees
    const meanwhile = ((size * perOutput) / (right[0] || 1)) * intOf(attributes['group'], 1);
    return { work: size * perOutput, meanwhile };
  }
  const inner = intOf(attributes['transA'], 0) === 1 ? left[0] : left[left.length - 1];
  return { work: size * (inner ?? 1), meanwhile: 0 };
}

/** Of layers whose output does not tell. */
function layerWork(
  opType: string,
  attributes: Node['attributes'],
  [x, w, r]: Inputs,
): { work: number; meanwhile: number } | undefined {
  switch (opType) {
    case 'ConvTranspose': {
      const perInput = sizeOf(w?.shape.slice(1) ?? []);
      const work = sizeOf(x?.shape ?? []) * perInput;
      return { work, meanwhile: (work / (x?.shape[1] || 1)) * intOf(attributes['group'], 1) };
    }
    case 'Einsum':
      return { work: sizeOf([...(lettersOf(attributes, [x, w, r])?.lengths.values() ?? [])]), meanwhile: 0 };
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return {
        work: sizeOf(x?.shape.slice(0, 2) ?? []) * (sizeOf(w?.shape ?? []) + sizeOf(r?.shape ?? [])),
        meanwhile: 0,
      };
    default:
      return undefined;
  }
}

/** Shapes of the two that are multiplied. */
function factorsOf(opType: string, inputs: Inputs): readonly (readonly number[] | undefined)[] {
  switch (opType) {
    case 'Conv':
    case 'ConvInteger':
    case 'MatMul':
    case 'MatMulInteger':
    case 'Gemm':
      return [inputs[0]?.shape, inputs[1]?.shape];
    case 'QLinearConv':
    case 'QLinearMatMul':
      return [inputs[0]?.shape, inputs[3]?.shape];
    default:
      return [];
  }
}

export const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
  Equal: (a, b) => Number(a === b),
};

/** Shapes as broadcasting makes them. */
export const BROADCAST = words(
  'And Or Xor Greater GreaterOrEqual Less LessOrEqual PRelu Where Mod BitShift Sum Mean Max Min BitwiseAnd BitwiseOr BitwiseXor',
);

/** A number for each of the first input. */
export const ALIKE = words(
  `Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization BitwiseNot Ceil Celu Clip Cos Cosh CumSum DequantizeLinear
   Dropout DynamicQuantizeLinear Elu Erf Exp Floor Gelu GroupNormalization HardSigmoid HardSwish Hardmax
   InstanceNormalization IsInf IsNaN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization LRN
   MeanVarianceNormalization Mish Neg Not QuantizeLinear Reciprocal Relu RMSNormalization Round ScatterElements ScatterND
   Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Trilu`,
);

export const REDUCING = words(
  'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare',
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

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

export const intOf = (attribute: Attribute | undefined, otherwise: number): number =>
  attribute?.type === 'int' ? attribute.value : otherwise;

export const intsOf = (attribute: Attribute | undefined): readonly number[] | undefined =>
  attribute?.type === 'ints' ? attribute.value : undefined;

/** Axes may be counted from the end. */
export const from = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Of an attribute or, since operator set 13, of an input; `none` where neither is there. */
function axesOf(
  attributes: Node['attributes'],
  input: Known | undefined,
  name: string | undefined,
): readonly number[] | 'none' | undefined {
  const given = intsOf(attributes['axes']);
  if (given !== undefined) return given;
  return name === undefined || name === '' ? 'none' : input?.numbers;
}

type Axes = ReturnType<typeof axesOf>;

function reduced(shape: readonly number[], axes: Axes, attributes: Node['attributes']): number[] | undefined {
  if (axes === undefined) return undefined;
  if (axes === 'none' && intOf(attributes['noop_with_empty_axes'], 0) === 1) return [...shape];
  const gone = axes === 'none' ? undefined : new Set(axes.map((axis) => from(axis, shape.length)));
  const goes = (axis: number): boolean => gone === undefined || gone.has(axis);
  if (intOf(attributes['keepdims'], 1) === 1) return shape.map((length, axis) => (goes(axis) ? 1 : length));
  return shape.filter((_, axis) => !goes(axis));
}

/** A shape that is not known becomes NaN, which is refused above. */
const UNKNOWN = [Number.NaN];

function unsqueezed(shape: readonly number[], axes: Axes): readonly number[] {
  if (axes === undefined || axes === 'none') return UNKNOWN;
  const rank = shape.length + axes.length;
  const made = new Set(axes.map((axis) => from(axis, rank)));
  let at = 0;
  return Array.from({ length: rank }, (_, axis) => (made.has(axis) ? 1 : shape[at++]));
}

function squeezed(shape: readonly number[], axes: Axes): readonly number[] {
  if (axes === undefined) return UNKNOWN;
  if (axes === 'none') return shape.filter((length) => length !== 1);
  const gone = new Set(axes.map((axis) => from(axis, shape.length)));
  return shape.filter((_, axis) => !gone.has(axis));
}

function concat(inputs: Inputs, given: number): Known | undefined {
  const all = inputs.filter((input) => input !== undefined);
  if (all.length < inputs.length || all.length === 0) return undefined;
  const axis = from(given, all[0].shape.length);
  const length = all.reduce((sum, { shape }) => sum + (shape[axis] ?? Number.NaN), 0);
  const lists = all.map(({ numbers }) => numbers);
  const numbers = lists.every((list) => list !== undefined) ? lists.flatMap((list) => list ?? []) : undefined;
  return {
    shape: all[0].shape.with(axis, length),
    numbers: numbers !== undefined && numbers.length <= MOST_FOLLOWED ? numbers : undefined,
  };
}

function reshaped(a: Known | undefined, target: readonly number[] | undefined): Known | undefined {
  if (target === undefined || a === undefined) return undefined;
  const lengths = target.map((length, axis) => (length === 0 ? (a.shape[axis] ?? 1) : length));
  const rest = sizeOf(a.shape) / sizeOf(lengths.filter((length) => length !== -1));
  return { shape: lengths.map((length) => (length === -1 ? rest : length)), numbers: a.numbers };
}

function gathered(a: Known | undefined, indices: Known | undefined, given: number): Known | undefined {
  if (a === undefined || indices === undefined) return undefined;
  const axis = from(given, a.shape.length);
  const { numbers } = a;
  return {
    shape: [...a.shape.slice(0, axis), ...indices.shape, ...a.shape.slice(axis + 1)],
    numbers: numbers && indices.numbers?.map((at) => numbers[from(at, numbers.length)] ?? Number.NaN),
  };
}

function sliced(
  a: Known | undefined,
  inputs: Inputs,
  names: readonly string[],
  attributes: Node['attributes'],
): Known | undefined {
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map((name, i) => {
    const absent = (names[i + 1] ?? '') === '';
    return intsOf(attributes[name]) ?? (absent ? 'none' : inputs[i + 1]?.numbers);
  });
  if (a === undefined || starts === undefined || ends === undefined || axes === undefined || steps === undefined)
    return undefined;
  if (starts === 'none' || ends === 'none') return undefined;
  if (steps !== 'none' && steps.some((step) => step < 1)) return undefined;
  const shape = [...a.shape];
  let { numbers } = a;
  starts.forEach((start, i) => {
    const axis = from(axes === 'none' ? i : axes[i], shape.length);
    const step = steps === 'none' ? 1 : steps[i];
    const length = shape[axis];
    const clamp = (at: number): number => Math.min(length, Math.max(0, from(at, length)));
    const [first, last] = [clamp(start), clamp(ends[i])];
    shape[axis] = Math.max(0, Math.ceil((last - first) / step));
    numbers = numbers?.slice(first, last).filter((_, at) => at % step === 0);
  });
  return { shape, numbers };
}

function splitOf({ attributes, inputs: names, outputs }: Node, [a, b]: Inputs): readonly (Known | undefined)[] {
  if (a === undefined) return [];
  const axis = from(intOf(attributes['axis'], 0), a.shape.length);
  const even = Math.ceil(a.shape[axis] / outputs.length);
  const absent = (names[1] ?? '') === '';
  const parts = intsOf(attributes['split']) ?? (absent ? outputs.map(() => even) : b?.numbers);
  return outputs.map((_, i) => (parts === undefined ? undefined : { shape: a.shape.with(axis, parts[i]) }));
}

function product(a: Known | undefined, b: Known | undefined): Known | undefined {
  const [left, right] = [a?.shape, b?.shape];
  if (left === undefined || right === undefined || left.length === 0 || right.length === 0) return undefined;
  const outer = broadcast(left.slice(0, -2), right.slice(0, -2));
  const [rows, columns] = [left.slice(-2, -1), right.length > 1 ? right.slice(-1) : []];
  return { shape: [...outer, ...rows, ...columns] };
}

function convolved(
  x: Known | undefined,
  weights: Known | undefined,
  attributes: Node['attributes'],
): Known | undefined {
  if (x === undefined || weights === undefined || weights.shape.length !== x.shape.length) return undefined;
  const spatial = windows(x.shape.slice(2), weights.shape.slice(2), attributes);
  return { shape: [x.shape[0], weights.shape[0], ...spatial] };
}

/** What a transposed convolution makes. */
function spread(x: Known | undefined, weights: Known | undefined, attributes: Node['attributes']): Known | undefined {
  if (x === undefined || weights === undefined || weights.shape.length !== x.shape.length) return undefined;
  const [ints, more] = [(name: string) => intsOf(attributes[name]), intsOf(attributes['output_padding'])];
  const [strides, dilations, pads] = ['strides', 'dilations', 'pads'].map(ints);
  const auto = attributes['auto_pad']?.type === 'string' ? attributes['auto_pad'].value : 'NOTSET';
  const spatial = x.shape.slice(2);
  const lengths = spatial.map((length, i) => {
    const stride = strides?.[i] ?? 1;
    if (auto.startsWith('SAME')) return length * stride;
    const seen = (weights.shape[i + 2] - 1) * (dilations?.[i] ?? 1) + 1;
    const cut = (pads?.[i] ?? 0) + (pads?.[i + spatial.length] ?? 0);
    return stride * (length - 1) + (more?.[i] ?? 0) + seen - cut;
  });
  const filters = weights.shape[1] * intOf(attributes['group'], 1);
  return { shape: [x.shape[0], filters, ...(ints('output_shape') ?? lengths)] };
}

/** Lengths by the letters of `ij,jk->ik`, and those of the output; undefined where some are left open. */
export function lettersOf(
  { equation }: Node['attributes'],
  inputs: Inputs,
): { readonly lengths: ReadonlyMap<string, number>; readonly output: string } | undefined {
  if (equation?.type !== 'string' || equation.value.includes('.') || !equation.value.includes('->')) return undefined;
  const [given = '', output = ''] = equation.value.replaceAll(' ', '').split('->');
  const lengths = new Map<string, number>();
  for (const [i, letters] of given.split(',').entries())
    for (const [axis, letter] of [...letters].entries())
      lengths.set(letter, Math.max(lengths.get(letter) ?? 0, inputs[i]?.shape[axis] ?? Number.NaN));
  return { lengths, output };
}

/** How many windows there are along each axis. */
function windows(lengths: readonly number[], kernel: readonly number[], attributes: Node['attributes']): number[] {
  const strides = intsOf(attributes['strides']);
  const dilations = intsOf(attributes['dilations']);
  const pads = intsOf(attributes['pads']);
  const whole = intOf(attributes['ceil_mode'], 0) === 1 ? Math.ceil : Math.floor;
  const auto = attributes['auto_pad']?.type === 'string' ? attributes['auto_pad'].value : 'NOTSET';
  return lengths.map((length, i) => {
    const stride = strides?.[i] ?? 1;
    if (auto.startsWith('SAME')) return Math.ceil(length / stride);
    const padded = length + (pads?.[i] ?? 0) + (pads?.[i + lengths.length] ?? 0);
    const seen = (kernel[i] - 1) * (dilations?.[i] ?? 1) + 1;
    return whole((padded - seen) / stride) + 1;
  });
}

function binary(one: (a: number, b: number) => number, a: Known | undefined, b: Known | undefined): Known | undefined {
  if (a === undefined || b === undefined) return undefined;
  const shape = broadcast(a.shape, b.shape);
  const [left, right] = [a.numbers, b.numbers];
  if (left === undefined || right === undefined) return { shape };
  if (left.length !== right.length && left.length !== 1 && right.length !== 1) return { shape };
  const length = Math.max(left.length, right.length);
  const at = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i];
  return { shape, numbers: Array.from({ length }, (_, i) => one(at(left, i), at(right, i))) };
}

function broadcastAll(inputs: Inputs): readonly number[] | undefined {
  const shapes = inputs.map((input) => input?.shape);
  if (shapes.length === 0 || !shapes.every((shape) => shape !== undefined)) return undefined;
  return shapes.reduce(broadcast, []);
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1),
  );
}
