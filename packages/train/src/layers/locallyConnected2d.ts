import {
  add,
  concat,
  engine,
  getBackend,
  matMul,
  pad,
  reshape,
  slice,
  type Tensor,
  tensor,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { PATCHES } from '../backend/wasm/kernels/patches.js';
import { type LayerConfig, type LayerShape, onlyShape, onlyTensor } from './layer.js';

type Pair = readonly [number, number];

export interface LocallyConnected2DConfig extends LayerConfig {
  readonly filters: number;
  readonly kernelSize: Pair;
  /** default [1, 1] */
  readonly strides?: Pair;
  /** default true */
  readonly useBias?: boolean;
  /** of the kernel, whose fan in and out are both the root of its size, as in the Keras of this layer's networks; default `glorotUniform` */
  readonly kernelInitializer?: 'glorotUniform' | 'heUniform' | undefined;
  /** of each filter at the beginning; default 0 */
  readonly initialBias?: readonly number[];
  /** of the initial kernel */
  readonly seed?: number;
}

/**
 * A convolution whose filter is another one at every pixel; no padding.
 * Weights: `kernel` [outHeight · outWidth, kernelHeight · kernelWidth · channels, filters],
 * `bias` [outHeight, outWidth, filters] where it has one.
 */
export class LocallyConnected2D extends layers.Layer {
  static readonly className = 'LocallyConnected2D';
  readonly #filters: number;
  readonly #kernelSize: Pair;
  readonly #strides: Pair;
  readonly #useBias: boolean;
  readonly #kernelInitializer: 'glorotUniform' | 'heUniform';
  readonly #initialBias: readonly number[] | undefined;
  readonly #seed: number | undefined;
  #kernel: LayerVariable | undefined;
  #bias: LayerVariable | undefined;

  constructor(config: LocallyConnected2DConfig) {
    super({ ...config });
    this.#filters = config.filters;
    this.#kernelSize = config.kernelSize;
    this.#strides = config.strides ?? [1, 1];
    this.#useBias = config.useBias ?? true;
    this.#kernelInitializer = config.kernelInitializer ?? 'glorotUniform';
    this.#initialBias = config.initialBias;
    this.#seed = config.seed;
  }

  override build(inputShape: LayerShape): void {
    const [, height, width] = this.computeOutputShape(inputShape) as number[];
    const channels = onlyShape(inputShape).at(-1)!;
    const inputs = this.#kernelSize[0] * this.#kernelSize[1] * channels;
    const fan = Math.sqrt(height! * width! * inputs * this.#filters);
    const limit = Math.sqrt((this.#kernelInitializer === 'glorotUniform' ? 3 : 6) / fan);
    const seed = this.#seed === undefined ? {} : { seed: this.#seed };
    const kernel = initializers.randomUniform({ minval: -limit, maxval: limit, ...seed });
    this.#kernel = this.addWeight('kernel', [height! * width!, inputs, this.#filters], 'float32', kernel);
    if (this.#useBias)
      this.#bias = this.addWeight('bias', [height!, width!, this.#filters], 'float32', initializers.zeros());
    this.built = true;
    const initial = this.#initialBias;
    if (initial !== undefined && this.#bias !== undefined) {
      const pixels = Array.from({ length: height! * width! }, () => initial).flat();
      this.#bias.write(tensor(pixels, [height!, width!, this.#filters]));
    }
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
      const products = matMul(this.#patches(x, [height!, width!]), this.#kernel!.read());
      const y = reshape(transpose(products, [1, 0, 2]), [jets!, height!, width!, this.#filters]);
      return this.#bias === undefined ? y : add(y, this.#bias.read());
    });
  }

  /** (pixels, jets, numbers of a patch) */
  #patches(x: Tensor, size: Pair): Tensor {
    const [kernelSize, strides] = [this.#kernelSize, this.#strides];
    if (getBackend() === 'wasm')
      return engine().runKernel<Tensor>(
        PATCHES,
        { x },
        { shape: x.shape, kernelSize: [...kernelSize], strides: [...strides] },
      );
    const taps: Tensor[] = [];
    for (let row = 0; row < kernelSize[0]; row++)
      for (let column = 0; column < kernelSize[1]; column++) taps.push(pixelsFrom(x, [row, column], size, strides));
    return transpose(reshape(concat(taps, 3), [x.shape[0], size[0] * size[1], -1]), [1, 0, 2]);
  }

  override getConfig() {
    const own = { filters: this.#filters, kernelSize: [...this.#kernelSize], strides: [...this.#strides] };
    const rest = {
      ...(!this.#useBias && { useBias: false }),
      ...(this.#kernelInitializer !== 'glorotUniform' && { kernelInitializer: this.#kernelInitializer }),
      ...(this.#initialBias !== undefined && { initialBias: [...this.#initialBias] }),
    };
    return { ...super.getConfig(), ...own, ...rest, ...(this.#seed !== undefined && { seed: this.#seed }) };
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
