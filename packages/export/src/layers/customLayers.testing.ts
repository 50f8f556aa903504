/** @file The SDK's own layers, and Keras' Subtract, as tfjs layers with the configuration the exporter reads. */
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';

type Config = tfc.serialization.ConfigDict;
type Args = Record<string, number | number[] | string | boolean>;

abstract class TestLayer extends tf.layers.Layer {
  protected readonly args: Args;

  constructor(args: Args) {
    super({ ...(typeof args.name === 'string' ? { name: args.name } : {}) });
    this.args = args;
  }

  override getConfig(): Config {
    return { ...this.args, ...super.getConfig() };
  }

  protected abstract run(inputs: tfc.Tensor[]): tfc.Tensor;

  override call(inputs: tfc.Tensor | tfc.Tensor[]): tfc.Tensor {
    return tfc.tidy(() => this.run(Array.isArray(inputs) ? inputs : [inputs]));
  }

  protected weight(name: string, shape: number[]): tf.LayerVariable {
    return this.addWeight(name, shape, 'float32', tf.initializers.zeros());
  }
}

export class Subtract extends TestLayer {
  static className = 'Subtract';

  override computeOutputShape(shapes: tf.Shape[]): tf.Shape {
    return shapes[0];
  }

  protected run([a, b]: tfc.Tensor[]): tfc.Tensor {
    return tfc.sub(a, b);
  }
}

export class WeightedMean extends TestLayer {
  static className = 'WeightedMean';

  override computeOutputShape([values]: tf.Shape[]): tf.Shape {
    return [...values.slice(0, -1), 1];
  }

  protected run([values, logits]: tfc.Tensor[]): tfc.Tensor {
    return tfc.sum(tfc.mul(values, tfc.softmax(logits)), -1, true);
  }
}

export class SeededDropout extends TestLayer {
  static className = 'SeededDropout';

  protected run([x]: tfc.Tensor[]): tfc.Tensor {
    return x;
  }
}

export class Log1p extends TestLayer {
  static className = 'Log1p';

  protected run([x]: tfc.Tensor[]): tfc.Tensor {
    return tfc.log(tfc.add(tfc.mul(x, Number(this.args.scale)), 1));
  }
}

export class LocalResponseNormalization extends TestLayer {
  static className = 'LocalResponseNormalization';

  protected run([x]: tfc.Tensor[]): tfc.Tensor {
    const { depthRadius, bias, alpha, beta } = this.args;
    return tfc.localResponseNormalization(
      x as tfc.Tensor4D,
      Number(depthRadius),
      Number(bias),
      Number(alpha),
      Number(beta),
    );
  }
}

export class MaxoutDense extends TestLayer {
  static className = 'MaxoutDense';
  private kernel: tf.LayerVariable | undefined;
  private bias: tf.LayerVariable | undefined;

  override build(shape: tf.Shape): void {
    const columns = Number(this.args.units) * Number(this.args.pieces);
    this.kernel = this.weight('kernel', [Number(shape[1]), columns]);
    this.bias = this.weight('bias', [columns]);
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return [shape[0], Number(this.args.units)];
  }

  protected run([x]: tfc.Tensor[]): tfc.Tensor {
    const all = tfc.add(
      tfc.matMul(x as tfc.Tensor2D, this.kernel?.read() as tfc.Tensor2D),
      this.bias?.read() as tfc.Tensor,
    );
    return tfc.max(tfc.reshape(all, [-1, Number(this.args.pieces), Number(this.args.units)]), 1);
  }
}

export class LocallyConnected2D extends TestLayer {
  static className = 'LocallyConnected2D';
  private kernel: tf.LayerVariable | undefined;
  private bias: tf.LayerVariable | undefined;

  private pixels(shape: readonly (number | null)[]): [number, number] {
    const [height, width] = this.args.kernelSize as number[];
    const [down, right] = this.args.strides as number[];
    return [Math.floor((Number(shape[1]) - height) / down) + 1, Math.floor((Number(shape[2]) - width) / right) + 1];
  }

  override build(shape: tf.Shape): void {
    const [rows, columns] = this.pixels(shape);
    const [height, width] = this.args.kernelSize as number[];
    const filters = Number(this.args.filters);
    this.kernel = this.weight('kernel', [rows * columns, height * width * Number(shape[3]), filters]);
    if (this.args.useBias !== false) this.bias = this.weight('bias', [rows, columns, filters]);
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return [shape[0], ...this.pixels(shape), Number(this.args.filters)];
  }

  protected run([x]: tfc.Tensor[]): tfc.Tensor {
    const [rows, columns] = this.pixels(x.shape);
    const [height, width] = this.args.kernelSize as number[];
    const [down, right] = this.args.strides as number[];
    const kernel = this.kernel?.read() as tfc.Tensor3D;
    const sums: tfc.Tensor[] = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const patch = tfc.slice(x, [0, row * down, column * right, 0], [-1, height, width, -1]);
        const weights = tfc.slice(kernel, [row * columns + column, 0, 0], [1, -1, -1]);
        sums.push(tfc.matMul(tfc.reshape(patch, [x.shape[0], -1]), tfc.squeeze(weights, [0]) as tfc.Tensor2D));
      }
    const image = tfc.reshape(tfc.stack(sums, 1), [x.shape[0], rows, columns, Number(this.args.filters)]);
    return this.bias === undefined ? image : tfc.add(image, this.bias.read());
  }
}
