import { JetError, requireMembers } from '@jetsdk/jets';
import {
  add,
  customGrad,
  dispose,
  keep,
  mul,
  type Scalar,
  scalar,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { readsAtOnce } from '../backend/webgpu.js';
import { type Augmentation, checkAugmentation } from '../data/augment.js';
import { asTensor, checkExamples, type Examples, inputShapeOf, outputsOf } from '../data/examples.js';
import { readAhead, rowReader } from '../data/inputs.js';
import { numbersOf } from '../model/readTensors.js';
import { derivedSeed } from '../seeds.js';
import {
  type Apply,
  type BatchLosses,
  type EpochOptions,
  type EpochsResult,
  type TrainingState,
  trainEpochs,
  variablesOf,
} from './epochs.js';
import type { EpochRecord } from './history.js';
import { jetWeights } from './jetWeights.js';
import { learntNothing } from './learntNothing.js';
import { requireCounts, requireRates } from './loop.js';
import { type BatchLoss, crossEntropy, crossEntropyGradient } from './loss.js';
import { checkOptimizer } from './optimizer.js';
import { predictAll } from './predict.js';
import { checkSchedule } from './schedule.js';
import type { TrainingSettings } from './settings.js';

/** All that `fit` needs to go on after an epoch. */
export type FitState = TrainingState<EpochRecord>;

/** Where training stands within an epoch. */
export interface BatchProgress extends BatchLosses {
  readonly accuracy: number;
  /** seconds of this epoch so far in which the next jets were waited for */
  readonly waited: number;
}

export interface FitOptions extends EpochOptions<EpochRecord> {
  /** jets on which the best epoch is chosen */
  readonly validation: Examples;
  /** how much each class counts in training, beside the weights of the jets; `balanced`: as if all had the same number of jets */
  readonly classWeights?: readonly number[] | 'balanced';
  readonly augmentation?: Augmentation;
  onBatch?(progress: BatchProgress): void;
}

export type FitResult = EpochsResult<EpochRecord>;

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
  requireMembers('fit', network, ['trainableWeights'], 'a layers model; buildNetwork gives one');
  for (const [what, part] of Object.entries({ training, validation: options?.validation }))
    requireMembers(`fit: ${what}`, part, ['inputs', 'labels'], 'labelled jets, { inputs, labels }');
  const { inputs, labels } = training;
  const { validation, batchSize, seed, augmentation } = options;
  const outputs = outputsOf(network);
  checkSettings(options);
  checkExamples('training data', network, outputs, training);
  checkExamples('validation data', network, outputs, validation);
  if (augmentation) checkAugmentation(augmentation, inputShapeOf(network));
  const weights = jetWeights(training, Math.max(2, outputs), options.classWeights);
  fuseLayers(network);
  const variables = variablesOf(network);
  const jets = inputs.shape[0];
  const batches = Math.ceil(jets / batchSize);
  const read = rowReader(inputs);
  let [correct, waited] = [0, 0];
  let checked: Awaited<ReturnType<typeof evaluate>> | undefined;

  return trainEpochs<EpochRecord>(
    network,
    {
      jets,
      begin(order, epoch) {
        [correct, waited] = [0, 0];
        const nextRows = readAhead(batches, (batch, memory) =>
          read(
            order.slice(batch * batchSize, (batch + 1) * batchSize),
            augmentation && { augmentation, seed: derivedSeed(seed, 'augment', (epoch - 1) * batches + batch) },
            memory,
          ),
        );
        let rows: Float32Array | undefined;
        return async ({ first, last }, apply) => {
          const asked = performance.now();
          rows = await nextRows(rows);
          waited += (performance.now() - asked) / 1000;
          const picked = pick(labels, order, first, last);
          const counts = weights && pick(weights, order, first, last);
          const step = await trainStep(network, variables, rows, picked, counts, apply);
          correct += step.correct;
          return step.loss;
        };
      },
      async validate() {
        checked = await evaluate(network, validation, batchSize);
        return checked.loss;
      },
      record: ({ epoch, loss, valLoss, ...others }) => ({
        epoch,
        loss,
        accuracy: correct / jets,
        valLoss,
        valAccuracy: (checked?.correct ?? 0) / validation.labels.length,
        ...others,
        waited,
      }),
      onBatch: (progress, done) => options.onBatch?.({ ...progress, accuracy: correct / done, waited }),
      warn: (epoch) =>
        epoch === LEARNT_AFTER && outputs <= 2 && checked
          ? learntNothing(checked.probabilities, outputs, validation.labels)
          : undefined,
    },
    options,
  );
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
  apply: Apply,
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

/** A loss with the regularisation of the weights. */
export function withPenalties(loss: Scalar, network: LayersModel): Scalar {
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

function pick<T extends Uint8Array | Float32Array>(values: T, order: Uint32Array, first: number, last: number): T {
  const out = values.slice(first, last) as T;
  for (let i = first; i < last; i++) out[i - first] = values[order[i]];
  return out;
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
}: TrainingSettings): void {
  requireCounts('fit', { batchSize, epochs, patience });
  requireRates('fit', { learningRate });
  if (clipNorm !== undefined && !(clipNorm > 0))
    throw new JetError('OUT_OF_RANGE', `fit: clipNorm ${clipNorm}; expected a number > 0`, { clipNorm });
  if (schedule) checkSchedule(schedule);
  if (optimizer) checkOptimizer(optimizer);
}
