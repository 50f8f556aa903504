/** @file The weights that a training begins with: the best of a run, or those of a trained model. */
import { basename, extname } from 'node:path';
import { type FoldedNorm, JetError, type LayerArtifacts } from '@jetsdk/jets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { inputShapeOf, outputsOf } from '../data/examples.js';
import { setWeights } from '../fit/epochs.js';
import { modelOf } from '../model/artifacts.js';
import { loadLayersModel } from '../model/loadModel.js';
import { loadRun } from './loadRun.js';
import type { Run } from './run.js';
import { hashOf } from './runFolder.js';

/** Weights to begin with, and what they are of. */
export interface InitialWeights {
  /** folder of the run, or file of the model */
  readonly from: string;
  /** of the run; a model does not say */
  readonly network?: string;
  /** of one jet; undefined where a length is open */
  readonly inputShape: readonly number[] | undefined;
  readonly outputs: number;
  /** what they were learned on, for people */
  readonly dataset: string;
  readonly weights: LayerArtifacts['weights'];
  /** normalisations whose mean and variance are to be found on the jets of the training; default: none */
  readonly folded?: readonly FoldedNorm[];
}

/**
 * Reads weights to begin with. A backend must have been selected.
 *
 * @param from the folder of a run, or a trained model (`.keras`, `.h5`, `model.json`)
 * @throws {JetError} as `loadRun` and `loadLayersModel`
 */
export async function readInitialWeights(from: string): Promise<InitialWeights> {
  if (!isModelFile(from)) {
    const { artifacts, run } = await loadRun(from);
    const { inputShape, outputs, settings, dataset } = run;
    return { from, network: settings.network, inputShape, outputs, dataset: dataset.name, weights: artifacts.weights };
  }
  const artifacts = await loadLayersModel(from);
  const model = await modelOf(artifacts);
  try {
    const shape = inputShapeOf(model);
    return {
      from,
      inputShape: shape.every(Number.isInteger) ? shape : undefined,
      outputs: outputsOf(model),
      dataset: `data that ${basename(from)} does not tell`,
      weights: artifacts.weights,
    };
  } finally {
    model.dispose();
  }
}

const isModelFile = (path: string): boolean =>
  /^https?:\/\//i.test(path) || ['.keras', '.h5', '.hdf5', '.json'].includes(extname(path).toLowerCase());

/**
 * Gives a network weights to begin with.
 *
 * @param network its name
 * @returns what the run says of them
 * @throws {JetError} BAD_ARGUMENT if they are of another network or of other shapes
 */
export function giveInitialWeights(
  initial: InitialWeights,
  model: LayersModel,
  network: string,
): NonNullable<Run['initial']> {
  const { from, dataset, weights, inputShape = [] } = initial;
  const what = (name: string, shape: readonly number[]): string => `of ${name} for ${shape.join('×')}`;
  const expected = what(network, inputShapeOf(model));
  const got = initial.network === undefined ? expected : what(initial.network, inputShape);
  if (got !== expected)
    throw new JetError('BAD_ARGUMENT', `${from}: weights ${got}; expected ${expected}`, { folder: from });
  const shapes = (list: readonly { readonly shape: readonly unknown[] }[]): string[] =>
    list.map(({ shape }) => shape.join('×'));
  const [there, wanted] = [shapes(weights), shapes(model.weights)];
  const other = Array.from({ length: Math.max(there.length, wanted.length) }, (_, i) => i).find(
    (i) => there[i] !== wanted[i],
  );
  if (other !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `${from}: weights of a ${network} with other layers, ${there[other] ?? 'none'} for weight ${other}; expected ${wanted[other] ?? 'none'} there; train with the same settings of the network`,
      { from, weight: other },
    );
  const numbers = weights.map(({ data }) => data);
  setWeights(model, numbers);
  return { network, dataset, weights: hashOf(numbers) };
}
