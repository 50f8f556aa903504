import { float, int } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { needRank } from './shared/shapes.js';

interface LocalResponseConfig {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/**
 * The SDK's own layer over `tf.localResponseNormalization`: x / (bias + alpha · Σ x²)^beta, the sum running over the
 * channels within `depth_radius`. ONNX LRN divides its alpha by the number of channels in the window.
 *
 * @see https://js.tensorflow.org/api/latest/#localResponseNormalization
 * @see https://onnx.ai/onnx/operators/onnx__LRN.html
 */
export const localResponseNormalization: LayerRule<LocalResponseConfig> = {
  kind: 'LocalResponseNormalization',
  supports: 'any radius, bias, alpha and beta; images',
  operators: ['LRN'],

  parse(config) {
    const [depthRadius] = config.counts('depth_radius', 1, undefined, 0);
    const parsed = {
      depthRadius,
      bias: config.number('bias'),
      alpha: config.number('alpha'),
      beta: config.number('beta'),
    };
    config.done();
    return parsed;
  },

  outputShape(_, [input]) {
    needRank('LocalResponseNormalization', input, 3);
    return input;
  },

  forward({ depthRadius, bias, alpha, beta }, [x]) {
    const channels = x.shape[2];
    const data = x.data.map((value, i) => {
      const c = i % channels;
      let sum = 0;
      for (let d = Math.max(0, c - depthRadius); d <= Math.min(channels - 1, c + depthRadius); d++)
        sum += x.data[i - c + d] ** 2;
      return value / (bias + alpha * sum) ** beta;
    });
    return { shape: x.shape, data };
  },

  emit({ depthRadius, bias, alpha, beta }, [x], _, to) {
    const size = 2 * depthRadius + 1;
    return to.map('LRN', to.channelsFirst(x), [], {
      size: int(size),
      bias: float(bias),
      alpha: float(alpha * size),
      beta: float(beta),
    });
  },
};
