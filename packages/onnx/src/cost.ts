/**
 * @file What a graph takes whatever it is given: arrays whose size stands in the file, and loops that nothing stops.
 *
 * A file of 600 bytes can ask for arrays of any size, which a runtime makes when it opens the file. This looks at the graph
 * alone, follows whole numbers and shapes as far as they are constant, and knows nothing of what depends on the jets.
 */
import { JetError, quoted } from '@jetsdk/jets';
import { floatsOf, int64sOf } from './initializer.js';
import type { Graph, Initializer, Node, ValueInfo } from './model.js';

/** Numbers in all arrays whose size the file sets: 1 GiB of float32. */
const MOST_NUMBERS = 2 ** 28;
/** Rounds of all loops that run to their end, those inside of others multiplied. */
const MOST_ROUNDS = 1e6;
/** Numbers of a constant that are followed: shapes are short. */
const MOST_FOLLOWED = 64;

/** What is known of a value. */
interface Known {
  readonly shape: readonly number[] | undefined;
  /** of whole numbers, and of flags as 0 and 1 */
  readonly numbers: readonly number[] | undefined;
}

type Values = ReadonlyMap<string, Known>;

/** @throws {JetError} LIMIT_EXCEEDED */
export function checkCost(graph: Graph): void {
  new Cost().graph(graph, new Map(), 1);
}

class Cost {
  private numbers = 0;
  private rounds = 0;

  graph(graph: Graph, outer: Values, repeats: number): Values {
    const known = new Map(outer);
    for (const input of graph.inputs) known.set(input.name, ofInput(input));
    for (const one of graph.initializers) known.set(one.name, ofConstant(one));
    for (const node of graph.nodes) this.node(node, known, repeats);
    return known;
  }

  private node(node: Node, known: Map<string, Known>, repeats: number): void {
    const inputs = node.inputs.map((name) => known.get(name));
    const made = node.domain === undefined ? outputOf(node, inputs) : undefined;
    if (made !== undefined) known.set(node.outputs[0], made);
    const size = sizeOf(made?.shape);
    // what is no larger than an input costs no more than the file does
    const given = inputs.reduce((most, input) => Math.max(most, sizeOf(input?.shape)), MOST_FOLLOWED);
    if (size > given) {
      this.numbers += size;
      if (!(this.numbers <= MOST_NUMBERS))
        throw new JetError(
          'LIMIT_EXCEEDED',
          `node ${quoted(node.name || node.opType)}: an array of ${size} numbers, whatever the model is given; expected at most ${MOST_NUMBERS} in all such arrays`,
          { numbers: this.numbers, limit: MOST_NUMBERS },
        );
    }
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.type !== 'graph') continue;
      const rounds = node.opType === 'Loop' ? roundsOf(attribute.value, inputs) : 1;
      if (node.opType === 'Loop') this.loop(node, repeats * rounds);
      this.graph(attribute.value, known, repeats * rounds);
    }
  }

  private loop(node: Node, rounds: number): void {
    this.rounds += rounds;
    if (this.rounds > MOST_ROUNDS)
      throw new JetError(
        'LIMIT_EXCEEDED',
        `node ${quoted(node.name || node.opType)}: a loop of ${rounds} rounds that nothing stops; expected at most ${MOST_ROUNDS} in all loops`,
        { rounds: this.rounds, limit: MOST_ROUNDS },
      );
  }
}

/** How often a loop runs where its condition cannot stop it; 1 where it can. */
function roundsOf(body: Graph, [trips, condition]: readonly (Known | undefined)[]): number {
  const makers = new Map(body.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  let name = body.outputs[0]?.name ?? '';
  let maker = makers.get(name);
  // at most as often as there are nodes: identities of each other would never end
  for (let left = body.nodes.length; left > 0 && maker?.opType === 'Identity'; left--) {
    [name] = maker.inputs;
    maker = makers.get(name);
  }
  const constant = body.initializers.find((one) => one.name === name);
  const fixed = constant ? ofConstant(constant) : maker && outputOf(maker, []);
  const passedOn = name === body.inputs[1]?.name;
  const endless = passedOn ? condition?.numbers?.[0] !== 0 : fixed?.numbers !== undefined && fixed.numbers[0] !== 0;
  if (!endless) return 1;
  return Math.max(1, trips?.numbers?.[0] ?? (trips === undefined ? Number.POSITIVE_INFINITY : 1));
}

function ofInput({ shape }: ValueInfo): Known {
  const fixed = shape?.every((length) => typeof length === 'number') ? (shape as readonly number[]) : undefined;
  return { shape: fixed, numbers: undefined };
}

/** Numbers of lists and single numbers: shapes are no tables. */
function ofConstant(one: Initializer): Known {
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

/** 0 where it is not known. */
function sizeOf(shape: readonly number[] | undefined): number {
  return shape === undefined ? 0 : shape.reduce((product, length) => product * length, 1);
}

const ELEMENTWISE: Readonly<Record<string, ((a: number, b: number) => number) | undefined>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
  And: undefined,
  Or: undefined,
  Xor: undefined,
  Equal: undefined,
  Greater: undefined,
  Less: undefined,
  PRelu: undefined,
};

function outputOf(node: Node, inputs: readonly (Known | undefined)[]): Known | undefined {
  const { opType, attributes } = node;
  const [a, b, c, d] = inputs;
  const shaped = (shape: readonly number[] | undefined): Known | undefined => shape && { shape, numbers: undefined };
  if (opType in ELEMENTWISE) return elementwise(ELEMENTWISE[opType], a, b);
  switch (opType) {
    case 'Constant': {
      const { value, value_int: int, value_ints: ints } = attributes;
      if (value?.type === 'tensor') return ofConstant(value.value);
      if (int?.type === 'int') return { shape: [], numbers: [int.value] };
      return ints?.type === 'ints' ? { shape: [ints.value.length], numbers: ints.value } : undefined;
    }
    case 'Identity':
    case 'Cast':
    case 'Neg':
    case 'Relu':
    case 'Abs':
      return a && { shape: a.shape, numbers: opType === 'Identity' || opType === 'Cast' ? a.numbers : undefined };
    case 'Shape':
      return a?.shape && { shape: [a.shape.length], numbers: a.shape };
    case 'Size':
      return a?.shape && { shape: [], numbers: [sizeOf(a.shape)] };
    case 'Unsqueeze':
    case 'Squeeze':
      // of the lists that become shapes, the numbers matter alone
      return a?.numbers && { shape: [a.numbers.length], numbers: a.numbers };
    case 'Concat': {
      const lists = inputs.map((input) => input?.numbers);
      const numbers = lists.every((list) => list !== undefined) ? lists.flatMap((list) => list ?? []) : undefined;
      return numbers && numbers.length <= MOST_FOLLOWED ? { shape: [numbers.length], numbers } : undefined;
    }
    case 'Reshape': {
      const size = sizeOf(a?.shape);
      const target = b?.numbers;
      if (target === undefined || a?.shape === undefined) return undefined;
      const lengths = target.map((length, axis) => (length === 0 ? (a.shape?.[axis] ?? 1) : length));
      const rest = size / sizeOf(lengths.filter((length) => length !== -1));
      return { shape: lengths.map((length) => (length === -1 ? rest : length)), numbers: a.numbers };
    }
    case 'ConstantOfShape':
    case 'RandomNormal':
    case 'RandomUniform':
      return shaped(attributes['shape']?.type === 'ints' ? attributes['shape'].value : a?.numbers);
    case 'Expand':
      return shaped(b?.numbers && broadcast(a?.shape ?? [], b.numbers));
    case 'Tile':
      return shaped(b?.numbers?.map((times, axis) => times * (a?.shape?.[axis] ?? 1)));
    case 'Range': {
      const [from, to, step] = [a, b, c].map((one) => one?.numbers?.[0]);
      if (from === undefined || to === undefined || step === undefined) return undefined;
      return shaped([Math.max(0, Math.ceil((to - from) / step))]);
    }
    case 'OneHot':
      return b?.numbers && shaped([...(a?.shape ?? [1]), b.numbers[0]]);
    case 'Pad': {
      const pads = attributes['pads']?.type === 'ints' ? attributes['pads'].value : b?.numbers;
      const half = (pads?.length ?? 0) / 2;
      return shaped(pads?.slice(0, half).map((before, axis) => before + pads[half + axis] + (a?.shape?.[axis] ?? 1)));
    }
    case 'Resize':
    case 'Upsample': {
      if (d?.numbers !== undefined) return shaped(d.numbers);
      const given = attributes['scales']?.type === 'floats' ? attributes['scales'].value : undefined;
      const scales = given ?? (c ?? b)?.numbers;
      return shaped(scales?.map((scale, axis) => Math.floor(scale * (a?.shape?.[axis] ?? 1))));
    }
    case 'MatMul': {
      const [left, right] = [a?.shape, b?.shape];
      if (left === undefined || right === undefined || left.length < 2 || right.length < 2) return undefined;
      const outer = broadcast(left.slice(0, -2), right.slice(0, -2));
      return shaped([...outer, left[left.length - 2], right[right.length - 1]]);
    }
    default:
      return undefined;
  }
}

function elementwise(
  one: ((a: number, b: number) => number) | undefined,
  a: Known | undefined,
  b: Known | undefined,
): Known | undefined {
  if (a?.shape === undefined || b?.shape === undefined) return undefined;
  const shape = broadcast(a.shape, b.shape);
  const [left, right] = [a.numbers, b.numbers];
  if (one === undefined || left === undefined || right === undefined) return { shape, numbers: undefined };
  if (left.length !== right.length && left.length !== 1 && right.length !== 1) return { shape, numbers: undefined };
  const length = Math.max(left.length, right.length);
  const at = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i];
  return { shape, numbers: Array.from({ length }, (_, i) => one(at(left, i), at(right, i))) };
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1),
  );
}
