import { JetError, random } from '@jetsdk/jets';
import {
  add,
  customGrad,
  dispose,
  keep,
  mul,
  type Scalar,
  scalar,
  square,
  sum,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { readsAtOnce } from '../backend/webgpu.js';
import { type Augmentation, checkAugmentation } from '../data/augment.js';
import { asTensor, checkExamples, type Examples, inputShapeOf, outputsOf } from '../data/examples.js';
import { readAhead, rowReader } from '../data/inputs.js';
import { MultiHeadAttention, SeededDropout } from '../layers/index.js';
import { numbersOf, valuesOf } from '../model/readTensors.js';
import { derivedSeed } from '../seeds.js';
import type { EpochRecord } from './history.js';
import { jetWeights } from './jetWeights.js';
import { learntNothing } from './learntNothing.js';
import { type BatchLoss, crossEntropy, crossEntropyGradient } from './loss.js';
import { makeOptimizer } from './makeOptimizer.js';
import { checkOptimizer, type OptimizerChoice, type OptimizerState } from './optimizer.js';
import { predictAll } from './predict.js';
import { checkSchedule, learningRateAfter, type Schedule } from './schedule.js';

/** All that training needs to go on after an epoch, bit for bit as if it had not stopped. */
export interface FitState {
  readonly history: readonly EpochRecord[];
  readonly warnings: readonly string[];
  /** in the order of `model.weights` */
  readonly weights: readonly Float32Array[];
  readonly optimizer: OptimizerState;
  readonly best: { readonly epoch: number; readonly valLoss: number; readonly weights: readonly Float32Array[] };
}

/** Where training stands within an epoch. */
export interface BatchProgress {
  readonly epoch: number;
  /** 1, 2, … `batches` */
  readonly batch: number;
  readonly batches: number;
  /** mean over the jets of this epoch so far */
  readonly loss: number;
  readonly accuracy: number;
  /** seconds of this epoch so far, and those in which the next jets were waited for */
  readonly seconds: number;
  readonly waited: number;
}

export interface FitOptions {
  /** jets on which the best epoch is chosen */
  readonly validation: Examples;
  readonly batchSize: number;
  /** largest number of epochs */
  readonly epochs: number;
  /** epochs without a smaller validation loss before training stops */
  readonly patience: number;
  readonly learningRate: number;
  /** an integer in [0, 2³²); decides the order of the jets */
  readonly seed: number;
  /** how much each class counts in training, beside the weights of the jets; `balanced`: as if all had the same number of jets */
  readonly classWeights?: readonly number[] | 'balanced';
  readonly augmentation?: Augmentation;
  /** default: Adam */
  readonly optimizer?: OptimizerChoice;
  /** default: the learning rate stays as it is */
  readonly schedule?: Schedule;
  /** gradients of all weights together are scaled down to this length */
  readonly clipNorm?: number;
  /** what an earlier call gave to `onState` */
  readonly resume?: FitState;
  onBatch?(progress: BatchProgress): void;
  onEpoch?(record: EpochRecord): void | Promise<void>;
  /** after each epoch, before `onEpoch` */
  onState?(state: FitState): void | Promise<void>;
  onWarning?(warning: string): void;
  readonly signal?: AbortSignal;
}

export interface FitResult {
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  readonly warnings: readonly string[];
}

/** Epochs after which a network must tell the classes apart. */
const LEARNT_AFTER = 5;

/**
 * Trains a network on the cross-entropy of its output probabilities; its last layer is a sigmoid (one
 * output) or a softmax. The weights of the epoch with the smallest validation loss are put back at the end.
 *
 * @param network changed in place
 * @param training jets of the shape the network takes, with their classes and weights; not modified
 * @throws {JetError} SHAPE_MISMATCH, NOT_FINITE, BAD_DATASET for data that do not fit; OUT_OF_RANGE for bad settings;
 *   TRAINING_DIVERGED if the loss is no finite number, CANCELLED if `signal` asks for it: the network then has the
 *   weights of the best epoch so far
 */
export async function fit(network: LayersModel, training: Examples, options: FitOptions): Promise<FitResult> {
  const { inputs, labels } = training;
  const { validation, batchSize, epochs, patience, seed, resume, signal } = options;
  const outputs = outputsOf(network);
  checkSettings(options);
  checkExamples('training data', network, outputs, training);
  checkExamples('validation data', network, outputs, validation);
  const shape = inputShapeOf(network);
  if (options.augmentation) checkAugmentation(options.augmentation, shape);
  const weights = jetWeights(training, Math.max(2, outputs), options.classWeights);
  fuseLayers(network);

  const history = [...(resume?.history ?? [])];
  const warnings = [...(resume?.warnings ?? [])];
  let best = resume?.best ?? { epoch: 0, valLoss: Infinity, weights: await weightsOf(network) };
  if (resume) setWeights(network, resume.weights);
  const variables = network.trainableWeights.map((weight) => weight.read() as Variable);
  const optimizer = makeOptimizer(options.optimizer, variables, resume?.optimizer);
  const jets = inputs.shape[0];
  const order = new Uint32Array(jets);
  const batches = Math.ceil(jets / batchSize);
  const read = rowReader(inputs);

  try {
    while (history.length < epochs && history.length - best.epoch < patience) {
      const epoch = history.length + 1;
      const started = performance.now();
      for (let i = 0; i < jets; i++) order[i] = i;
      random(derivedSeed(seed, 'shuffle', epoch)).shuffle(order);
      const learningRate = learningRateAfter(options.schedule, options.learningRate, epochs, history);
      const { augmentation } = options;
      const nextRows = readAhead(batches, (batch) =>
        read(
          order.slice(batch * batchSize, (batch + 1) * batchSize),
          augmentation && { augmentation, seed: derivedSeed(seed, 'augment', (epoch - 1) * batches + batch) },
        ),
      );
      let [lossSum, correct, waited] = [0, 0, 0];
      for (let batch = 0; batch < batches; batch++) {
        if (signal?.aborted)
          throw new JetError('CANCELLED', `fit: stopped in epoch ${epoch}; resume it from the last whole epoch`, {
            epoch,
          });
        const [first, last] = [batch * batchSize, Math.min(jets, (batch + 1) * batchSize)];
        const number = (epoch - 1) * batches + batch;
        setDropoutStep(network, number);
        const asked = performance.now();
        const rows = await nextRows();
        waited += (performance.now() - asked) / 1000;
        const picked = pick(labels, order, first, last);
        const counts = weights && pick(weights, order, first, last);
        const step = await trainStep(network, variables, rows, picked, counts, async (gradients) => {
          const scale = await clipScale(gradients, options.clipNorm);
          tidy(() => {
            const scaled = scale === 1 ? gradients : gradients.map((gradient) => mul(gradient, scale));
            optimizer.step(scaled, learningRate);
          });
        });
        if (!Number.isFinite(step.loss)) throw diverged(epoch, step.loss);
        lossSum += step.loss * (last - first);
        correct += step.correct;
        options.onBatch?.({
          epoch,
          batch: batch + 1,
          batches,
          loss: lossSum / last,
          accuracy: correct / last,
          seconds: (performance.now() - started) / 1000,
          waited,
        });
        await eventLoop();
      }
      const checked = await evaluate(network, validation, batchSize);
      if (!Number.isFinite(checked.loss)) throw diverged(epoch, checked.loss);
      const record: EpochRecord = {
        epoch,
        loss: lossSum / jets,
        accuracy: correct / jets,
        valLoss: checked.loss,
        valAccuracy: checked.correct / validation.labels.length,
        learningRate,
        seconds: (performance.now() - started) / 1000,
        waited,
      };
      history.push(record);
      if (record.valLoss < best.valLoss) best = { epoch, valLoss: record.valLoss, weights: await weightsOf(network) };
      if (epoch === LEARNT_AFTER && outputs <= 2) {
        const warning = learntNothing(checked.probabilities, outputs, validation.labels);
        if (warning) {
          warnings.push(warning);
          options.onWarning?.(warning);
        }
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

interface Step {
  readonly loss: number;
  readonly correct: number;
}

/** Loss and gradients of one batch; `apply` moves the weights unless the loss is not finite. */
async function trainStep(
  network: LayersModel,
  variables: Variable[],
  rows: Float32Array,
  labels: Uint8Array,
  weights: Float32Array | undefined,
  apply: (gradients: Tensor[]) => Promise<void>,
): Promise<Step> {
  const outputs = outputsOf(network);
  let probabilities: Tensor | undefined;
  let batch: BatchLoss | undefined;
  const crossEntropyOf = customGrad((...args) => {
    const p = keep(args[0] as Tensor);
    probabilities = p;
    if (readsAtOnce()) batch = crossEntropy(p.dataSync(), outputs, labels, weights);
    const gradFunc = (dy: Tensor): Tensor =>
      mul(batch ? tensor(batch.gradient, p.shape) : crossEntropyGradient(p, outputs, labels, weights), dy);
    return { value: scalar(0), gradFunc };
  });
  const x = asTensor(rows, inputShapeOf(network));
  const { value, grads } = variableGrads(
    () =>
      tidy(() => {
        const y = network.apply(x, { training: true }) as Tensor;
        return withPenalties(crossEntropyOf(y) as Scalar, network);
      }),
    variables,
  );
  try {
    batch ??= crossEntropy(await numbersOf(probabilities!), outputs, labels, weights);
    const loss = batch.loss + (await numbersOf(value))[0];
    if (Number.isFinite(loss)) await apply(variables.map((variable) => grads[variable.name]));
    return { loss, correct: batch.correct };
  } finally {
    dispose([x, value, probabilities!, ...Object.values(grads)]);
  }
}

function withPenalties(loss: Scalar, network: LayersModel): Scalar {
  return network.calculateLosses().reduce((sum, penalty) => add(sum, penalty), loss);
}

/** Loss and predictions on the validation jets, in inference mode. */
async function evaluate(
  network: LayersModel,
  examples: Examples,
  batchSize: number,
): Promise<Step & { probabilities: Float32Array }> {
  const probabilities = await predictAll(network, examples.inputs, batchSize);
  const { loss, correct } = crossEntropy(probabilities, outputsOf(network), examples.labels, examples.weights);
  const penalties = tidy(() => withPenalties(scalar(0), network));
  const total = (await numbersOf(penalties))[0] + loss;
  penalties.dispose();
  return { loss: total, correct, probabilities };
}

function weightsOf(network: LayersModel): Promise<Float32Array[]> {
  return valuesOf(network.weights.map((weight) => weight.read()));
}

/** Replaces all weights; `values` are in the order of `network.weights`. */
export function setWeights(network: LayersModel, values: readonly Float32Array[]): void {
  tidy(() => {
    for (const [i, weight] of network.weights.entries()) weight.write(tensor(values[i], weight.shape as number[]));
  });
}

function pick<T extends Uint8Array | Float32Array>(values: T, order: Uint32Array, first: number, last: number): T {
  const out = values.slice(first, last) as T;
  for (let i = first; i < last; i++) out[i - first] = values[order[i]];
  return out;
}

function diverged(epoch: number, loss: number): JetError {
  return new JetError(
    'TRAINING_DIVERGED',
    `fit: the loss became ${loss} in epoch ${epoch}; the best weights before are kept; try a smaller learning rate`,
    { epoch, loss },
  );
}

/** @throws {JetError} OUT_OF_RANGE for a bad setting */
export function checkSettings({
  batchSize,
  epochs,
  patience,
  learningRate,
  optimizer,
  schedule,
  clipNorm,
}: Omit<FitOptions, 'validation' | 'seed'>): void {
  for (const [name, value] of Object.entries({ batchSize, epochs, patience }))
    if (!Number.isInteger(value) || value < 1)
      throw new JetError('OUT_OF_RANGE', `fit: ${name} ${value}; expected an integer ≥ 1`, { [name]: value });
  if (!(learningRate > 0 && learningRate < Infinity))
    throw new JetError('OUT_OF_RANGE', `fit: learningRate ${learningRate}; expected a number > 0`, { learningRate });
  if (clipNorm !== undefined && !(clipNorm > 0))
    throw new JetError('OUT_OF_RANGE', `fit: clipNorm ${clipNorm}; expected a number > 0`, { clipNorm });
  if (schedule) checkSchedule(schedule);
  if (optimizer) checkOptimizer(optimizer);
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

function setDropoutStep({ layers }: Pick<LayersModel, 'layers'>, step: number): void {
  for (const layer of layers)
    if (layer instanceof LayersModel) setDropoutStep(layer, step);
    else if (layer instanceof SeededDropout || layer instanceof MultiHeadAttention) layer.step = step;
}

/** Lets timers, signals and progress bars have their turn. */
function eventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve);
  });
}
