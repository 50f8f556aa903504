import { JetError, type JetImages, requireMembers } from '@jetsdk/jets';
import { dispose, type Scalar, type Tensor, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { type Augmentation, checkAugmentation } from '../data/augment.js';
import { asTensor } from '../data/examples.js';
import { rowReader } from '../data/inputs.js';
import { type BatchLosses, type EpochOptions, type EpochsResult, trainEpochs, variablesOf } from '../fit/epochs.js';
import { checkSettings, withPenalties } from '../fit/fit.js';
import type { EpochLosses } from '../fit/history.js';
import { numbersOf } from '../model/readTensors.js';
import { derivedSeed } from '../seeds.js';
import { checkRegressionExamples, inOrder, type RegressionExamples } from './examples.js';
import { lossTensor, type RegressionLoss, regressionLoss } from './loss.js';
import { exchangePileup } from './overlay.js';
import { predictImages } from './predictImages.js';

export interface RegressOptions extends EpochOptions<EpochLosses> {
  /** jets on which the best epoch is chosen */
  readonly validation: RegressionExamples;
  readonly loss: RegressionLoss;
  /** mirrors all images of a jet, and its truth, alike */
  readonly augmentation?: Pick<Augmentation, 'flip'>;
  onBatch?(progress: BatchLosses): void;
}

/** From this epoch on a network must do better than one that gives empty images. */
const LEARNT_AFTER = 5;

/**
 * Trains a network from images to an image. The weights of the epoch with the smallest validation loss are put back at
 * the end.
 *
 * @param network changed in place; its inputs have the names of the images
 * @param training not modified
 * @throws {JetError} SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE, BAD_DATASET for data that do not fit; OUT_OF_RANGE for bad
 *   settings; TRAINING_DIVERGED, CANCELLED as `fit`
 */
export async function regress(
  network: LayersModel,
  training: RegressionExamples,
  options: RegressOptions,
): Promise<EpochsResult<EpochLosses>> {
  requireMembers('regress', network, ['trainableWeights'], 'a layers model; buildRegressor gives one');
  requireMembers('regress', training, ['inputs', 'truth'], 'what to learn from, { inputs, truth }');
  requireMembers(
    'regress',
    options,
    ['validation', 'loss'],
    'options with validation, loss, batchSize, epochs and seed',
  );
  const { validation, loss, batchSize, seed, augmentation } = options;
  checkSettings(options);
  if (!(loss.pbar > 0))
    throw new JetError('OUT_OF_RANGE', `regress: pbar ${loss.pbar}; expected GeV above 0`, { pbar: loss.pbar });
  const jets = checkRegressionExamples('training data', network, training);
  checkRegressionExamples('validation data', network, validation);
  const images = [...inOrder(network, training.inputs), training.truth];
  if (augmentation) for (const { shape } of images) checkAugmentation(augmentation, shape.slice(1));
  fuseLayers(network);
  const variables = variablesOf(network);
  const exchange = training.pileup && exchangePileup(network.inputNames, training.pileup);
  const readers = images.map((one) => rowReader(one));
  const empty = regressionLoss(loss, new Float32Array(validation.truth.data.length), validation.truth.data);
  let last = Infinity;

  return trainEpochs<EpochLosses>(
    network,
    {
      jets,
      begin: (order) => async (batch, apply) => {
        const rows = order.slice(batch.first, batch.last);
        const batchSeed = derivedSeed(seed, 'augment', batch.number);
        const change = augmentation && { augmentation, seed: batchSeed };
        // the same seed mirrors all images of a jet alike, whatever their sizes
        const numbers = await Promise.all(readers.map((read) => read(rows, change)));
        await exchange?.(numbers, rows, {
          seed: batchSeed,
          ...(change && {
            own: change,
            other: { augmentation: change.augmentation, seed: derivedSeed(batchSeed, 'draw', 1) },
          }),
        });
        const tensors = numbers.map((data, i) => asTensor(data, images[i].shape.slice(1)));
        const truth = tensors.pop()!;
        const { value, grads } = variableGrads(
          () =>
            tidy(() => {
              const y = network.apply(tensors.length === 1 ? tensors[0] : tensors, { training: true }) as Tensor;
              return withPenalties(lossTensor(loss, y, truth), network) as Scalar;
            }),
          variables,
        );
        try {
          const [total] = await numbersOf(value);
          if (Number.isFinite(total)) await apply(variables.map((variable) => grads[variable.name]));
          return total!;
        } finally {
          dispose([...tensors, truth, value, ...Object.values(grads)]);
        }
      },
      async validate() {
        const predicted: JetImages = await predictImages(network, validation.inputs, { batchSize });
        last = regressionLoss(loss, predicted.data, validation.truth.data);
        return last;
      },
      record: (losses) => losses,
      onBatch: (progress) => options.onBatch?.(progress),
      warn: (epoch) =>
        epoch === LEARNT_AFTER && last >= 0.9 * empty
          ? `the network does as well as empty images: validation loss ${last.toPrecision(3)}, theirs ${empty.toPrecision(3)}; likely causes: a last layer whose ReLU gives 0 for every jet (another seed helps), a learning rate that is too high or too low, a truth that does not belong to these jets`
          : undefined,
    },
    options,
  );
}
