/** @file Arithmetic as plain data: computed here in float64, written by `export` as operators of the same names. */
import type { LayerWeight } from './artifacts.js';
import { JetError } from './errors.js';
import { sizeOf, type Tensor } from './tensor.js';

/**
 * Of two values; one with a single column, or a constant with a single row, serves all. `GreaterOrEqual` gives 1 where it
 * holds and 0 elsewhere.
 */
export type FormulaPair = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min' | 'GreaterOrEqual';

/** One step; its value has a row per example, and is called by its place in the list. Names are ONNX's. */
export type FormulaStep =
  | { readonly op: 'Input'; readonly name: string; readonly columns: number }
  | { readonly op: 'Constant'; readonly name: string }
  | { readonly op: FormulaPair; readonly of: readonly [number, number] }
  | { readonly op: 'Exp' | 'Log' | 'ReduceSum'; readonly of: readonly [number] }
  /** the second is a constant */
  | { readonly op: 'MatMul'; readonly of: readonly [number, number] }
  | { readonly op: 'Concat'; readonly of: readonly number[] }
  | { readonly op: 'Slice'; readonly of: readonly [number]; readonly start: number; readonly stop: number };

/** An output: a value whose columns are shown in a shape. */
export interface FormulaOutput {
  readonly name: string;
  readonly value: number;
  /** of one example */
  readonly shape: readonly number[];
}

/** From named inputs to named outputs, row by row. */
export interface Formula {
  readonly steps: readonly FormulaStep[];
  readonly outputs: readonly FormulaOutput[];
  /** (rows, columns) each; a single row serves all examples */
  readonly constants: readonly LayerWeight[];
}

/** Writes a formula; every method gives the number of its value. */
export class FormulaWriter {
  private readonly steps: FormulaStep[] = [];
  private readonly constants: LayerWeight[] = [];
  private readonly outputs: FormulaOutput[] = [];

  input = (name: string, columns: number): number => this.put({ op: 'Input', name, columns });
  pair = (op: FormulaPair, a: number, b: number): number => this.put({ op, of: [a, b] });
  exp = (a: number): number => this.put({ op: 'Exp', of: [a] });
  log = (a: number): number => this.put({ op: 'Log', of: [a] });
  sum = (a: number): number => this.put({ op: 'ReduceSum', of: [a] });
  concat = (...of: readonly number[]): number => this.put({ op: 'Concat', of });
  slice = (a: number, start: number, stop: number): number => this.put({ op: 'Slice', of: [a], start, stop });
  multiply = (a: number, matrix: number): number => this.put({ op: 'MatMul', of: [a, matrix] });

  /** @param columns of a matrix; default: one row */
  constant(data: ArrayLike<number>, columns = data.length): number {
    const name = `constant_${this.constants.length}`;
    this.constants.push({ name, shape: [data.length / columns, columns], data: Float32Array.from(data) });
    return this.put({ op: 'Constant', name });
  }

  output(name: string, value: number, shape: readonly number[]): void {
    this.outputs.push({ name, value, shape });
  }

  finish(): Formula {
    return { steps: this.steps, outputs: this.outputs, constants: this.constants };
  }

  private put(step: FormulaStep): number {
    this.steps.push(step);
    return this.steps.length - 1;
  }
}

/** A value while it is computed. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

const PAIRS: Readonly<Record<FormulaPair, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  GreaterOrEqual: (a, b) => (a >= b ? 1 : 0),
};

/**
 * Computes a formula in float64.
 *
 * @param inputs (rows, …) each, not modified
 * @returns by name, (rows, …shape)
 * @throws {JetError} BAD_ARGUMENT for an input that is missing; SHAPE_MISMATCH for one of another size
 */
export function computeFormula(
  { steps, outputs, constants }: Formula,
  inputs: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const weights = new Map(constants.map((one) => [one.name, one]));
  const values: Matrix[] = [];
  for (const step of steps) values.push(computed(step, values, weights, inputs));
  return Object.fromEntries(
    outputs.map(({ name, value, shape }) => [
      name,
      { shape: [values[value].rows, ...shape], data: Float32Array.from(values[value].data) },
    ]),
  );
}

function computed(
  step: FormulaStep,
  values: readonly Matrix[],
  weights: ReadonlyMap<string, LayerWeight>,
  inputs: Readonly<Record<string, Tensor>>,
): Matrix {
  switch (step.op) {
    case 'Input':
      return inputOf(step.name, step.columns, inputs);
    case 'Constant': {
      const { shape, data } = weights.get(step.name)!;
      return { rows: shape[0], columns: shape[1], data: Float64Array.from(data) };
    }
    case 'Exp':
    case 'Log': {
      const a = values[step.of[0]];
      return { ...a, data: a.data.map(step.op === 'Exp' ? Math.exp : Math.log) };
    }
    case 'ReduceSum': {
      const { rows, columns, data } = values[step.of[0]];
      const sums = new Float64Array(rows);
      for (let i = 0; i < data.length; i++) sums[Math.floor(i / columns)] += data[i];
      return { rows, columns: 1, data: sums };
    }
    case 'Slice':
      return columnsOf([values[step.of[0]]], step.start, step.stop);
    case 'Concat': {
      const parts = step.of.map((one) => values[one]);
      return columnsOf(
        parts,
        0,
        parts.reduce((sum, { columns }) => sum + columns, 0),
      );
    }
    case 'MatMul':
      return product(values[step.of[0]], values[step.of[1]]);
    default:
      return paired(values[step.of[0]], values[step.of[1]], PAIRS[step.op]);
  }
}

function inputOf(name: string, columns: number, inputs: Readonly<Record<string, Tensor>>): Matrix {
  const input = inputs[name];
  if (input === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `formula: inputs ${Object.keys(inputs).join(', ') || 'none'}; expected one named ${name}`,
      { missing: name },
    );
  const rows = input.shape[0];
  if (sizeOf(input.shape) !== rows * columns || input.data.length !== rows * columns)
    throw new JetError(
      'SHAPE_MISMATCH',
      `formula: input ${name} of shape (${input.shape.join(', ')}) with ${input.data.length} numbers; expected (rows, ${columns})`,
      { name, shape: input.shape, columns },
    );
  return { rows, columns, data: Float64Array.from(input.data) };
}

function columnsOf(parts: readonly Matrix[], start: number, stop: number): Matrix {
  const [{ rows }] = parts;
  const width = stop - start;
  const data = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let at = 0;
    for (const { columns, data: from } of parts)
      for (let j = 0; j < columns; j++, at++)
        if (at >= start && at < stop) data[row * width + at - start] = from[row * columns + j];
  }
  return { rows, columns: width, data };
}

function product(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.rows * b.columns);
  for (let row = 0; row < a.rows; row++)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[row * a.columns + k];
      if (factor === 0) continue;
      const [to, from] = [row * b.columns, k * b.columns];
      for (let j = 0; j < b.columns; j++) data[to + j] += factor * b.data[from + j];
    }
  return { rows: a.rows, columns: b.columns, data };
}

function paired(a: Matrix, b: Matrix, apply: (a: number, b: number) => number): Matrix {
  const rows = Math.max(a.rows, b.rows);
  const columns = Math.max(a.columns, b.columns);
  const data = new Float64Array(rows * columns);
  const [rowA, rowB] = [a.rows === 1 ? 0 : a.columns, b.rows === 1 ? 0 : b.columns];
  const [stepA, stepB] = [a.columns === 1 ? 0 : 1, b.columns === 1 ? 0 : 1];
  for (let row = 0, at = 0; row < rows; row++)
    for (let j = 0; j < columns; j++, at++)
      data[at] = apply(a.data[row * rowA + j * stepA], b.data[row * rowB + j * stepB]);
  return { rows, columns, data };
}
