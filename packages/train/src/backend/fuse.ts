/** @file Lets layers of a model run on the fused kernels of the wasm backend. */
import { cast, conv2d, engine, getBackend, mul, sub, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { BATCH_NORMALISATION } from './wasm/kernels/batchNormalisation.js';
import { FUSED_CONVOLUTION } from './wasm/kernels/convolution.js';
import { ENLARGEMENT } from './wasm/kernels/enlargement.js';
import { LOOKUP } from './wasm/kernels/lookup.js';
import { DENSE } from './wasm/kernels/product.js';
import { RECTIFIER } from './wasm/kernels/rectifier.js';
import { transposedConvolution } from './wasm/kernels/transposedConvolution.js';

type Call = layers.Layer['call'];
type Replacement = (layer: layers.Layer) => Call | undefined;

/**
 * Replaces the forward pass of Conv2D, Conv2DTranspose, Dense, Embedding, ReLU, UpSampling2D and BatchNormalization layers where a
 * fused kernel does the same.
 * On other backends the model stays as it is.
 */
export function fuseLayers(model: LayersModel): void {
  if (getBackend() !== 'wasm') return;
  for (const layer of model.layers) {
    if (seen.has(layer)) continue;
    seen.add(layer);
    const fused = replacements[layer.getClassName()]?.(layer);
    if (fused === undefined) continue;
    const original = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => (getBackend() === 'wasm' ? fused : original)(inputs, kwargs);
  }
}

const seen = new WeakSet<layers.Layer>();

const replacements: Readonly<Record<string, Replacement>> = {
  Conv2D(layer) {
    const config = layer.getConfig();
    const dilated = [config['dilationRate']].flat().some((rate) => rate !== 1 && rate !== undefined && rate !== null);
    const activation = config['activation'];
    if (dilated || config['dataFormat'] === 'channelsFirst' || !isSimple(activation)) return undefined;
    const strides = config['strides'] as [number, number];
    const pad = config['padding'] as 'same' | 'valid';
    const relu = activation === 'relu';
    if (config['useBias'])
      return (inputs) =>
        tidy(() => {
          const [filter, bias] = layer.weights.map((weight) => weight.read());
          const tensors = { x: single(inputs), filter: filter!, bias: bias! };
          return engine().runKernel<Tensor>(FUSED_CONVOLUTION, tensors, { strides, pad, dataFormat: 'NHWC', relu });
        });
    // the stock layer's gradient is always also that of its input, which may be the images
    return (inputs) =>
      tidy(() => {
        const [filter] = layer.weights.map((weight) => weight.read());
        const x = conv2d(single(inputs) as Tensor4D, filter as Tensor4D, strides, pad);
        return relu ? engine().runKernel<Tensor>(RECTIFIER, { x }) : x;
      });
  },

  Conv2DTranspose(layer) {
    const { useBias, dataFormat, activation, strides, padding } = layer.getConfig();
    if (!useBias || dataFormat === 'channelsFirst' || !isSimple(activation)) return undefined;
    const attrs = {
      strides: strides as [number, number],
      padding: padding as 'same' | 'valid',
      relu: activation === 'relu',
    };
    return (inputs) =>
      tidy(() => {
        const [filter, bias] = layer.weights.map((weight) => weight.read());
        return transposedConvolution(single(inputs), filter!, bias!, attrs);
      });
  },

  Embedding(layer) {
    // layers that are told a length hold their input to it
    const { inputLength } = layer.getConfig();
    if (inputLength !== undefined && inputLength !== null) return undefined;
    return (inputs) =>
      tidy(() => {
        const [table] = layer.weights.map((weight) => weight.read());
        return engine().runKernel<Tensor>(LOOKUP, { numbers: cast(single(inputs), 'int32'), table: table! });
      });
  },

  Dense(layer) {
    const config = layer.getConfig();
    const activation = config['activation'];
    if (!config['useBias'] || !isSimple(activation)) return undefined;
    const original = layer.call.bind(layer);
    return (inputs, kwargs) => {
      const x = single(inputs);
      if (x.rank !== 2) return original(inputs, kwargs);
      return tidy(() => {
        const [kernel, bias] = layer.weights.map((weight) => weight.read());
        return engine().runKernel<Tensor>(DENSE, { x, kernel: kernel!, bias: bias! }, { relu: activation === 'relu' });
      });
    };
  },

  ReLU(layer) {
    const { maxValue } = layer.getConfig();
    if (maxValue !== undefined && maxValue !== null) return undefined;
    return (inputs) => engine().runKernel<Tensor>(RECTIFIER, { x: single(inputs) });
  },

  UpSampling2D(layer) {
    const { size, dataFormat, interpolation } = layer.getConfig();
    if (dataFormat === 'channelsFirst' || interpolation === 'bilinear') return undefined;
    return (inputs) => engine().runKernel<Tensor>(ENLARGEMENT, { x: single(inputs) }, { size: size as number[] });
  },

  BatchNormalization(layer) {
    const { axis, center, scale, epsilon, momentum } = layer.getConfig();
    const channels = layer.weights[0]?.shape[0] ?? 0;
    const last = axis === -1 || axis === (layer.input as { shape: unknown[] }).shape.length - 1;
    if (!last || !center || !scale || channels % 4 !== 0) return undefined;
    const original = layer.call.bind(layer);
    return (inputs, kwargs) => {
      if (!kwargs['training']) return original(inputs, kwargs);
      return tidy(() => {
        const [gamma, beta] = layer.trainableWeights.map((weight) => weight.read());
        const tensors = { x: single(inputs), gamma: gamma!, beta: beta! };
        const [y, ...batch] = engine().runKernel<Tensor[]>(BATCH_NORMALISATION, tensors, {
          epsilon: epsilon as number,
        });
        const moving = layer.weights.filter((weight) => !layer.trainableWeights.includes(weight));
        moving.forEach((variable, i) => {
          const old = variable.read();
          variable.write(sub(old, mul(sub(old, batch[i]), 1 - (momentum as number))));
        });
        return y!;
      });
    };
  },
};

function isSimple(activation: unknown): boolean {
  return activation === 'relu' || activation === 'linear';
}

function single(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}
