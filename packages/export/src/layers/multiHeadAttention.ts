import { JetError } from '@jetsdk/jets';
import { int, ints } from '@jetsdk/onnx';
import type { Emitter, Value } from '../graph/emitter.js';
import type { Array64, LayerRule, Shape, Weight, Weights } from './rule.js';

interface AttentionConfig {
  readonly heads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly outputDim: number | undefined;
  readonly useBias: boolean;
}

/** Rows times a matrix of [width, …], with a bias. */
function project({ shape, data }: Array64, kernel: Weight, bias: Weight | undefined): Float64Array[] {
  const width = shape[1];
  const columns = kernel.data.length / width;
  return Array.from({ length: shape[0] }, (_, row) =>
    Float64Array.from({ length: columns }, (_, column) => {
      let sum = bias?.data[column] ?? 0;
      for (let i = 0; i < width; i++) sum += data[row * width + i] * kernel.data[i * columns + column];
      return sum;
    }),
  );
}

/** (rows, width) → (rows, heads · numbers) */
function emitProjection(name: string, x: Value, weights: Weights, to: Emitter): Value {
  const { shape, data } = weights[`${name}/kernel`];
  const [inputs, outputs] =
    name === 'attention_output' ? [shape[0] * shape[1], shape[2]] : [shape[0], shape[1] * shape[2]];
  const kernel = to.floats(`${name}_kernel`, [inputs, outputs], () => data);
  const product = to.node('MatMul', [x, kernel], { shape: [x.shape[0], outputs], layout: 'last' });
  const bias = weights[`${name}/bias`];
  return bias === undefined ? product : to.map('Add', product, [to.floats(`${name}_bias`, [outputs], () => bias.data)]);
}

/** (rows, heads · numbers) → (heads, rows, numbers), or (heads, numbers, rows) */
function emitHeads(x: Value, heads: number, transposed: boolean, to: Emitter): Value {
  const [rows, width] = x.shape;
  const numbers = width / heads;
  const split = to.reshape(x, { shape: [rows, heads, numbers], layout: 'last' });
  const shape = transposed ? [heads, numbers, rows] : [heads, rows, numbers];
  return to.node(
    'Transpose',
    [split],
    { shape, layout: 'last' },
    { perm: ints(transposed ? [0, 2, 3, 1] : [0, 2, 1, 3]) },
  );
}

/**
 * Attention of the rows of the first input to those of the second; the third has the keys, where there are three.
 *
 * @see https://keras.io/api/layers/attention_layers/multi_head_attention
 */
export const multiHeadAttention: LayerRule<AttentionConfig> = {
  kind: 'MultiHeadAttention',
  supports: 'two or three inputs of rows; no masks; dropout is identity at inference',
  operators: ['MatMul', 'Add', 'Reshape', 'Transpose', 'Mul', 'Softmax'],
  inputs: 'several',

  parse(config) {
    const keyDim = config.count('key_dim');
    const parsed = {
      heads: config.count('num_heads'),
      keyDim,
      valueDim: config.value('value_dim') === undefined ? keyDim : config.count('value_dim'),
      outputDim: config.value('output_dim') === undefined ? undefined : config.count('output_dim'),
      useBias: config.boolean('use_bias', true),
    };
    config.ignore('dropout', 'seed');
    config.done();
    return parsed;
  },

  outputShape({ outputDim }, inputs): Shape {
    const [query, value, key = value] = inputs;
    if (inputs.length > 3 || inputs.some(({ length }) => length !== 2) || key[0] !== value[0])
      throw new JetError(
        'SHAPE_MISMATCH',
        `MultiHeadAttention: inputs ${inputs.map((shape) => `[n,${shape}]`).join(', ')}; expected queries, values and keys of [n,rows,numbers]`,
        { inputs },
      );
    return [query[0], outputDim ?? query[1]];
  },

  weights({ heads, keyDim, valueDim, outputDim, useBias }, [query, value, key = value]) {
    const outputs = outputDim ?? query[1];
    const all: [name: string, kernel: Shape, bias: Shape][] = [
      ['query', [query[1], heads, keyDim], [heads, keyDim]],
      ['key', [key[1], heads, keyDim], [heads, keyDim]],
      ['value', [value[1], heads, valueDim], [heads, valueDim]],
      ['attention_output', [heads, valueDim, outputs], [outputs]],
    ];
    return Object.fromEntries(
      all.flatMap(([name, kernel, bias]): [string, Shape][] => [
        [`${name}/kernel`, kernel],
        ...(useBias ? [[`${name}/bias`, bias] as [string, Shape]] : []),
      ]),
    );
  },

  forward({ heads, keyDim, valueDim, outputDim }, inputs, weights) {
    const [query, value, key = value] = inputs;
    const of = (name: string, x: Array64): Float64Array[] =>
      project(x, weights[`${name}/kernel`], weights[`${name}/bias`]);
    const [q, k, v] = [of('query', query), of('key', key), of('value', value)];
    const found = new Float64Array(q.length * heads * valueDim);
    for (let row = 0; row < q.length; row++)
      for (let head = 0; head < heads; head++) {
        const scores = k.map((one) => {
          let sum = 0;
          for (let i = 0; i < keyDim; i++) sum += q[row][head * keyDim + i] * one[head * keyDim + i];
          return sum / Math.sqrt(keyDim);
        });
        const most = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - most));
        const total = shares.reduce((a, b) => a + b, 0);
        for (let i = 0; i < valueDim; i++)
          found[(row * heads + head) * valueDim + i] = shares.reduce(
            (sum, share, other) => sum + (share / total) * v[other][head * valueDim + i],
            0,
          );
      }
    const outputs = outputDim ?? query.shape[1];
    const rows = project(
      { shape: [q.length, heads * valueDim], data: found },
      weights['attention_output/kernel'],
      weights['attention_output/bias'],
    );
    return { shape: [q.length, outputs], data: Float64Array.from(rows.flatMap((row) => [...row])) };
  },

  emit({ heads, keyDim, valueDim }, values, weights, to) {
    const [query, value, key = value] = values.map((one) => to.channelsLast(one));
    const q = emitHeads(emitProjection('query', query, weights, to), heads, false, to);
    const k = emitHeads(emitProjection('key', key, weights, to), heads, true, to);
    const v = emitHeads(emitProjection('value', value, weights, to), heads, false, to);
    const scaled = to.map('Mul', q, [to.scalar('scale', 1 / Math.sqrt(keyDim))]);
    const [rows, others] = [query.shape[0], value.shape[0]];
    const scores = to.node('MatMul', [scaled, k], { shape: [heads, rows, others], layout: 'last' });
    const shares = to.map('Softmax', scores, [], { axis: int(3) });
    const found = to.node('MatMul', [shares, v], { shape: [heads, rows, valueDim], layout: 'last' });
    const turned = to.node(
      'Transpose',
      [found],
      { shape: [rows, heads, valueDim], layout: 'last' },
      { perm: ints([0, 2, 1, 3]) },
    );
    const joined = to.reshape(turned, { shape: [rows, heads * valueDim], layout: 'last' });
    return emitProjection('attention_output', joined, weights, to);
  },
};
