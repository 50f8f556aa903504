import { isJetError, JetError, random, sizeOf } from '@jetsdk/jets';
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { selectedBackend } from '../backend/backend.js';
import { numbersOf } from '../model/readTensors.js';
import { seededLayers } from './layers.js';
import { lineOf } from './lineOf.js';
import type { BuildNetwork, InputShape, Network } from './network.js';
import { withSettings } from './settings.js';

export interface BuildOptions {
  /** of one jet; default: that of the network */
  readonly inputShape?: InputShape;
  /** 1, or the number of classes; default: that of the network, or else 1 */
  readonly outputs?: number;
  /** an integer in [0, 2³²); the same seed gives the same weights */
  readonly seed: number;
  /** in place of those of the network, by dotted names such as `hidden.units` */
  readonly settings?: Readonly<Record<string, number | string | boolean>>;
}

/**
 * Makes a network with fresh weights, on the selected backend; dispose of it after use.
 *
 * @param network one of `zoo`, or of your own; or its build function alone
 * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected; BAD_ARGUMENT for a setting that it does not
 *   declare; BAD_MODEL if its build function throws, or gives something else than a network from one input of that
 *   shape to one list of numbers
 */
export async function buildNetwork(network: Network | BuildNetwork, options: BuildOptions): Promise<LayersModel> {
  const {
    name = 'network',
    build,
    settings,
    ...declared
  } = typeof network === 'function' ? { build: network } : network;
  selectedBackend();
  const inputShape = options.inputShape ?? declared.inputShape;
  if (inputShape === undefined)
    throw new JetError('BAD_ARGUMENT', `${name}: got no inputShape; expected that of one jet, e.g. [30, 30, 1]`);
  const outputs = options.outputs ?? declared.outputs;
  const context = {
    layers: seededLayers(options.seed),
    inputShape,
    outputs: outputs ?? 1,
    seed: options.seed,
    settings: withSettings(name, settings ?? {}, options.settings ?? {}),
  };
  let built: unknown;
  try {
    built = await build(context);
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JetError('BAD_MODEL', `${name}: its build function fails${lineOf(cause)}: ${reason}`, {}, { cause });
  }
  if (!(built instanceof LayersModel))
    throw new JetError(
      'BAD_MODEL',
      `${name}: its build function gives ${built === undefined ? 'nothing' : typeof built}; expected layers.sequential(…) or layers.model(…)`,
    );
  try {
    requireShapes(name, built, inputShape, outputs);
    return built;
  } catch (error) {
    built.dispose();
    throw error;
  }
}

function requireShapes(name: string, model: LayersModel, inputShape: InputShape, outputs: number | undefined): void {
  const { inputs, outputs: made } = model;
  const text = (shapes: readonly { readonly shape: readonly unknown[] }[]): string =>
    shapes.map(({ shape }) => shape.slice(1).join('×') || 'a number').join(' and ');
  if (inputs.length !== 1 || text(inputs) !== inputShape.join('×'))
    throw new JetError(
      'BAD_MODEL',
      `${name}: got a network that takes ${text(inputs)}; expected one that takes jets of ${inputShape.join('×')}; build it with inputShape, or choose the recipe that fits`,
      { inputShape },
    );
  const [output] = made;
  const width = output?.shape.at(-1);
  if (made.length !== 1 || output?.shape.length !== 2 || (outputs !== undefined && width !== outputs))
    throw new JetError(
      'BAD_MODEL',
      `${name}: got a network that gives ${text(made)}; expected ${outputs ?? 'one or more'} ${outputs === 1 ? 'number' : 'numbers'} per jet; end with layers.dense({ units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' })`,
      { outputs },
    );
}

/**
 * Outputs of a network for jets of so many classes: one for each where there are more than two, or else as it declares.
 *
 * @param classes of the jets, 2 or more
 */
export function outputsFor({ outputs }: Network, classes: number): number | undefined {
  return classes > 2 ? Math.max(classes, outputs ?? 0) : outputs;
}

/** Jets that outputs are looked at on. */
const PROBES = 4;

/**
 * Checks that what a network gives are probabilities, which its training needs.
 *
 * @throws {JetError} BAD_MODEL if one output is outside [0, 1], or several do not sum to 1
 */
export async function requireProbabilities(name: string, model: LayersModel): Promise<void> {
  const shape = model.inputs[0].shape.slice(1).map(Number);
  const { uniform } = random(1);
  const data = Float32Array.from({ length: PROBES * sizeOf(shape) }, () => uniform());
  const y = tidy(() => model.apply(tensor(data, [PROBES, ...shape]), { training: false }) as Tensor);
  const values = Array.from(await numbersOf(y));
  y.dispose();
  const width = values.length / PROBES;
  const outside = values.find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined)
    throw new JetError(
      'BAD_MODEL',
      `${name}: got an output of ${outside}; expected probabilities in [0, 1]; end with a sigmoid, or a softmax for several outputs`,
    );
  const sum = values.slice(0, width).reduce((a, b) => a + b, 0);
  if (width > 1 && Math.abs(sum - 1) > 1e-3)
    throw new JetError(
      'BAD_MODEL',
      `${name}: got ${width} outputs that sum to ${sum.toPrecision(4)}; expected probabilities that sum to 1; end with a softmax`,
    );
}
