import { type Cell, recurrentRule } from './shared/recurrent.js';

export const simpleRnnCell: Cell = {
  operator: 'RNN',
  gates: [0],
  gated: false,
  next({ input, recurrent, state, output }) {
    const more = recurrent(0, state.hidden);
    return { ...state, hidden: output(input[0].map((value, i) => value + more[i])) };
  },
};

/**
 * SimpleRNN to ONNX RNN.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.simpleRNN
 * @see https://onnx.ai/onnx/operators/onnx__RNN.html
 */
export const simpleRNN = recurrentRule(
  'SimpleRNN',
  simpleRnnCell,
  'all rows or the last one, backwards for the last one, bias; no masks, no state given or returned',
);
