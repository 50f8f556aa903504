/** @file Random configurations of every layer kind, as tfjs makes them. */
import {
  EinsumDense,
  GroupNormalization,
  Mirror,
  MultiHeadAttention,
  Normalization,
  ResetAfterGRU,
  registerLayers,
  SpatialDropout2D,
  UnitNormalization,
} from '@jetsdk/train';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {
  LocallyConnected2D,
  LocalResponseNormalization,
  Log1p,
  MaxoutDense,
  SeededDropout,
  Subtract,
  WeightedMean,
} from './customLayers.testing.js';
import type { Shape } from './rule.js';
import { ACTIVATIONS, type Activation } from './shared/activations.js';

export interface LayerCase {
  /** shape of one example for each input */
  readonly inputs: readonly Shape[];
  /** makes a new layer */
  readonly layer: () => tf.layers.Layer;
  /** inputs are whole numbers below this; else they are normal */
  readonly indices?: number;
}

const length = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const pair = (max: number): fc.Arbitrary<[number, number]> => fc.tuple(length(max), length(max));
const sequence = fc.tuple(fc.integer({ min: 4, max: 9 }), length(4));
const image = fc.tuple(fc.integer({ min: 4, max: 8 }), fc.integer({ min: 4, max: 8 }), length(4));
const anyShape: fc.Arbitrary<Shape> = fc.oneof(fc.tuple(length(7)), sequence, image);
const camel = (name: Activation): string =>
  name === 'gelu_new' ? name : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const RECURRENT = (
  ['linear', 'relu', 'tanh', 'sigmoid', 'hard_sigmoid', 'hard_sigmoid6', 'elu', 'leaky_relu', 'softsign'] as const
).map((name) => camel(name) as 'relu');
/** With gates that let more through than there is, states leave the range of float32 within a few rows. */
const BOUNDED = (['tanh', 'sigmoid', 'hard_sigmoid', 'hard_sigmoid6', 'softsign'] as const).map(
  (name) => camel(name) as 'relu',
);
const padding = fc.constantFrom('valid' as const, 'same' as const);
const activation = fc.constantFrom(...(Object.keys(ACTIVATIONS) as Activation[])).map((name) => camel(name) as 'relu');
registerLayers();
const margin = fc.tuple(fc.tuple(fc.nat(2), fc.nat(1)), fc.tuple(fc.nat(1), fc.nat(2)));

/** Strides or dilation, never both: tfjs runs no convolution with both. */
const steps = (axes: number): fc.Arbitrary<{ strides: number[]; dilationRate: number[] }> => {
  const ones = fc.constant(new Array<number>(axes).fill(1));
  const some = fc.array(length(3), { minLength: axes, maxLength: axes });
  return fc.oneof(
    fc.record({ strides: some, dilationRate: ones }),
    fc.record({ strides: ones, dilationRate: fc.array(length(2), { minLength: axes, maxLength: axes }) }),
  );
};

function one<T>(
  shape: fc.Arbitrary<Shape>,
  args: fc.Arbitrary<T>,
  make: (args: T, shape: Shape) => tf.layers.Layer,
): fc.Arbitrary<LayerCase> {
  return fc.tuple(shape, args).map(([input, value]) => ({ inputs: [input], layer: () => make(value, input) }));
}

const none = fc.constant(undefined);

function merging(make: () => tf.layers.Layer, counts = { min: 2, max: 4 }): fc.Arbitrary<LayerCase> {
  return fc
    .tuple(
      anyShape,
      fc.array(fc.constantFrom('same', 'thin', 'short'), { minLength: counts.min, maxLength: counts.max }),
    )
    .map(([shape, kinds]) => ({
      inputs: kinds.map((kind, i) => {
        if (i === 0 || kind === 'same' || shape.length === 1) return shape;
        return kind === 'thin' ? [1, ...shape.slice(1)] : shape.slice(1);
      }),
      layer: make,
    }));
}

const pool1d = fc.record({ poolSize: length(3), strides: length(3), padding });
const pool2d = fc.record({ poolSize: pair(3), strides: pair(3), padding });

/** What every recurrent layer has to choose. */
const recurrent = fc
  .record({
    units: length(4),
    useBias: fc.boolean(),
    activation: fc.constantFrom(...RECURRENT),
    recurrentActivation: fc.constantFrom(...BOUNDED),
    returnSequences: fc.boolean(),
    goBackwards: fc.boolean(),
  })
  .map((args) => ({ ...args, goBackwards: args.goBackwards && !args.returnSequences }));

/** Every kind of the registry but `InputLayer`, which all of these models have. */
export const CASES: Readonly<Record<string, fc.Arbitrary<LayerCase>>> = {
  Dense: one(anyShape, fc.record({ units: length(5), useBias: fc.boolean(), activation }), (args) =>
    tf.layers.dense(args),
  ),
  EinsumDense: fc
    .tuple(
      length(4),
      length(3),
      length(4),
      fc.constantFrom('ab,bc->ac', 'abc,cd->abd', 'abc,bcd->abd', 'abc,bd->acd', 'abc,cde->aebd', '...b,bc->...c'),
      fc.constantFrom('last', 'all', 'none'),
      activation,
    )
    .map(([first, second, made, equation, bias, name]) => {
      const output = equation.slice(equation.indexOf('>') + 1).replace('...', '');
      const known: Record<string, number> = { b: first, c: second, d: made, e: made };
      if (equation.includes('ab,') || equation.includes('...')) Object.assign(known, { b: first, c: made });
      const letters = { all: output.slice(output.startsWith('a') ? 1 : 0), last: output.slice(-1), none: null }[bias];
      return {
        inputs: [equation.startsWith('ab,') ? [first] : equation.includes('...') ? [second, first] : [first, second]],
        layer: () =>
          new EinsumDense({
            equation,
            outputShape: [...output.replace('a', '')].map((letter) => known[letter] ?? 1),
            biasAxes: letters,
            activation: name,
          }),
      };
    }),
  Activation: one(anyShape, activation, (name) => tf.layers.activation({ activation: name })),
  ReLU: one(anyShape, fc.option(fc.constantFrom(0.5, 6), { nil: undefined }), (maxValue) =>
    tf.layers.reLU(maxValue === undefined ? {} : { maxValue }),
  ),
  LeakyReLU: one(anyShape, fc.constantFrom(0.01, 0.3), (alpha) => tf.layers.leakyReLU({ alpha })),
  PReLU: one(anyShape, fc.boolean(), (shared, shape) =>
    tf.layers.prelu(shared && shape.length > 1 ? { sharedAxes: shape.slice(1).map((_, axis) => axis + 1) } : {}),
  ),
  ELU: one(anyShape, none, () => tf.layers.elu()),
  ThresholdedReLU: one(anyShape, fc.constantFrom(0, 0.7), (theta) => tf.layers.thresholdedReLU({ theta })),
  Softmax: one(anyShape, fc.boolean(), (several, shape) =>
    tf.layers.softmax(several && shape.length > 1 ? ({ axis: [1, shape.length] } as object) : { axis: -1 }),
  ),
  Conv1D: one(
    sequence,
    fc.record({
      filters: length(4),
      kernelSize: length(2),
      padding,
      useBias: fc.boolean(),
      activation,
      steps: steps(1),
    }),
    ({ steps: { strides, dilationRate }, ...args }) =>
      tf.layers.conv1d({ ...args, strides: strides[0], dilationRate: [dilationRate[0]] }),
  ),
  Conv2D: one(
    image,
    fc.record({ filters: length(4), kernelSize: pair(2), padding, useBias: fc.boolean(), activation, steps: steps(2) }),
    ({ steps: { strides, dilationRate }, ...args }) =>
      tf.layers.conv2d({
        ...args,
        strides: [strides[0], strides[1]],
        dilationRate: [dilationRate[0], dilationRate[1]],
      }),
  ),
  Conv2DTranspose: one(
    image,
    fc.record({
      filters: length(4),
      kernelSize: pair(4),
      strides: pair(3),
      padding,
      useBias: fc.boolean(),
      activation,
    }),
    (args) => tf.layers.conv2dTranspose(args),
  ),
  SeparableConv2D: one(
    image,
    fc.record({
      filters: length(4),
      kernelSize: pair(2),
      padding,
      depthMultiplier: length(3),
      useBias: fc.boolean(),
      activation,
      // tfjs runs its separable convolution with equal strides only.
      steps: fc.constantFrom([1, 1], [2, 1], [1, 2]),
    }),
    ({ steps: [stride, dilation], ...args }) =>
      tf.layers.separableConv2d({ ...args, strides: [stride, stride], dilationRate: [dilation, dilation] }),
  ),
  DepthwiseConv2D: one(
    image,
    fc.record({
      kernelSize: pair(3),
      strides: length(3),
      padding,
      depthMultiplier: length(3),
      useBias: fc.boolean(),
      activation,
    }),
    (args) => tf.layers.depthwiseConv2d(args),
  ),
  MaxPooling1D: one(sequence, pool1d, (args) => tf.layers.maxPooling1d(args)),
  MaxPooling2D: one(image, pool2d, (args) => tf.layers.maxPooling2d(args)),
  AveragePooling1D: one(sequence, pool1d, (args) => tf.layers.averagePooling1d(args)),
  AveragePooling2D: one(image, pool2d, (args) => tf.layers.averagePooling2d(args)),
  GlobalAveragePooling1D: one(sequence, none, () => tf.layers.globalAveragePooling1d()),
  GlobalAveragePooling2D: one(image, none, () => tf.layers.globalAveragePooling2d({})),
  GlobalMaxPooling1D: one(sequence, none, () => tf.layers.globalMaxPooling1d()),
  GlobalMaxPooling2D: one(image, none, () => tf.layers.globalMaxPooling2d({})),
  BatchNormalization: one(
    anyShape,
    fc.record({ center: fc.boolean(), scale: fc.boolean(), epsilon: fc.constantFrom(1e-3, 0.1) }),
    (args) => tf.layers.batchNormalization(args),
  ),
  LayerNormalization: one(
    anyShape,
    fc.record({ center: fc.boolean(), scale: fc.boolean(), axes: fc.constantFrom('last', 'first', 'all') }),
    ({ axes, ...args }, shape) =>
      tf.layers.layerNormalization({
        ...args,
        axis: axes === 'last' ? -1 : axes === 'first' ? [1] : shape.map((_, axis) => axis + 1),
      }),
  ),
  GroupNormalization: one(
    anyShape,
    fc.record({ some: fc.boolean(), center: fc.boolean(), scale: fc.boolean(), epsilon: fc.constantFrom(1e-3, 0.1) }),
    ({ some, ...args }, shape) => {
      const channels = shape[shape.length - 1];
      return new GroupNormalization({ ...args, groups: some && channels % 2 === 0 ? 2 : some ? 1 : -1 });
    },
  ),
  UnitNormalization: one(anyShape, fc.constantFrom('last', 'first', 'all'), (axes, shape) =>
    axes === 'last'
      ? new UnitNormalization()
      : new UnitNormalization({ axis: axes === 'first' ? 1 : shape.map((_, axis) => axis + 1) }),
  ),
  Normalization: one(
    anyShape,
    fc.record({ axes: fc.constantFrom('last', 'first', 'all', 'none'), invert: fc.boolean() }),
    ({ axes, invert }, shape) => {
      const axis = { last: -1, first: 1, all: shape.map((_, i) => i + 1), none: null }[axes];
      return new Normalization({ axis, invert });
    },
  ),
  Rescaling: one(anyShape, fc.record({ scale: fc.constantFrom(2, 1 / 255), offset: fc.constantFrom(0, -1) }), (args) =>
    tf.layers.rescaling(args),
  ),
  // normal inputs: as small a factor keeps the argument of the logarithm above 0
  Log1p: one(anyShape, fc.constantFrom(0.1, 0.05), (scale) => new Log1p({ scale })),
  Dropout: one(anyShape, fc.constantFrom(0, 0.5), (rate) => tf.layers.dropout({ rate, seed: 3 })),
  SpatialDropout1D: one(sequence, none, () => tf.layers.spatialDropout1d({ rate: 0.5 })),
  SpatialDropout2D: one(image, none, () => new SpatialDropout2D({ rate: 0.5 })),
  GaussianNoise: one(anyShape, none, () => tf.layers.gaussianNoise({ stddev: 1 })),
  GaussianDropout: one(anyShape, none, () => tf.layers.gaussianDropout({ rate: 0.5 })),
  AlphaDropout: one(anyShape, none, () => tf.layers.alphaDropout({ rate: 0.5 })),
  Flatten: one(fc.oneof(sequence, image), none, () => tf.layers.flatten()),
  Reshape: one(anyShape, fc.constantFrom('flat', 'rows', 'open', 'mirror'), (kind, shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const target = { flat: [size], rows: [1, size], open: [-1, shape[0]], mirror: [...shape].reverse() }[kind];
    return tf.layers.reshape({ targetShape: target });
  }),
  Permute: anyShape.chain((shape) =>
    fc
      .shuffledSubarray(
        shape.map((_, axis) => axis + 1),
        { minLength: shape.length },
      )
      .map((dims) => ({ inputs: [shape], layer: () => tf.layers.permute({ dims }) })),
  ),
  RepeatVector: one(fc.tuple(length(7)), length(4), (n) => tf.layers.repeatVector({ n })),
  ZeroPadding2D: one(image, margin, (pad) => tf.layers.zeroPadding2d({ padding: pad })),
  Cropping2D: one(image, margin, (cropping) => tf.layers.cropping2D({ cropping })),
  UpSampling2D: one(
    image,
    fc.record({ size: pair(3), interpolation: fc.constantFrom('nearest' as const, 'bilinear' as const) }),
    (args) => tf.layers.upSampling2d(args),
  ),
  Add: merging(() => tf.layers.add()),
  Subtract: anyShape.map((shape) => ({ inputs: [shape, shape], layer: () => new Subtract({}) })),
  Multiply: merging(() => tf.layers.multiply()),
  Average: merging(() => tf.layers.average()),
  Maximum: merging(() => tf.layers.maximum()),
  Minimum: merging(() => tf.layers.minimum()),
  Concatenate: fc
    .tuple(anyShape, fc.nat(2), fc.array(length(3), { minLength: 2, maxLength: 4 }))
    .map(([shape, axis, lengths]) => {
      const joined = axis % shape.length;
      return {
        inputs: lengths.map((own) => shape.map((other, i) => (i === joined ? own : other))),
        layer: () => tf.layers.concatenate({ axis: joined === shape.length - 1 ? -1 : joined + 1 }),
      };
    }),
  Dot: fc
    .tuple(length(4), length(4), length(4), fc.constantFrom(1, 2, 3, 4, 5, 6, 7), fc.boolean())
    .map(([i, j, k, kind, normalize]) => {
      const shapes: Record<number, readonly [Shape, Shape, number, number]> = {
        1: [[k], [k], 1, 1],
        2: [[i, k], [k, j], 2, 1],
        3: [[k, i], [k, j], 1, 1],
        4: [[i, k], [j, k], 2, 2],
        5: [[i, k], [k], 2, 1],
        6: [[k], [k, j], 1, 1],
        7: [[k], [j, k], 1, 2],
      };
      const [a, b, first, second] = shapes[kind];
      return { inputs: [a, b], layer: () => tf.layers.dot({ axes: [first, second], normalize }) };
    }),
  MultiHeadAttention: fc
    .record({
      rows: length(5),
      others: length(4),
      widths: fc.tuple(length(4), length(4), length(4)),
      numHeads: length(3),
      keyDim: length(3),
      valueDim: fc.option(length(4)),
      outputDim: fc.option(length(5)),
      useBias: fc.boolean(),
      keys: fc.boolean(),
    })
    .map(({ rows, others, widths: [query, value, key], keys, ...config }) => ({
      inputs: [[rows, query], [others, value], ...(keys ? [[others, key]] : [])],
      layer: () => new MultiHeadAttention({ ...config, dropout: 0.1 }),
    })),
  Embedding: fc
    .tuple(fc.oneof(fc.tuple(length(6)), fc.tuple(length(4), length(3))), length(9), length(4))
    .map(([shape, inputDim, outputDim]) => ({
      inputs: [shape],
      indices: inputDim,
      layer: () => tf.layers.embedding({ inputDim, outputDim }),
    })),
  SimpleRNN: one(sequence, recurrent, ({ recurrentActivation: _, ...args }) => tf.layers.simpleRNN(args)),
  GRU: one(sequence, recurrent, (args) => tf.layers.gru(args)),
  ResetAfterGRU: one(sequence, recurrent, (args) => new ResetAfterGRU(args)),
  LSTM: one(sequence, recurrent, (args) => tf.layers.lstm(args)),
  Bidirectional: one(
    sequence,
    fc.record({
      args: recurrent.map((args) => ({ ...args, goBackwards: false })),
      kind: fc.constantFrom('lstm', 'gru', 'resetAfterGru', 'simpleRNN'),
      mergeMode: fc.constantFrom('concat' as const, 'sum' as const, 'mul' as const, 'ave' as const),
    }),
    ({ args, kind, mergeMode }) => {
      const { recurrentActivation: _, ...plain } = args;
      const layer = {
        lstm: () => tf.layers.lstm(args),
        gru: () => tf.layers.gru(args),
        resetAfterGru: () => new ResetAfterGRU(args),
        simpleRNN: () => tf.layers.simpleRNN(plain),
      }[kind]();
      return tf.layers.bidirectional({ layer, mergeMode });
    },
  ),
  LocalResponseNormalization: one(
    image,
    fc.record({
      depthRadius: fc.nat(3),
      bias: fc.constantFrom(1, 2),
      alpha: fc.constantFrom(1e-4, 0.5),
      beta: fc.constantFrom(0.5, 0.75),
    }),
    (args) => new LocalResponseNormalization(args),
  ),
  MaxoutDense: one(
    fc.tuple(length(7)),
    fc.record({ units: length(4), pieces: length(4), seed: fc.nat(9) }),
    (args) => new MaxoutDense(args),
  ),
  LocallyConnected2D: one(
    image,
    fc.record({ filters: length(3), kernelSize: pair(3), strides: pair(2), seed: fc.nat(9), useBias: fc.boolean() }),
    (args) => new LocallyConnected2D(args),
  ),
  WeightedMean: anyShape.map((shape) => ({ inputs: [shape, shape], layer: () => new WeightedMean({}) })),
  Mirror: one(image, fc.constantFrom([1], [2], [1, 2]), (axes) => new Mirror({ axes })),
  SeededDropout: one(anyShape, none, () => new SeededDropout({ rate: 0.5, seed: 1 })),
};
