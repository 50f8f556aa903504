/** @file Writes the arithmetic of a recipe as ONNX nodes on arrays of (jets, constituents). */
import {
  type Attribute,
  floatInitializer,
  type Initializer,
  int,
  int64Initializer,
  ints,
  type Node,
} from '@jetsdk/onnx';

/** The name of a value; (n, m) unless said otherwise. */
export type Cell = string;

/** One jet as `Jets` gives it and the steps change it; where `real` is false, `pt` is 0. */
export interface Constituents {
  readonly pt: Cell;
  readonly eta: Cell;
  readonly phi: Cell;
  readonly energy: Cell;
  /** bool */
  readonly real: Cell;
}

export class Scribe {
  readonly nodes: Node[] = [];
  readonly constants: Initializer[] = [];
  private readonly known = new Map<string, Cell>();
  private readonly prefix: string;
  private step = '';

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Names that follow begin with the name of a step. */
  begin(step: string): void {
    this.step = step;
  }

  op(opType: string, inputs: readonly Cell[], attributes: Readonly<Record<string, Attribute>> = {}): Cell {
    const name = `${this.prefix}/${this.step}/${opType}_${this.nodes.length}`;
    this.nodes.push({ name, opType, inputs, outputs: [name], attributes });
    return name;
  }

  number(value: number): Cell {
    return this.constant(`number ${Math.fround(value)}`, (name) => floatInitializer(name, [], Float32Array.of(value)));
  }

  floats(dims: readonly number[], values: Float32Array): Cell {
    return this.constant(`floats ${this.constants.length}`, (name) => floatInitializer(name, dims, values));
  }

  integers(values: readonly number[], dims: readonly number[] = [values.length]): Cell {
    return this.constant(`integers ${dims} ${values}`, (name) => int64Initializer(name, values, dims));
  }

  private constant(key: string, make: (name: string) => Initializer): Cell {
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const tensor = make(`${this.prefix}/constant_${this.constants.length}`);
    this.constants.push(tensor);
    this.known.set(key, tensor.name);
    return tensor.name;
  }

  add = (a: Cell, b: Cell): Cell => this.op('Add', [a, b]);
  sub = (a: Cell, b: Cell): Cell => this.op('Sub', [a, b]);
  mul = (a: Cell, b: Cell): Cell => this.op('Mul', [a, b]);
  div = (a: Cell, b: Cell): Cell => this.op('Div', [a, b]);
  where = (condition: Cell, a: Cell, b: Cell): Cell => this.op('Where', [condition, a, b]);
  greater = (a: Cell, b: Cell): Cell => this.op('Greater', [a, b]);
  and = (a: Cell, b: Cell): Cell => this.op('And', [a, b]);

  /** Sum over the constituents, (n, 1). */
  sum(x: Cell): Cell {
    return this.op('ReduceSum', [x, this.integers([1])], { keepdims: int(1) });
  }

  /** √(a² + b²). */
  length(a: Cell, b: Cell): Cell {
    return this.op('Sqrt', [this.add(this.mul(a, a), this.mul(b, b))]);
  }

  /** x where it is above 0, else 1: what it divides is 0 there anyway. */
  divisor(x: Cell): Cell {
    return this.where(this.greater(x, this.number(0)), x, this.number(1));
  }

  /** asinh(pz / pt). */
  pseudorapidity(pz: Cell, pt: Cell): Cell {
    const slope = this.div(pz, pt);
    const size = this.op('Abs', [slope]);
    const root = this.op('Sqrt', [this.add(this.mul(size, size), this.number(1))]);
    return this.mul(this.op('Sign', [slope]), this.op('Log', [this.add(size, root)]));
  }

  /** The angle of (px, py) from the x axis, radians; 0 where both are 0. ONNX has no atan2. */
  azimuth(py: Cell, px: Cell): Cell {
    const zero = this.number(0);
    const steep = this.greater(this.op('Abs', [py]), this.op('Abs', [px]));
    const below = this.op('Where', [steep, py, px]);
    const ratio = this.div(
      this.where(steep, px, py),
      this.where(this.op('Equal', [below, zero]), this.number(1), below),
    );
    const angle = this.op('Atan', [ratio]);
    const down = this.op('Less', [py, zero]);
    const quarter = this.where(down, this.number(-Math.PI / 2), this.number(Math.PI / 2));
    const half = this.where(down, this.number(-Math.PI), this.number(Math.PI));
    const behind = this.where(this.op('Less', [px, zero]), half, zero);
    return this.where(steep, this.sub(quarter, angle), this.add(angle, behind));
  }

  /** An angle moved by whole turns into [−π, π]. */
  wrapAngle(angle: Cell): Cell {
    const turns = this.op('Round', [this.mul(angle, this.number(1 / (2 * Math.PI)))]);
    return this.sub(angle, this.mul(turns, this.number(2 * Math.PI)));
  }

  /** Index of the first largest number, (n, 1). */
  argMax(x: Cell): Cell {
    return this.op('ArgMax', [x], { axis: int(1), keepdims: int(1), select_last_index: int(0) });
  }

  /** The numbers at `index`, (n, 1). */
  pick(x: Cell, index: Cell): Cell {
    return this.op('GatherElements', [x, index], { axis: int(1) });
  }

  /** Largest number over the constituents, (n, 1). */
  max(x: Cell): Cell {
    return this.op('ReduceMax', [x], { axes: ints([1]), keepdims: int(1) });
  }
}
