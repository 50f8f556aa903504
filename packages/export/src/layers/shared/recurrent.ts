/** @file Recurrent layers: a cell goes over the rows of its input, one after the other. */
import { JetError } from '@jetsdk/jets';
import { type Attribute, floats, int, ints, string, strings } from '@jetsdk/onnx';
import { BATCH, type Emitter, type Value } from '../../graph/emitter.js';
import type { Array64, LayerRule, Shape, Weights } from '../rule.js';
import { type Activation, applyActivation } from './activations.js';
import type { LayerConfig } from './config.js';

/** What a cell remembers of the rows before. */
export interface State {
  readonly hidden: Float64Array;
  /** of an LSTM alone */
  readonly cell: Float64Array;
}

/** One row at a cell, each of whose gates has a vector of `units` numbers. */
export interface Step {
  /** x · kernel + bias, by gate in the order of Keras */
  readonly input: readonly Float64Array[];
  /** state · recurrent kernel of a gate, with the bias that is added to it, if there is one */
  recurrent(gate: number, state: Float64Array): Float64Array;
  readonly state: State;
  /** the two activation functions */
  gate(x: Float64Array): Float64Array;
  output(x: Float64Array): Float64Array;
}

/** How rows are taken in. */
export interface Cell {
  readonly operator: 'LSTM' | 'GRU' | 'RNN';
  /** the gates in the order of ONNX, as numbers of those of Keras */
  readonly gates: readonly number[];
  /** whether gates have an activation function of their own */
  readonly gated: boolean;
  /** whether the state has a bias of its own: `bias` is then [2, gates · units] */
  readonly twoBiases?: boolean;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  next(step: Step): State;
}

export interface RecurrentConfig {
  readonly units: number;
  readonly useBias: boolean;
  readonly activation: Activation;
  /** of the gates */
  readonly gateActivation: Activation;
  /** all rows, else the last one */
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
}

/** Functions that the operators know by a name, with alpha and beta where they have some; Softplus of ONNX Runtime overflows. */
const FUNCTIONS: Readonly<
  Partial<Record<Activation, { readonly name: string; readonly alpha?: number; readonly beta?: number }>>
> = {
  linear: { name: 'Affine', alpha: 1, beta: 0 },
  relu: { name: 'Relu' },
  tanh: { name: 'Tanh' },
  sigmoid: { name: 'Sigmoid' },
  hard_sigmoid: { name: 'HardSigmoid', alpha: 0.2, beta: 0.5 },
  hard_sigmoid6: { name: 'HardSigmoid', alpha: 1 / 6, beta: 0.5 },
  elu: { name: 'Elu', alpha: 1 },
  leaky_relu: { name: 'LeakyRelu', alpha: 0.2 },
  softsign: { name: 'Softsign' },
};

const RECURRENT_ACTIVATIONS = Object.keys(FUNCTIONS) as readonly Activation[];

/** @throws {JetError} UNSUPPORTED for what is not known */
export function recurrentConfig(config: LayerConfig, cell: Cell): RecurrentConfig {
  const parsed = {
    units: config.count('units'),
    useBias: config.boolean('use_bias', true),
    activation: config.choice('activation', RECURRENT_ACTIVATIONS, 'linear'),
    gateActivation: cell.gated
      ? config.choice('recurrent_activation', RECURRENT_ACTIVATIONS, 'hard_sigmoid')
      : 'linear',
    returnSequences: config.boolean('return_sequences', false),
    goBackwards: config.boolean('go_backwards', false),
  } as const;
  config.only('return_state', false, 'a layer has one output');
  config.only('stateful', false, 'jets know nothing of each other');
  if (cell.operator === 'GRU') config.only('reset_after', cell.twoBiases === true, 'of this class');
  if (parsed.goBackwards && parsed.returnSequences)
    throw config.refuse('go_backwards', 'false where all rows are returned; Bidirectional goes both ways');
  // what these change is over when the network is trained
  config.ignore('dropout', 'recurrent_dropout', 'implementation', 'unroll', 'unit_forget_bias');
  config.ignore('recurrent_initializer', 'recurrent_regularizer', 'recurrent_constraint');
  config.done();
  return parsed;
}

/** @throws {JetError} SHAPE_MISMATCH */
export function recurrentShape(kind: string, { units, returnSequences }: RecurrentConfig, input: Shape): Shape {
  if (input.length !== 2)
    throw new JetError('SHAPE_MISMATCH', `${kind}: input [n,${input}]; expected rows of numbers, [n,rows,numbers]`, {
      input,
    });
  return returnSequences ? [input[0], units] : [units];
}

export function recurrentWeights(
  cell: Cell,
  { units, useBias }: RecurrentConfig,
  [, inputs]: Shape,
): Readonly<Record<string, Shape>> {
  const width = cell.gates.length * units;
  return {
    kernel: [inputs, width],
    recurrent_kernel: [units, width],
    ...(useBias && { bias: cell.twoBiases ? [2, width] : [width] }),
  };
}

/** One row after the other, in float64. */
export function recurrentForward(cell: Cell, config: RecurrentConfig, x: Array64, weights: Weights): Array64 {
  const { units, activation, gateActivation, returnSequences, goBackwards } = config;
  const [rows, inputs] = x.shape;
  const { kernel, recurrent_kernel: recurrent, bias } = weights;
  const width = cell.gates.length * units;
  const product = (row: Float64Array, matrix: Float32Array, gate: number, shift = -1): Float64Array =>
    Float64Array.from({ length: units }, (_, unit) => {
      const column = gate * units + unit;
      let sum = shift < 0 ? 0 : (bias?.data[shift * width + column] ?? 0);
      for (let i = 0; i < row.length; i++) sum += row[i] * matrix[i * width + column];
      return sum;
    });
  const applied = (name: Activation, data: Float64Array): Float64Array =>
    applyActivation(name, { shape: [units], data }).data;
  let state: State = { hidden: new Float64Array(units), cell: new Float64Array(units) };
  const all = new Float64Array(rows * units);
  for (let i = 0; i < rows; i++) {
    const row = goBackwards ? rows - 1 - i : i;
    const numbers = x.data.subarray(row * inputs, (row + 1) * inputs);
    state = cell.next({
      input: cell.gates.map((_, gate) => product(numbers, kernel.data, gate, 0)),
      recurrent: (gate, hidden) => product(hidden, recurrent.data, gate, cell.twoBiases ? 1 : -1),
      state,
      gate: (data) => applied(gateActivation, data),
      output: (data) => applied(activation, data),
    });
    all.set(state.hidden, row * units);
  }
  return returnSequences ? { shape: [rows, units], data: all } : { shape: [units], data: state.hidden };
}

/** Columns of Keras' gates as rows in the order of ONNX: (numbers, gates · units) → (1, gates · units, numbers) */
function turned({ data }: Weights[string], numbers: number, units: number, gates: readonly number[]): Float32Array {
  const width = gates.length * units;
  return Float32Array.from({ length: width * numbers }, (_, at) => {
    const [row, number] = [Math.floor(at / numbers), at % numbers];
    const column = (gates[Math.floor(row / units)] ?? 0) * units + (row % units);
    return data[number * width + column];
  });
}

/** The biases of input and state, one after the other. */
function biases({ data }: Weights[string], units: number, { gates, twoBiases }: Cell): Float32Array {
  const width = gates.length * units;
  const both = new Float32Array(2 * width);
  for (let part = 0; part < (twoBiases ? 2 : 1); part++)
    gates.forEach((gate, i) => {
      const from = part * width + gate * units;
      both.set(data.subarray(from, from + units), part * width + i * units);
    });
  return both;
}

function functionAttributes(names: readonly Activation[]): Record<string, Attribute> {
  const found = names.map((name) => FUNCTIONS[name] ?? { name: 'Tanh' });
  const alphas = found.flatMap(({ alpha }) => alpha ?? []);
  const betas = found.flatMap(({ beta }) => beta ?? []);
  return {
    activations: strings(found.map(({ name }) => name)),
    ...(alphas.length > 0 && { activation_alpha: floats(alphas) }),
    ...(betas.length > 0 && { activation_beta: floats(betas) }),
  };
}

/** @param prefix of the names of constants */
export function emitRecurrent(
  cell: Cell,
  { units, activation, gateActivation, returnSequences, goBackwards }: RecurrentConfig,
  given: Value,
  weights: Weights,
  to: Emitter,
  prefix = '',
): Value {
  const x = to.channelsLast(given);
  const [rows, inputs] = x.shape;
  const { gates, operator } = cell;
  const width = gates.length * units;
  const { kernel, recurrent_kernel: recurrent, bias } = weights;
  const parts = [
    to.floats(`${prefix}kernel`, [1, width, inputs], () => turned(kernel, inputs, units, gates)),
    to.floats(`${prefix}recurrent_kernel`, [1, width, units], () => turned(recurrent, units, units, gates)),
    ...(bias === undefined ? [] : [to.floats(`${prefix}bias`, [1, 2 * width], () => biases(bias, units, cell))]),
  ];
  const last = { layout: 'last' } as const;
  const first = to.rowsFirst(x);
  const functions =
    operator === 'RNN'
      ? [activation]
      : operator === 'GRU'
        ? [gateActivation, activation]
        : [gateActivation, activation, activation];
  const sequence = to.whole(operator, [first, ...parts], [rows, 1, BATCH, units], {
    hidden_size: int(units),
    direction: string(goBackwards ? 'reverse' : 'forward'),
    ...functionAttributes(functions),
    ...cell.attributes,
  });
  if (returnSequences) {
    const out = to.node('Transpose', [sequence], { shape: [rows, 1, units], ...last }, { perm: ints([2, 0, 1, 3]) });
    return to.reshape(out, { shape: [rows, units], ...last });
  }
  const index = to.int64s(goBackwards ? 'first_row' : 'last_row', [goBackwards ? 0 : rows - 1]);
  const end = to.whole('Gather', [sequence, index], [1, 1, BATCH, units], { axis: int(0) });
  const out = to.node('Transpose', [end], { shape: [1, 1, units], ...last }, { perm: ints([2, 0, 1, 3]) });
  return to.reshape(out, { shape: [units], ...last });
}

/** The rule of a layer that is one cell. */
export function recurrentRule(kind: string, cell: Cell, supports: string): LayerRule<RecurrentConfig> {
  return {
    kind,
    supports,
    operators: ['Transpose', cell.operator, 'Gather', 'Reshape'],
    parse: (config) => recurrentConfig(config, cell),
    outputShape: (config, [input]) => recurrentShape(kind, config, input),
    weights: (config, [input]) => recurrentWeights(cell, config, input),
    forward: (config, [x], weights) => recurrentForward(cell, config, x, weights),
    emit: (config, [x], weights, to) => emitRecurrent(cell, config, x, weights, to),
  };
}
