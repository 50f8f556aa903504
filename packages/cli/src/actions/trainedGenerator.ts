/** @file What is trained to generate, flows and adversaries alike: to be exported, sampled and measured. */
import { type GenerationFigures, generationFigures } from '@jetsdk/eval/generation';
import { type ExportedModel, exportGenerator, exportOnePass, type GeneratorExportOptions } from '@jetsdk/export';
import type { Generator } from '@jetsdk/infer';
import { type Condition, type GeneratorCard, isJetError, JetError, type Tensor } from '@jetsdk/jets';
import { readArrays } from '@jetsdk/jets/files';
import { loadFlow, loadGan, sampleFlow, sampleOnePass } from '@jetsdk/train';
import { type FlowTask, JETS, SHOWERS, withTask } from './flowData.js';

/** Simulated images that a generator is compared with. */
export type Measure = (
  generator: Generator,
  path: string,
  rows: readonly [number, number | undefined],
  seed: number,
) => Promise<{
  readonly count: number;
  readonly figures: GenerationFigures;
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
  /** of the graph's outputs against the trainer's, in units of their root mean square */
  readonly tolerance: number;
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
  const { kind, measure } = withTask(run.network, (task) => ({ kind: task.kind, measure: measureOf(task) }));
  return {
    task: kind.task,
    conditions: flow.conditions,
    noise: flow.parts.reduce((sum, one) => sum + one, 0),
    outputs: flow.decode.outputs.map(({ name, shape }) => ({ name, shape, unit: kind.unit })),
    training: trainingOf(run, run.network, run.parameters, epochs),
    watched: WATCHED,
    tolerance: 1e-5,
    export: (options) => exportGenerator(flow, options),
    sample: (noise, conditions) => sampleFlow(flow, noise, conditions),
    measure,
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
    tolerance: 5e-5,
    export: (options) => exportOnePass(generator, options),
    sample: (noise, conditions) => sampleOnePass(generator, noise, conditions),
    measure: run.network === 'calogan' ? measureOf(SHOWERS) : measureOf(JETS),
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

const measureOf =
  <Data>(task: FlowTask<Data>): Measure =>
  async (generator, path, rows, seed) => {
    const simulated = await task.read(path, rows);
    const count = task.count(simulated);
    const generated = await generator.generate(count, {
      seed,
      conditions: task.conditions(simulated),
      outside: 'allow',
    });
    return {
      count,
      figures: generationFigures(task.measured(simulated), task.measured(task.made(generated))),
    };
  };

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
