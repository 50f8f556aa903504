import { type Cell, recurrentRule } from './shared/recurrent.js';

/** Gates of Keras: input, forget, candidate, output. */
export const lstmCell: Cell = {
  operator: 'LSTM',
  gates: [0, 3, 1, 2],
  gated: true,
  next({ input, recurrent, state, gate, output }) {
    const sum = (i: number): Float64Array => {
      const more = recurrent(i, state.hidden);
      return input[i].map((value, unit) => value + more[unit]);
    };
    const [take, forget, candidate, give] = [gate(sum(0)), gate(sum(1)), output(sum(2)), gate(sum(3))];
    const cell = state.cell.map((value, unit) => forget[unit] * value + take[unit] * candidate[unit]);
    const seen = output(cell);
    return { cell, hidden: give.map((value, unit) => value * seen[unit]) };
  },
};

/**
 * LSTM to the operator of the same name.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.lstm
 * @see https://onnx.ai/onnx/operators/onnx__LSTM.html
 */
export const lstm = recurrentRule(
  'LSTM',
  lstmCell,
  'all rows or the last one, backwards for the last one, bias; no masks, no state given or returned',
);
