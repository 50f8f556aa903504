import { add, concat, matMul, pad, reshape, slice, type Tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyShape, onlyTensor } from './layer.js';

type Pair = readonly [number, number];

export interface LocallyConnected2DConfig extends LayerConfig {
  readonly filters: number;
  readonly kernelSize: Pair;
  /** default [1, 1] */
  readonly strides?: Pair;
  /** of the initial kernel */
  readonly seed?: number;
}

/**
 * A convolution whose filter is another one at every pixel; no padding.
 * Weights: `kernel` [outHeight · outWidth, kernelHeight · kernelWidth · channels, filters],
 * `bias` [outHeight, outWidth, filters].
 */
export class LocallyConnected2D extends layers.Layer {
  static readonly className = 'LocallyConnected2D';
  readonly #filters: number;
  readonly #kernelSize: Pair;
  readonly #strides: Pair;
  readonly #seed: number | undefined;
  #kernel: LayerVariable | undefined;
  #bias: LayerVariable | undefined;

  constructor(config: LocallyConnected2DConfig) {
    super({ ...config });
    this.#filters = config.filters;
    this.#kernelSize = config.kernelSize;
    this.#strides = config.strides ?? [1, 1];
    this.#seed = config.seed;
  }

  override build(inputShape: LayerShape): void {
    const [, height, width] = this.computeOutputShape(inputShape) as number[];
    const channels = onlyShape(inputShape).at(-1)!;
    const inputs = this.#kernelSize[0] * this.#kernelSize[1] * channels;
    // The fan of one pixel's filter: the stack of filters would otherwise count as one very wide layer.
    const limit = Math.sqrt(6 / (inputs + this.#filters));
    const seed = this.#seed === undefined ? {} : { seed: this.#seed };
    const kernel = initializers.randomUniform({ minval: -limit, maxval: limit, ...seed });
    this.#kernel = this.addWeight('kernel', [height! * width!, inputs, this.#filters], 'float32', kernel);
    this.#bias = this.addWeight('bias', [height!, width!, this.#filters], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const [jets, height, width] = onlyShape(inputShape);
    const out = (size: number, axis: 0 | 1) => Math.floor((size - this.#kernelSize[axis]) / this.#strides[axis]) + 1;
    return [jets!, out(height!, 0), out(width!, 1), this.#filters];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyTensor(inputs);
      const [jets, height, width] = this.computeOutputShape(x.shape) as number[];
      const size: Pair = [height!, width!];
      const taps: Tensor[] = [];
      for (let row = 0; row < this.#kernelSize[0]; row++)
        for (let column = 0; column < this.#kernelSize[1]; column++)
          taps.push(pixelsFrom(x, [row, column], size, this.#strides));
      const patches = reshape(concat(taps, 3), [jets!, height! * width!, -1]);
      const products = matMul(transpose(patches, [1, 0, 2]), this.#kernel!.read());
      const y = reshape(transpose(products, [1, 0, 2]), [jets!, height!, width!, this.#filters]);
      return add(y, this.#bias!.read());
    });
  }

  override getConfig() {
    const own = { filters: this.#filters, kernelSize: [...this.#kernelSize], strides: [...this.#strides] };
    return { ...super.getConfig(), ...own, ...(this.#seed !== undefined && { seed: this.#seed }) };
  }
}

/** Pixels from (row, column) on in steps of `strides`; made of operations that have gradients, as stridedSlice has not. */
function pixelsFrom(x: Tensor, [row, column]: Pair, [outHeight, outWidth]: Pair, [down, right]: Pair): Tensor {
  const [jets, height, width, channels] = x.shape as [number, number, number, number];
  const [tall, wide] = [outHeight * down, outWidth * right];
  const [h, w] = [Math.min(height - row, tall), Math.min(width - column, wide)];
  const part = slice(x, [0, row, column, 0], [jets, h, w, channels]);
  if (down === 1 && right === 1) return part;
  const whole = pad(part, [
    [0, 0],
    [0, tall - h],
    [0, wide - w],
    [0, 0],
  ]);
  const rows = slice(reshape(whole, [jets * outHeight, down, wide * channels]), [0, 0, 0], [-1, 1, -1]);
  const pixels = slice(reshape(rows, [jets * outHeight * outWidth, right, channels]), [0, 0, 0], [-1, 1, -1]);
  return reshape(pixels, [jets, outHeight, outWidth, channels]);
}
