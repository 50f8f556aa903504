/** @file The activation functions of tfjs and of our own, by the names in topologies. */

import { float, int } from '@jetsdk/onnx';
import type { Emitter, Value } from '../../graph/emitter.js';
import type { Array64 } from '../rule.js';
import type { LayerConfig } from './config.js';

interface ActivationRule {
  readonly operators: readonly string[];
  forward(x: Array64): Array64;
  emit(x: Value, to: Emitter): Value;
}

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * The error function, or 1 where float64 cannot tell the difference, by the series whose terms all have one sign: the
 * alternating one loses every digit beyond 4.
 *
 * @see https://dlmf.nist.gov/7.6, equation 7.6.2
 */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function elementwise(
  operators: readonly string[],
  one: (x: number) => number,
  emit: (x: Value, to: Emitter) => Value,
): ActivationRule {
  return { operators, forward: ({ shape, data }) => ({ shape, data: data.map(one) }), emit };
}

const hardSigmoid6 = (x: number): number => Math.min(Math.max(x / 6 + 0.5, 0), 1);

const emitHardSigmoid6 = (x: Value, to: Emitter): Value =>
  to.map('HardSigmoid', x, [], { alpha: float(1 / 6), beta: float(0.5) });

/** Softmax and its logarithm run over the channels. */
function overChannels(opType: string, finish: (shifted: number, sum: number) => number): ActivationRule {
  return {
    operators: [opType],
    forward({ shape, data }) {
      const channels = shape[shape.length - 1];
      const out = new Float64Array(data.length);
      for (let start = 0; start < data.length; start += channels) {
        const row = data.subarray(start, start + channels);
        const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
        const sum = row.reduce((total, x) => total + Math.exp(x - max), 0);
        row.forEach((x, i) => {
          out[start + i] = finish(x - max, sum);
        });
      }
      return { shape, data: out };
    },
    emit: (x, to) => to.map(opType, x, [], { axis: int(x.layout === 'first' ? 1 : x.shape.length) }),
  };
}

export const ACTIVATIONS = {
  linear: elementwise(
    [],
    (x) => x,
    (x) => x,
  ),
  relu: elementwise(
    ['Relu'],
    (x) => Math.max(x, 0),
    (x, to) => to.map('Relu', x),
  ),
  relu6: elementwise(
    ['Clip'],
    (x) => Math.min(Math.max(x, 0), 6),
    (x, to) => to.map('Clip', x, [to.scalar('zero', 0), to.scalar('six', 6)]),
  ),
  elu: elementwise(
    ['Elu'],
    (x) => (x >= 0 ? x : Math.expm1(x)),
    (x, to) => to.map('Elu', x, [], { alpha: float(1) }),
  ),
  selu: elementwise(
    ['Selu'],
    (x) => SELU_SCALE * (x >= 0 ? x : SELU_ALPHA * Math.expm1(x)),
    (x, to) => to.map('Selu', x, [], { alpha: float(SELU_ALPHA), gamma: float(SELU_SCALE) }),
  ),
  sigmoid: elementwise(['Sigmoid'], sigmoid, (x, to) => to.map('Sigmoid', x)),
  hard_sigmoid: elementwise(
    ['HardSigmoid'],
    (x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1),
    (x, to) => to.map('HardSigmoid', x, [], { alpha: float(0.2), beta: float(0.5) }),
  ),
  softplus: elementwise(['Softplus'], softplus, (x, to) => to.map('Softplus', x)),
  softsign: elementwise(
    ['Softsign'],
    (x) => x / (1 + Math.abs(x)),
    (x, to) => to.map('Softsign', x),
  ),
  tanh: elementwise(['Tanh'], Math.tanh, (x, to) => to.map('Tanh', x)),
  softmax: overChannels('Softmax', (shifted, sum) => Math.exp(shifted) / sum),
  log_softmax: overChannels('LogSoftmax', (shifted, sum) => shifted - Math.log(sum)),
  gelu: elementwise(
    ['Div', 'Erf', 'Add', 'Mul'],
    (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
    (x, to) => {
      const error = to.map('Erf', to.map('Div', x, [to.scalar('sqrt2', Math.SQRT2)]));
      const shifted = to.map('Add', error, [to.scalar('one', 1)]);
      return to.map('Mul', to.map('Mul', x, [shifted]), [to.scalar('half', 0.5)]);
    },
  ),
  gelu_new: elementwise(
    ['Mul', 'Add', 'Tanh'],
    (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    (x, to) => {
      const cube = to.map('Mul', to.map('Mul', x, [x]), [x]);
      const inner = to.map('Add', x, [to.map('Mul', cube, [to.scalar('cubic', 0.044715)])]);
      const tanh = to.map('Tanh', to.map('Mul', inner, [to.scalar('sqrt2pi', Math.sqrt(2 / Math.PI))]));
      const shifted = to.map('Add', tanh, [to.scalar('one', 1)]);
      return to.map('Mul', to.map('Mul', x, [shifted]), [to.scalar('half', 0.5)]);
    },
  ),
  mish: elementwise(
    ['Softplus', 'Tanh', 'Mul'],
    (x) => x * Math.tanh(softplus(x)),
    (x, to) => to.map('Mul', x, [to.map('Tanh', to.map('Softplus', x))]),
  ),
  swish: elementwise(
    ['Sigmoid', 'Mul'],
    (x) => x * sigmoid(x),
    (x, to) => to.map('Mul', x, [to.map('Sigmoid', x)]),
  ),
  exponential: elementwise(['Exp'], Math.exp, (x, to) => to.map('Exp', x)),
  leaky_relu: elementwise(
    ['LeakyRelu'],
    (x) => (x > 0 ? x : 0.2 * x),
    (x, to) => to.map('LeakyRelu', x, [], { alpha: float(0.2) }),
  ),
  hard_tanh: elementwise(
    ['Clip'],
    (x) => Math.min(Math.max(x, -1), 1),
    (x, to) => to.map('Clip', x, [to.scalar('minus_one', -1), to.scalar('plus_one', 1)]),
  ),
  log_sigmoid: elementwise(
    ['Neg', 'Softplus'],
    (x) => -softplus(-x),
    (x, to) => to.map('Neg', to.map('Softplus', to.map('Neg', x))),
  ),
  // the hard_sigmoid of Keras 3
  hard_sigmoid6: elementwise(['HardSigmoid'], hardSigmoid6, emitHardSigmoid6),
  hard_silu: elementwise(
    ['HardSigmoid', 'Mul'],
    (x) => x * hardSigmoid6(x),
    (x, to) => to.map('Mul', x, [emitHardSigmoid6(x, to)]),
  ),
} as const satisfies Record<string, ActivationRule>;

export type Activation = keyof typeof ACTIVATIONS;

const NAMES = Object.keys(ACTIVATIONS) as Activation[];

/** The `activation` of a layer; `linear` where it has none. */
export function activationOf(config: LayerConfig): Activation {
  return config.choice('activation', NAMES, 'linear');
}

export function applyActivation(name: Activation, x: Array64): Array64 {
  return ACTIVATIONS[name].forward(x);
}

export function emitActivation(name: Activation, x: Value, to: Emitter): Value {
  return ACTIVATIONS[name].emit(x, to);
}
