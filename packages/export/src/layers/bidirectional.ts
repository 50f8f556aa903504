import { int } from '@jetsdk/onnx';
import type { Emitter, Value } from '../graph/emitter.js';
import { gruCell, resetAfterGruCell } from './gru.js';
import { lstmCell } from './lstm.js';
import type { Array64, LayerRule, Shape, Weights } from './rule.js';
import { LayerConfig } from './shared/config.js';
import {
  type Cell,
  emitRecurrent,
  type RecurrentConfig,
  recurrentConfig,
  recurrentForward,
  recurrentShape,
  recurrentWeights,
} from './shared/recurrent.js';
import { simpleRnnCell } from './simpleRNN.js';

const CELLS: Readonly<Record<string, Cell>> = {
  LSTM: lstmCell,
  GRU: gruCell,
  ResetAfterGRU: resetAfterGruCell,
  SimpleRNN: simpleRnnCell,
};

const MERGES = ['concat', 'sum', 'mul', 'ave'] as const;

interface BidirectionalConfig {
  readonly cell: Cell;
  /** of the layer within */
  readonly name: string;
  readonly each: RecurrentConfig;
  readonly merge: (typeof MERGES)[number];
}

const DIRECTIONS = ['forward', 'backward'] as const;

const towards = (each: RecurrentConfig, direction: (typeof DIRECTIONS)[number]): RecurrentConfig => ({
  ...each,
  goBackwards: direction === 'backward',
});

/** Those of one direction, without its prefix. */
function weightsOf(all: Weights, prefix: string): Weights {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, weight]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), weight] as const] : [],
    ),
  );
}

function merged(merge: BidirectionalConfig['merge'], a: Array64, b: Array64): Array64 {
  if (merge === 'concat') {
    const units = a.shape[a.shape.length - 1];
    const data = new Float64Array(2 * a.data.length);
    for (let at = 0; at < a.data.length; at += units) {
      data.set(a.data.subarray(at, at + units), 2 * at);
      data.set(b.data.subarray(at, at + units), 2 * at + units);
    }
    return { shape: [...a.shape.slice(0, -1), 2 * units], data };
  }
  const both = {
    sum: (x: number, y: number) => x + y,
    mul: (x: number, y: number) => x * y,
    ave: (x: number, y: number) => (x + y) / 2,
  };
  return { shape: a.shape, data: a.data.map((value, i) => both[merge](value, b.data[i])) };
}

function emitMerged(merge: BidirectionalConfig['merge'], a: Value, b: Value, to: Emitter): Value {
  if (merge === 'mul') return to.map('Mul', a, [b]);
  if (merge === 'concat') {
    const shape = [...a.shape.slice(0, -1), 2 * a.shape[a.shape.length - 1]];
    return to.node('Concat', [a, b], { shape, layout: 'last' }, { axis: int(shape.length) });
  }
  const total = to.map('Add', a, [b]);
  return merge === 'sum' ? total : to.map('Mul', total, [to.scalar('half', 0.5)]);
}

/**
 * A recurrent layer once forwards and once backwards, with weights of their own.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.bidirectional
 */
export const bidirectional: LayerRule<BidirectionalConfig> = {
  kind: 'Bidirectional',
  supports: 'of LSTM, GRU or SimpleRNN; merged by concat, sum, mul or ave',
  operators: ['Transpose', 'LSTM', 'GRU', 'RNN', 'Gather', 'Reshape', 'Concat', 'Add', 'Mul'],

  parse(config) {
    const layer = config.value('layer');
    const inner = typeof layer === 'object' && layer !== null ? layer : {};
    const [kind, own] = ['class_name' in inner ? inner.class_name : '', 'config' in inner ? inner.config : undefined];
    const cell = typeof kind === 'string' && Object.hasOwn(CELLS, kind) ? CELLS[kind] : undefined;
    if (cell === undefined || typeof own !== 'object' || own === null)
      throw config.refuse('layer', Object.keys(CELLS).join(', '));
    const name = 'name' in own ? String(own.name) : '';
    const each = recurrentConfig(new LayerConfig(String(kind), `${config.name}/${name}`, { ...own }), cell);
    if (each.goBackwards) throw config.refuse('layer', 'one that goes forwards');
    const parsed = { cell, name, each, merge: config.choice('merge_mode', MERGES, 'concat') };
    config.done();
    return parsed;
  },

  outputShape({ each, merge }, [input]): Shape {
    const one = recurrentShape('Bidirectional', each, input);
    return merge === 'concat' ? [...one.slice(0, -1), 2 * each.units] : one;
  },

  weights({ cell, name, each }, [input]) {
    const shapes = Object.entries(recurrentWeights(cell, each, input));
    return Object.fromEntries(
      DIRECTIONS.flatMap((direction) => shapes.map(([weight, shape]) => [`${direction}_${name}/${weight}`, shape])),
    );
  },

  forward({ cell, name, each, merge }, [x], weights) {
    const [forwards, backwards] = DIRECTIONS.map((direction) =>
      recurrentForward(cell, towards(each, direction), x, weightsOf(weights, `${direction}_${name}/`)),
    );
    return merged(merge, forwards, backwards);
  },

  emit({ cell, name, each, merge }, [x], weights, to) {
    const [forwards, backwards] = DIRECTIONS.map((direction) =>
      emitRecurrent(
        cell,
        towards(each, direction),
        x,
        weightsOf(weights, `${direction}_${name}/`),
        to,
        `${direction}_`,
      ),
    );
    return emitMerged(merge, forwards, backwards, to);
  },
};
