/** @file What is trained to generate, flows and adversaries alike: to be exported, sampled and measured. */
import {
  compareJetImages,
  compareShowers,
  type ObservableDistance,
  type TwoSampleResult,
} from '@jetsdk/eval/generation';
import { type ExportedModel, exportGenerator, exportOnePass, type GeneratorExportOptions } from '@jetsdk/export';
import type { Generator } from '@jetsdk/infer';
import { type Condition, type GeneratorCard, isJetError, JetError, type Tensor } from '@jetsdk/jets';
import { readArrays } from '@jetsdk/jets/files';
import { loadFlow, loadGan, sampleFlow, sampleOnePass } from '@jetsdk/train';
import { readShowers } from './showers.js';

/** Simulated images that a generator is compared with. */
export type Measure = (
  generator: Generator,
  path: string,
  rows: readonly [number, number | undefined],
  seed: number,
) => Promise<{
  readonly count: number;
  readonly twoSample: TwoSampleResult;
  readonly observables: readonly ObservableDistance[];
}>;

export interface TrainedGenerator {
  readonly task: string;
  readonly conditions: readonly Condition[];
  /** columns of the noise */
  readonly noise: number;
  readonly outputs: GeneratorCard['outputs'];
  readonly training: NonNullable<GeneratorCard['training']>;
  /** rows behind those of the training that it watched */
  readonly watched: number;
  export(options?: GeneratorExportOptions): ExportedModel;
  /** as the trainer does */
  sample(noise: Tensor, conditions: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  readonly measure: Measure;
}

/** Showers that a flow watches. */
const WATCHED = 250;

/** @throws {JetError} as `loadFlow` and `loadGan` */
export async function loadTrainedGenerator(folder: string, format: string): Promise<TrainedGenerator> {
  return format === 'jetsdk-gan-run/1' ? ofGan(folder) : ofFlow(folder);
}

async function ofFlow(folder: string): Promise<TrainedGenerator> {
  const { flow, run, epochs } = await loadFlow(folder);
  return {
    task: 'showers in three layers of a calorimeter',
    conditions: flow.conditions,
    noise: flow.parts.reduce((sum, one) => sum + one, 0),
    outputs: flow.decode.outputs.map(({ name, shape }) => ({ name, shape, unit: 'MeV' })),
    training: trainingOf(run, 'calo-flow', run.parameters, epochs),
    watched: WATCHED,
    export: (options) => exportGenerator(flow, options),
    sample: (noise, conditions) => sampleFlow(flow, noise, conditions),
    measure: measureShowers,
  };
}

async function ofGan(folder: string): Promise<TrainedGenerator> {
  const { generator, run, history } = await loadGan(folder);
  return {
    task: run.network === 'calogan' ? 'showers in three layers of a calorimeter' : 'jet images',
    conditions: generator.conditions,
    noise: generator.latent,
    outputs: generator.outputs.map(({ name, shape, unit }) => ({ name, shape, unit })),
    training: trainingOf(run, run.network, run.parameters.generator, history.epochs),
    watched: 0,
    export: (options) => exportOnePass(generator, options),
    sample: (noise, conditions) => sampleOnePass(generator, noise, conditions),
    measure: run.network === 'calogan' ? measureShowers : measureJetImages,
  };
}

interface RunFacts {
  readonly settings: { readonly seed: number; readonly batchSize: number; readonly learningRate: number };
  readonly dataset: { readonly name: string; readonly hash?: string; readonly rows: readonly [number, number] };
  readonly backend: string;
}

function trainingOf(
  { settings, dataset, backend }: RunFacts,
  network: string,
  parameters: number,
  epochs: readonly { readonly seconds: number }[],
): TrainedGenerator['training'] {
  return {
    network,
    parameters,
    dataset: dataset.name,
    ...(dataset.hash !== undefined && { datasetHash: dataset.hash }),
    rows: dataset.rows,
    seed: settings.seed,
    epochs: epochs.length,
    batchSize: settings.batchSize,
    learningRate: settings.learningRate,
    backend,
    seconds: Math.round(epochs.reduce((sum, { seconds }) => sum + seconds, 0)),
  };
}

const measureShowers: Measure = async (generator, path, rows, seed) => {
  const simulated = await readShowers(path, rows);
  const { energy } = simulated;
  const { outputs } = await generator.generate(energy.length, { seed, energy, outside: 'allow' });
  const layers = ['layer_0', 'layer_1', 'layer_2'].map((name) => output(outputs, name));
  return { count: energy.length, ...compareShowers(simulated, { layers, energy }) };
};

const measureJetImages: Measure = async (generator, path, rows, seed) => {
  const { image, signal } = await readArrays(path, ['image', 'signal'], { rows });
  const { outputs } = await generator.generate(image.shape[0], { seed, conditions: { signal: signal.data } });
  const [simulated, generated] = [image, output(outputs, 'image')].map((one) => ({ image: one, signal: signal.data }));
  return { count: image.shape[0], ...compareJetImages(simulated, generated) };
};

function output(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const found = outputs[name];
  if (found === undefined)
    throw new JetError(
      'BAD_MODEL',
      `generator: outputs ${Object.keys(outputs).join(', ')}; expected ${name} among them`,
    );
  return found;
}

/**
 * The first row of a file that the training has not seen.
 *
 * @throws {JetError} BAD_ARGUMENT if fewer than a thousand are left
 */
export async function rowsAfter(path: string, names: readonly string[], trained: number): Promise<number> {
  try {
    await readArrays(path, names, { rows: [trained, trained + 1000] });
  } catch (error) {
    if (!isJetError(error, 'OUT_OF_RANGE')) throw error;
    throw new JetError(
      'BAD_ARGUMENT',
      `export: --measure ${path}: the training took all its rows but a few; expected 1000 others; train with --rows`,
      { path },
    );
  }
  return trained;
}
