import { Mirror } from '@jetsdk/train';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { exportModel } from './exportModel.js';
import { artifactsOf } from './tfjs.testing.js';

function exported(...layers: tf.layers.Layer[]): () => unknown {
  const model = tf.sequential();
  for (const layer of layers) model.add(layer);
  const artifacts = artifactsOf(model);
  return () => exportModel(artifacts);
}

type Edit = readonly [path: readonly (string | number)[], value: unknown];

/** A copy of `json` with one value replaced, or removed where it is undefined. */
function edited<T>(json: T, [path, value]: Edit): T {
  const copy = structuredClone(json);
  let at: unknown = copy;
  for (const key of path.slice(0, -1)) at = Reflect.get(at as object, key);
  const last = path[path.length - 1];
  if (value === undefined) Reflect.deleteProperty(at as object, last);
  else Reflect.set(at as object, last, value);
  return copy;
}

/** Exports one Dense layer after a change to its artifacts. */
function spoiled(edit: Edit): () => unknown {
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [3], units: 2, name: 'd' }));
  const { topology, weights } = artifactsOf(model);
  const plain = weights.map((weight) => ({ ...weight, name: weight.name.replace(/_\d+$/, '') }));
  return () => exportModel(edited({ topology, weights: plain }, edit));
}

const LAYER = ['topology', 'config', 'layers', 0, 'config'] as const;

describe('exportModel refuses', () => {
  it('a layer kind without a rule, naming the layer, the kind and what is supported', () => {
    expect(exported(tf.layers.masking({ inputShape: [3, 2], name: 'mask' }))).toThrow(
      /mask \(Masking\): unsupported layer; supported: InputLayer, Dense,/,
    );
  });

  it('values nested without end, and quotes long ones in a short message', () => {
    // structuredClone of the editor would overflow before the exporter does
    const model = tf.sequential();
    model.add(tf.layers.dense({ inputShape: [3], units: 2, name: 'd' }));
    const { topology, weights } = artifactsOf(model);
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    expect(() => exportModel({ topology: { ...topology, later: deep }, weights })).toThrow(
      /^topology: nested more than 64/,
    );
    expect(spoiled([[...LAYER, 'units'], 'x'.repeat(50_000)])).toThrow(
      /^d \(Dense\): unsupported units="x{190,}….{0,60}$/,
    );
  });

  it('weights that are no numbers, naming the first', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(spoiled([['weights', 0, 'data', 4], value])).toThrow(
        `weight d/kernel: number 4 is ${value}; expected finite numbers`,
      );
  });

  it('channels first, naming the key', () => {
    expect(
      exported(
        tf.layers.conv2d({ inputShape: [2, 8, 8], filters: 1, kernelSize: 3, dataFormat: 'channelsFirst', name: 'c' }),
      ),
    ).toThrow('c (Conv2D): unsupported data_format="channels_first"; supported: channels_last');
  });

  it.each([[[]], [[3]], [[2, 1]]])('a Mirror along axes %j, which are not those of rows and columns', (axes) => {
    const mirror = new Mirror({ inputShape: [4, 4, 1], axes, name: 'm' });
    expect(exported(mirror)).toThrow(
      `m (Mirror): unsupported axes=${JSON.stringify(axes)}; supported: [1], [2] or [1, 2]`,
    );
  });

  it('dilation in DepthwiseConv2D, which tfjs itself ignores', () => {
    expect(exported(tf.layers.depthwiseConv2d({ inputShape: [8, 8, 2], kernelSize: 3, dilationRate: 2 }))).toThrow(
      /dilation_rate=\[2,2\]; supported: \[1,1\]/,
    );
  });

  it('BatchNormalization over another axis than the last', () => {
    expect(exported(tf.layers.batchNormalization({ inputShape: [8, 2], axis: 1 }))).toThrow(/axis 1 .* the last/);
  });

  it('no BatchNormalization whose axis is a list of one, as tf.keras 2 writes it', () => {
    const model = tf.sequential();
    model.add(tf.layers.batchNormalization({ inputShape: [8, 2], name: 'b' }));
    const artifacts = artifactsOf(model);
    const listed = edited(artifacts, [[...LAYER, 'axis'], [2]]);
    expect(exportModel(listed).bytes).toEqual(exportModel(artifacts).bytes);
    expect(() => exportModel(edited(artifacts, [[...LAYER, 'axis'], [1]]))).toThrow(/axis 1 .* the last/);
    expect(() =>
      exportModel(
        edited(artifacts, [
          [...LAYER, 'axis'],
          [1, 2],
        ]),
      ),
    ).toThrow(/axis=\[1,2\]/);
  });

  it('an Embedding that masks zeros', () => {
    expect(
      exported(tf.layers.embedding({ inputDim: 3, outputDim: 2, maskZero: true, batchInputShape: [null, 4] })),
    ).toThrow(/mask_zero=true; supported: false/);
  });

  it('integer inputs', () => {
    expect(exported(tf.layers.dense({ inputShape: [3], units: 1, dtype: 'int32' }))).toThrow(/dtype="int32"/);
  });

  it('a key it does not know', () => {
    expect(spoiled([[...LAYER, 'groups'], 2])).toThrow(
      'd (Dense): unsupported groups=2; supported: units, use_bias, activation',
    );
  });

  it.each<[string, Edit, RegExp]>([
    ['no class', [['topology', 'class_name'], undefined], /class_name/],
    ['a class that is no model', [['topology', 'class_name'], 'Dense'], /class Dense; supported: Seq/],
    ['layers that are no list', [['topology', 'config', 'layers'], 3], /not a list/],
    ['no layers', [['topology', 'config', 'layers'], []], /without layers/],
    ['units of -1', [[...LAYER, 'units'], -1], /units=-1/],
    ['an unknown activation', [[...LAYER, 'activation'], 'x'], /activation="x"/],
    ['no input shape', [[...LAYER, 'batch_input_shape'], undefined], /no batch_input_shape/],
  ])('a topology with %s', (_, edit, message) => {
    expect(spoiled(edit)).toThrow(message);
  });

  it.each<[string, Edit, string]>([
    ['that are missing', [['weights'], []], 'd: no weight named d/kernel; expected one of shape [3,2]'],
    [
      'of no layer',
      [['weights', 2], { name: 'e/kernel', shape: [1], data: new Float32Array(1) }],
      '1 weights belong to no layer of the topology: e/kernel',
    ],
    [
      'of another shape',
      [
        ['weights', 0, 'shape'],
        [2, 3],
      ],
      'd: weight d/kernel of shape [2,3]; expected [3,2]',
    ],
    ['of another length', [['weights', 0, 'data'], new Float32Array(5)], '5 numbers for shape [3,2]; expected 6'],
  ])('weights %s', (_, edit, message) => {
    expect(spoiled(edit)).toThrow(message);
  });

  it('a functional model that waits for itself', () => {
    const x = tf.input({ shape: [2] });
    const y = tf.layers.dense({ units: 2, name: 'y' }).apply(x) as tf.SymbolicTensor;
    const z = tf.layers.dense({ units: 2, name: 'z' }).apply(y) as tf.SymbolicTensor;
    const artifacts = edited(artifactsOf(tf.model({ inputs: x, outputs: z })), [
      ['topology', 'config', 'layers', 1, 'inbound_nodes', 0, 0, 0],
      'z',
    ]);
    expect(() => exportModel(artifacts)).toThrow(/layer "y" waits for what nothing makes/);
  });
});
