/** @file What trainings have in common: epochs and batches, the best weights, and going on after an interruption. */
import { turn } from '@jetsdk/jets';
import { mul, square, sum, type Tensor, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { MultiHeadAttention, SeededDropout } from '../layers/index.js';
import { numbersOf, valuesOf } from '../model/readTensors.js';
import type { EpochLosses } from './history.js';
import { diverged, drawOrder, stopIfAborted } from './loop.js';
import { makeOptimizer } from './makeOptimizer.js';
import type { OptimizerChoice, OptimizerState } from './optimizer.js';
import { learningRateAfter, type Schedule } from './schedule.js';

/** All that training needs to go on after an epoch, bit for bit as if it had not stopped. */
export interface TrainingState<R extends EpochLosses> {
  readonly history: readonly R[];
  readonly warnings: readonly string[];
  /** in the order of `model.weights` */
  readonly weights: readonly Float32Array[];
  readonly optimizer: OptimizerState;
  readonly best: { readonly epoch: number; readonly valLoss: number; readonly weights: readonly Float32Array[] };
}

/** Where training stands within an epoch. */
export interface BatchLosses {
  readonly epoch: number;
  /** 1, 2, … `batches` */
  readonly batch: number;
  readonly batches: number;
  /** mean over the jets of this epoch so far */
  readonly loss: number;
  /** of this epoch so far */
  readonly seconds: number;
}

export interface EpochOptions<R extends EpochLosses> {
  readonly batchSize: number;
  /** largest number of epochs */
  readonly epochs: number;
  /** epochs without a smaller validation loss before training stops */
  readonly patience: number;
  readonly learningRate: number;
  /** an integer in [0, 2³²); decides the order of the jets */
  readonly seed: number;
  /** default: Adam */
  readonly optimizer?: OptimizerChoice;
  /** default: the learning rate stays as it is */
  readonly schedule?: Schedule;
  /** gradients of all weights together are scaled down to this length */
  readonly clipNorm?: number;
  /** what an earlier call gave to `onState` */
  readonly resume?: TrainingState<R>;
  onEpoch?(record: R): void | Promise<void>;
  /** after each epoch, before `onEpoch` */
  onState?(state: TrainingState<R>): void | Promise<void>;
  onWarning?(warning: string): void;
  readonly signal?: AbortSignal;
}

export interface EpochsResult<R extends EpochLosses> {
  readonly history: readonly R[];
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  readonly warnings: readonly string[];
}

/** A batch of an epoch: the jets order[first] to order[last − 1]. */
export interface Batch {
  /** counted over all epochs */
  readonly number: number;
  readonly first: number;
  readonly last: number;
}

/** Moves the weights, given the gradients of all trainable ones. */
export type Apply = (gradients: Tensor[]) => Promise<void>;

/** What is learned, and how it is measured. */
export interface Lesson<R extends EpochLosses> {
  /** jets to learn from */
  readonly jets: number;
  /**
   * Begins an epoch.
   *
   * @returns learns from a batch, and tells the mean loss of its jets; `apply` is not called where that is not finite
   */
  begin(order: Uint32Array, epoch: number): (batch: Batch, apply: Apply) => Promise<number>;
  /** mean loss on the validation jets */
  validate(): Promise<number>;
  /** What is kept of an epoch. */
  record(losses: EpochLosses): R;
  /** told after each batch */
  onBatch(progress: BatchLosses, jets: number): void;
  /** what is odd after an epoch, if anything */
  warn(epoch: number): string | undefined;
}

const KEPT = { kept: '; the best weights before are kept' };

/**
 * Trains a network epoch by epoch. The weights of the epoch with the smallest validation loss are put back at the end.
 *
 * @param network changed in place
 * @throws {JetError} TRAINING_DIVERGED if the loss is no finite number, CANCELLED if `signal` asks for it: the network
 *   then has the weights of the best epoch so far
 */
export async function trainEpochs<R extends EpochLosses>(
  network: LayersModel,
  lesson: Lesson<R>,
  options: EpochOptions<R>,
): Promise<EpochsResult<R>> {
  const { batchSize, epochs, patience, seed, resume, signal } = options;
  const { jets } = lesson;
  const history = [...(resume?.history ?? [])];
  const warnings = [...(resume?.warnings ?? [])];
  let best = resume?.best ?? { epoch: 0, valLoss: Infinity, weights: await weightsOf(network) };
  if (resume) setWeights(network, resume.weights);
  const optimizer = makeOptimizer(options.optimizer, variablesOf(network), resume?.optimizer);
  const order = new Uint32Array(jets);
  const batches = Math.ceil(jets / batchSize);

  try {
    while (history.length < epochs && history.length - best.epoch < patience) {
      const epoch = history.length + 1;
      const started = performance.now();
      drawOrder(order, seed, epoch);
      const learningRate = learningRateAfter(options.schedule, options.learningRate, epochs, history);
      const learn = lesson.begin(order, epoch);
      const apply: Apply = async (gradients) => {
        const scale = await clipScale(gradients, options.clipNorm);
        tidy(() => {
          const scaled = scale === 1 ? gradients : gradients.map((gradient) => mul(gradient, scale));
          optimizer.step(scaled, learningRate);
        });
      };
      let lossSum = 0;
      for (let batch = 0; batch < batches; batch++) {
        stopIfAborted('fit', epoch, signal);
        const [first, last] = [batch * batchSize, Math.min(jets, (batch + 1) * batchSize)];
        const number = (epoch - 1) * batches + batch;
        setDropoutStep(network, number);
        const loss = await learn({ number, first, last }, apply);
        if (!Number.isFinite(loss)) throw diverged('fit', epoch, loss, KEPT);
        lossSum += loss * (last - first);
        const passed = (performance.now() - started) / 1000;
        lesson.onBatch({ epoch, batch: batch + 1, batches, loss: lossSum / last, seconds: passed }, last);
        await turn();
      }
      const valLoss = await lesson.validate();
      if (!Number.isFinite(valLoss)) throw diverged('fit', epoch, valLoss, KEPT);
      const seconds = (performance.now() - started) / 1000;
      const record = lesson.record({ epoch, loss: lossSum / jets, valLoss, learningRate, seconds });
      history.push(record);
      if (valLoss < best.valLoss) best = { epoch, valLoss, weights: await weightsOf(network) };
      const warning = lesson.warn(epoch);
      if (warning !== undefined) {
        warnings.push(warning);
        options.onWarning?.(warning);
      }
      await options.onState?.({
        history: [...history],
        warnings: [...warnings],
        weights: await weightsOf(network),
        optimizer: await optimizer.state(),
        best,
      });
      await options.onEpoch?.(record);
    }
  } finally {
    optimizer.dispose();
    setWeights(network, best.weights);
  }
  return { history, bestEpoch: best.epoch, stoppedEarly: history.length < epochs, warnings };
}

/** What training changes, in the order of the gradients. */
export function variablesOf(network: LayersModel): Variable[] {
  return network.trainableWeights.map((weight) => weight.read() as Variable);
}

/** All weights, in the order of `network.weights`. */
export function weightsOf(network: LayersModel): Promise<Float32Array[]> {
  return valuesOf(network.weights.map((weight) => weight.read()));
}

/** Replaces all weights; `values` are in the order of `network.weights`. */
export function setWeights(network: LayersModel, values: readonly Float32Array[]): void {
  tidy(() => {
    for (const [i, weight] of network.weights.entries()) weight.write(tensor(values[i], weight.shape as number[]));
  });
}

/** What to multiply gradients with so that all of them together are no longer than `norm`. */
async function clipScale(gradients: Tensor[], norm: number | undefined): Promise<number> {
  if (norm === undefined) return 1;
  let squares = 0;
  for (const gradient of gradients) {
    const total = tidy(() => sum(square(gradient)));
    squares += (await numbersOf(total))[0];
    total.dispose();
  }
  return Math.min(1, norm / Math.sqrt(squares));
}

export function setDropoutStep({ layers }: Pick<LayersModel, 'layers'>, step: number): void {
  for (const layer of layers)
    if (layer instanceof LayersModel) setDropoutStep(layer, step);
    else if (layer instanceof SeededDropout || layer instanceof MultiHeadAttention) layer.step = step;
}
