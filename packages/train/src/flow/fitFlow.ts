/** @file Flow matching: a network learns the velocity that carries noise to data. */
import { JetError, random, requireMembers, type Tensor, TIME_COLUMNS, timeFeatures, turn } from '@jetsdk/jets';
import {
  add,
  mean,
  type Scalar,
  square,
  sub,
  type Tensor as TfTensor,
  tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { setWeights, variablesOf, weightsOf } from '../fit/epochs.js';
import { learn } from '../fit/learn.js';
import { diverged, drawOrder, requireCounts, requireRates, stopIfAborted } from '../fit/loop.js';
import { makeOptimizer } from '../fit/makeOptimizer.js';
import type { OptimizerState } from '../fit/optimizer.js';
import { numbersOf } from '../model/readTensors.js';
import { derivedSeed } from '../seeds.js';

/** What a flow learns from, standardised: about normal in each column. */
export interface FlowExamples {
  /** (rows, columns) each */
  readonly parts: readonly Tensor[];
  /** (rows, features) */
  readonly features: Tensor;
}

export interface FlowEpoch {
  readonly epoch: number;
  /** mean squared error of the velocity per part, summed */
  readonly loss: number;
  /** of the averaged weights on the validation rows, at the same noise and times in every epoch */
  readonly valLoss: number;
  readonly learningRate: number;
  readonly seconds: number;
}

/** All that training needs to go on after an epoch, bit for bit as if it had not stopped. */
export interface FlowState {
  readonly history: readonly FlowEpoch[];
  /** in the order of `network.weights` */
  readonly weights: readonly Float32Array[];
  /** running mean of the weights, which the result has */
  readonly averaged: readonly Float32Array[];
  readonly optimizer: OptimizerState;
}

export interface FitFlowOptions {
  readonly validation: FlowExamples;
  readonly batchSize: number;
  readonly epochs: number;
  /** of Adam; rises over the first steps, then falls to 0 along a half cosine */
  readonly learningRate: number;
  /** an integer in [0, 2³²) */
  readonly seed: number;
  /** what an earlier call gave to `onState`; the settings must be the same */
  readonly resume?: FlowState;
  onBatch?(progress: {
    readonly epoch: number;
    readonly batch: number;
    readonly batches: number;
    readonly loss: number;
  }): void;
  onEpoch?(epoch: FlowEpoch): void | Promise<void>;
  /** after each epoch, before `onEpoch` */
  onState?(state: FlowState): void | Promise<void>;
  readonly signal?: AbortSignal;
}

const WARM_UP = 200;
/** Share of the running mean that stays after a step, once there were many. */
const AVERAGING = 0.999;

/**
 * Trains a network on the velocity of x(t) = cos(πt/2) · noise + sin(πt/2) · data, t uniform in [0, 1]: for data that are
 * themselves Gaussian noise it is 0, so that the network learns only what makes them differ. The network ends with the
 * running mean of its weights.
 *
 * @param network as `flowNetwork` makes it; changed in place
 * @throws {JetError} SHAPE_MISMATCH, NOT_FINITE for rows that do not fit; OUT_OF_RANGE for a setting;
 *   TRAINING_DIVERGED; CANCELLED
 * @see Lipman et al., arXiv:2210.02747; Albergo, Vanden-Eijnden, arXiv:2209.15571 for this path
 */
export async function fitFlow(
  network: LayersModel,
  training: FlowExamples,
  options: FitFlowOptions,
): Promise<readonly FlowEpoch[]> {
  requireMembers('fitFlow', network, ['trainableWeights'], 'a layers model; flowNetwork gives one');
  requireMembers('fitFlow', training, ['parts', 'features'], 'what to learn from, { parts, features }');
  requireMembers(
    'fitFlow',
    options,
    ['validation'],
    'options with validation, batchSize, epochs, learningRate and seed',
  );
  const { validation, batchSize, epochs, learningRate, seed, resume, signal } = options;
  requireCounts('fitFlow', { batchSize, epochs });
  requireRates('fitFlow', { learningRate });
  const rows = checkRows('training rows', network, training);
  checkRows('validation rows', network, validation);
  fuseLayers(network);
  if (resume) setWeights(network, resume.weights);
  const history = [...(resume?.history ?? [])];
  const averaged = resume ? resume.averaged.map((values) => values.slice()) : await weightsOf(network);
  const variables = variablesOf(network);
  const optimizer = makeOptimizer(undefined, variables, resume?.optimizer);
  const batches = Math.ceil(rows / batchSize);
  const order = new Uint32Array(rows);
  let step = history.length * batches;
  try {
    while (history.length < epochs) {
      const epoch = history.length + 1;
      const started = performance.now();
      drawOrder(order, seed, epoch);
      let sum = 0;
      let rate = learningRate;
      for (let batch = 0; batch < batches; batch++) {
        stopIfAborted('fitFlow', epoch, signal);
        const picked = order.subarray(batch * batchSize, Math.min(rows, (batch + 1) * batchSize));
        const path = onPath(training, picked, derivedSeed(seed, 'noise', step));
        rate =
          learningRate *
          Math.min(1, (step + 1) / WARM_UP) *
          0.5 *
          (1 + Math.cos((Math.PI * step) / (epochs * batches)));
        const [loss] = await learn(optimizer, variables, rate, () => {
          const error = lossOf(network, path);
          return { loss: error, terms: [error] };
        });
        if (!Number.isFinite(loss)) throw diverged('fitFlow', epoch, loss);
        step++;
        await average(averaged, variables, Math.min(AVERAGING, step / (step + 50)));
        sum += loss * picked.length;
        const done = batch * batchSize + picked.length;
        options.onBatch?.({ epoch, batch: batch + 1, batches, loss: sum / done });
        await turn();
      }
      const weights = await weightsOf(network);
      setWeights(network, averaged);
      const valLoss = await validationLoss(network, validation, batchSize);
      setWeights(network, weights);
      const record: FlowEpoch = {
        epoch,
        loss: sum / rows,
        valLoss,
        learningRate: rate,
        seconds: (performance.now() - started) / 1000,
      };
      history.push(record);
      await options.onState?.({
        history: [...history],
        weights,
        averaged: averaged.map((values) => values.slice()),
        optimizer: await optimizer.state(),
      });
      await options.onEpoch?.(record);
    }
  } finally {
    optimizer.dispose();
    setWeights(network, averaged);
  }
  return history;
}

/** A batch on its way from noise to data. */
interface Path {
  readonly states: readonly Tensor[];
  readonly condition: Tensor;
  readonly velocities: readonly Tensor[];
}

/** Rows at times spread evenly over [0, 1], each somewhere in its share of it. */
function onPath({ parts, features }: FlowExamples, picked: Uint32Array, seed: number): Path {
  const { normal, uniform } = random(seed);
  const rows = picked.length;
  const width = TIME_COLUMNS + features.shape[1];
  const condition = new Float32Array(rows * width);
  const angles = new Float64Array(rows);
  picked.forEach((row, i) => {
    const t = (i + uniform()) / rows;
    angles[i] = (Math.PI / 2) * t;
    timeFeatures(t, condition, i * width);
    condition.set(
      features.data.subarray(row * features.shape[1], (row + 1) * features.shape[1]),
      i * width + TIME_COLUMNS,
    );
  });
  const made = parts.map(({ shape: [, columns], data }) => {
    const state = new Float32Array(rows * columns);
    const velocity = new Float32Array(rows * columns);
    for (let i = 0, at = 0; i < rows; i++) {
      const [cos, sin] = [Math.cos(angles[i]), Math.sin(angles[i])];
      for (let j = 0, from = picked[i] * columns; j < columns; j++, at++) {
        const noise = normal();
        const value = data[from + j];
        state[at] = cos * noise + sin * value;
        velocity[at] = (Math.PI / 2) * (cos * value - sin * noise);
      }
    }
    return { state: { shape: [rows, columns], data: state }, velocity: { shape: [rows, columns], data: velocity } };
  });
  return {
    states: made.map(({ state }) => state),
    condition: { shape: [rows, width], data: condition },
    velocities: made.map(({ velocity }) => velocity),
  };
}

const asTf = ({ data, shape }: Tensor): TfTensor => tensor(data, [...shape]);

function lossOf(network: LayersModel, { states, condition, velocities }: Path): Scalar {
  const given = network.apply([...states, condition].map(asTf), { training: true });
  return [given]
    .flat()
    .map((velocity, k) => mean(square(sub(velocity as TfTensor, asTf(velocities[k])))) as Scalar)
    .reduce((sum, loss) => add(sum, loss));
}

async function validationLoss(network: LayersModel, examples: FlowExamples, batchSize: number): Promise<number> {
  const rows = examples.features.shape[0];
  let sum = 0;
  for (let start = 0; start < rows; start += batchSize) {
    const picked = Uint32Array.from({ length: Math.min(batchSize, rows - start) }, (_, i) => start + i);
    const loss = tidy(() => lossOf(network, onPath(examples, picked, start)));
    sum += (await numbersOf(loss))[0] * picked.length;
    loss.dispose();
  }
  return sum / rows;
}

async function average(
  averaged: readonly Float32Array[],
  variables: readonly Variable[],
  stays: number,
): Promise<void> {
  for (const [i, variable] of variables.entries()) {
    const [mean, now] = [averaged[i], await numbersOf(variable)];
    for (let j = 0; j < mean.length; j++) mean[j] = stays * mean[j] + (1 - stays) * now[j];
  }
}

/** @returns rows */
function checkRows(where: string, network: LayersModel, { parts, features }: FlowExamples): number {
  const expected = network.inputs.map(({ shape }) => Number(shape[1]));
  const given = [...parts.map(({ shape }) => shape[1]), TIME_COLUMNS + features.shape[1]];
  const rows = features.shape[0];
  if (given.join() !== expected.join() || parts.some(({ shape }) => shape[0] !== rows) || rows === 0)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${rows} rows of ${given.join(' and ')} columns, time included; the network takes ${expected.join(' and ')}`,
      { given, expected },
    );
  for (const { data } of [...parts, features])
    for (let i = 0; i < data.length; i++)
      if (!Number.isFinite(data[i]))
        throw new JetError('NOT_FINITE', `${where}: number ${i} is ${data[i]}; expected finite numbers`, { index: i });
  return rows;
}
