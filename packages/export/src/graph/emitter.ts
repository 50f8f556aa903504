import { sizeOf } from '@jetsdk/jets';
/** @file Writes the nodes of a graph, keeping track of where each value has its channels. */
import {
  type Attribute,
  floatInitializer,
  type Graph,
  type Initializer,
  int64Initializer,
  ints,
  type Node,
  type ValueInfo,
} from '@jetsdk/onnx';

/** Where the channel axis lies in memory. Values without a channel axis of their own are `last`. */
export type Layout = 'first' | 'last';

/** A tensor in the graph under construction. */
export interface Value {
  readonly name: string;
  /** of one example, channels last, whatever the layout in memory */
  readonly shape: readonly number[];
  readonly layout: Layout;
}

/** The name of the batch axis. */
export const BATCH = 'n';

/** Shape of one example as it lies in memory. */
export function physicalShape({ shape, layout }: Pick<Value, 'shape' | 'layout'>): readonly number[] {
  return layout === 'first' ? [shape[shape.length - 1], ...shape.slice(0, -1)] : shape;
}

/** The position in memory, batch axis included, of an axis of the channels-last shape of one example. */
export function physicalAxis({ shape, layout }: Pick<Value, 'shape' | 'layout'>, axis: number): number {
  if (layout === 'last') return axis + 1;
  return axis === shape.length - 1 ? 1 : axis + 2;
}

/** Collects nodes and constants under stable, unique names. */
export class Emitter {
  private readonly nodes: Node[] = [];
  private readonly constants = new Map<string, Initializer>();
  private readonly values: ValueInfo[] = [];
  private readonly inputs: ValueInfo[] = [];
  private readonly names: Set<string>;
  private readonly moved = new Map<string, Value>();
  private scope = '';

  /** @param reserved names that only graph inputs and outputs may have */
  constructor(reserved: readonly string[]) {
    this.names = new Set(reserved);
  }

  /** Names that follow begin with `scope`, the path of a layer. */
  within(scope: string): this {
    this.scope = scope;
    return this;
  }

  input(name: string, shape: readonly number[]): Value {
    this.names.add(name);
    this.inputs.push({ name, type: 'float32', shape: [BATCH, ...shape] });
    return { name, shape, layout: 'last' };
  }

  /**
   * Adds a node with one output.
   *
   * @param inputs values, names of constants, or '' for an optional input left out
   * @param out shape and layout of the output
   */
  node(
    opType: string,
    inputs: readonly (Value | string)[],
    out: Pick<Value, 'shape' | 'layout'>,
    attributes: Readonly<Record<string, Attribute>> = {},
    type: ValueInfo['type'] = 'float32',
  ): Value {
    const name = this.whole(opType, inputs, [BATCH, ...physicalShape(out)], attributes, type);
    return { name, shape: out.shape, layout: out.layout };
  }

  /**
   * Adds a node whose output has the batch axis anywhere.
   *
   * @param shape of the output, with `BATCH` for that axis
   * @returns name of the output
   */
  whole(
    opType: string,
    inputs: readonly (Value | string)[],
    shape: readonly (number | typeof BATCH)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    type: ValueInfo['type'] = 'float32',
  ): string {
    const name = this.unique(`${this.scope}/${opType}`);
    this.nodes.push({
      name,
      opType,
      inputs: inputs.map((input) => (typeof input === 'string' ? input : input.name)),
      outputs: [name],
      attributes,
    });
    this.values.push({ name, type, shape });
    return name;
  }

  /** The name of (rows, numbers) with rows in front of the batch axis; made once. */
  rowsFirst(x: Value): string {
    const key = `${x.name} rows`;
    const before = this.moved.get(key);
    if (before !== undefined) return before.name;
    const [rows, numbers] = x.shape;
    const name = this.whole('Transpose', [x], [rows, BATCH, numbers], { perm: ints([1, 0, 2]) });
    this.moved.set(key, { name, shape: x.shape, layout: 'last' });
    return name;
  }

  /** An element-wise node: the output is shaped as the first input. */
  map(
    opType: string,
    x: Value,
    rest: readonly (Value | string)[] = [],
    attributes: Record<string, Attribute> = {},
  ): Value {
    return this.node(opType, [x, ...rest], x, attributes);
  }

  /** A float32 constant of the current scope; asked for twice under one name, it is made once. */
  floats(name: string, dims: readonly number[], make: () => Float32Array): string {
    return this.constant(name, (full) => floatInitializer(full, dims, make()));
  }

  /** A scalar float32 constant. */
  scalar(name: string, value: number): string {
    return this.floats(name, [], () => Float32Array.of(value));
  }

  /** An int64 vector of the current scope. */
  int64s(name: string, values: readonly number[]): string {
    return this.constant(name, (full) => int64Initializer(full, values));
  }

  /** Reshape to a shape of one example in memory order; the batch axis stays. */
  reshape(x: Value, out: Pick<Value, 'shape' | 'layout'>): Value {
    const target = [0, ...physicalShape(out)];
    return this.node('Reshape', [x, this.int64s(`shape_${target.slice(1).join('x')}`, target)], out);
  }

  /** The same value with channels first: as it is, reshaped where no number moves, else transposed; made once. */
  channelsFirst(x: Value): Value {
    if (x.layout === 'first' || x.shape.length < 2) return x;
    return this.move(x, 'first', [0, x.shape.length, ...x.shape.slice(1).map((_, i) => i + 1)]);
  }

  /** The same value with channels last; see `channelsFirst`. */
  channelsLast(x: Value): Value {
    if (x.layout === 'last') return x;
    return this.move(x, 'last', [0, ...x.shape.slice(1).map((_, i) => i + 2), 1]);
  }

  /** The same values, all of them in the layout most of them have. */
  align(values: readonly Value[]): Value[] {
    const first = values.filter(({ layout }) => layout === 'first').length;
    return values.map((value) => (2 * first >= values.length ? this.channelsFirst(value) : this.channelsLast(value)));
  }

  private move(x: Value, layout: Layout, perm: readonly number[]): Value {
    const key = `${x.name} ${layout}`;
    const before = this.moved.get(key);
    if (before !== undefined) return before;
    const channels = x.shape[x.shape.length - 1];
    const out = { shape: x.shape, layout };
    const stays = channels === 1 || sizeOf(x.shape) === channels;
    const made = stays ? this.reshape(x, out) : this.node('Transpose', [x], out, { perm: ints(perm) });
    this.moved.set(key, made);
    this.moved.set(`${made.name} ${x.layout}`, x);
    return made;
  }

  private constant(name: string, make: (full: string) => Initializer): string {
    const full = `${this.scope}/${name}`;
    const made = this.constants.get(full) ?? make(this.unique(full));
    this.constants.set(full, made);
    return made.name;
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.names.has(name); i++) name = `${wanted}_${i}`;
    this.names.add(name);
    return name;
  }

  /** The operator whose output a value is; undefined for an input. */
  operatorOf(value: Value): string | undefined {
    return this.nodes.find(({ outputs }) => outputs[0] === value.name)?.opType;
  }

  /** @param outputs public name and value of each output */
  finish(name: string, outputs: readonly (readonly [name: string, value: Value])[]): Graph {
    const renamed = new Map<string, string>();
    const nodes = [...this.nodes];
    for (const [publicName, value] of outputs) {
      if (renamed.has(value.name) || this.inputs.some((input) => input.name === value.name))
        nodes.push({
          name: this.unique(`${publicName}/Identity`),
          opType: 'Identity',
          inputs: [value.name],
          outputs: [publicName],
          attributes: {},
        });
      else renamed.set(value.name, publicName);
    }
    const rename = (old: string): string => renamed.get(old) ?? old;
    return {
      name,
      inputs: this.inputs,
      outputs: outputs.map(([publicName, value]) => ({
        name: publicName,
        type: 'float32',
        shape: [BATCH, ...physicalShape(value)],
      })),
      values: this.values.filter((value) => !renamed.has(value.name)),
      initializers: [...this.constants.values()],
      nodes: nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(rename),
        outputs: node.outputs.map(rename),
      })),
    };
  }
}
