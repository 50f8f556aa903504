import { int } from '@jetsdk/onnx';
import { type Cell, recurrentRule, type Step } from './shared/recurrent.js';

const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + b[i]);

/** Gates of Keras: update, reset, candidate. */
function next(candidate: (step: Step, reset: Float64Array) => Float64Array): Cell['next'] {
  return (step) => {
    const { input, recurrent, state, gate, output } = step;
    const update = gate(sum(input[0], recurrent(0, state.hidden)));
    const reset = gate(sum(input[1], recurrent(1, state.hidden)));
    const made = output(sum(input[2], candidate(step, reset)));
    const hidden = state.hidden.map((value, i) => update[i] * value + (1 - update[i]) * made[i]);
    return { ...state, hidden };
  };
}

const GATES = { operator: 'GRU', gates: [0, 1, 2], gated: true } as const;

/** The state is reset before it is multiplied. */
export const gruCell: Cell = {
  ...GATES,
  next: next(({ recurrent, state }, reset) =>
    recurrent(
      2,
      state.hidden.map((value, i) => reset[i] * value),
    ),
  ),
};

/** It is multiplied, and what comes out is reset. */
export const resetAfterGruCell: Cell = {
  ...GATES,
  twoBiases: true,
  attributes: { linear_before_reset: int(1) },
  next: next(({ recurrent, state }, reset) => recurrent(2, state.hidden).map((value, i) => reset[i] * value)),
};

const SUPPORTS = 'all rows or the last one, backwards for the last one, bias; no masks, no state given or returned';

/**
 * GRU to the operator of the same name.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.gru
 * @see https://onnx.ai/onnx/operators/onnx__GRU.html
 */
export const gru = recurrentRule('GRU', gruCell, SUPPORTS);

/** The GRU of Keras with `reset_after`. */
export const resetAfterGRU = recurrentRule('ResetAfterGRU', resetAfterGruCell, SUPPORTS);
