/** @file Writes the run of a generator as one ONNX graph, certified and measured. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compareShowers } from '@jetsdk/eval/generation';
import { certify, exportGenerator } from '@jetsdk/export';
import { type Generator, loadGenerator, openModel } from '@jetsdk/infer';
import {
  type GeneratorCard,
  type GeneratorMetrics,
  isJetError,
  JetError,
  normalNoise,
  SDK_VERSION,
  type Tensor,
  uniformConditions,
} from '@jetsdk/jets';
import { fileHash, readTextFile, writeFileAtomically } from '@jetsdk/jets/files';
import { parseJson } from '@jetsdk/jets/json';
import { withGeneratorCard } from '@jetsdk/onnx';
import { loadFlow, type Showers, sampleFlow, selectBackend } from '@jetsdk/train';
import { print, say, table } from '../terminal.js';
import { readShowers } from './showers.js';

/** Showers that the graph is compared with the trainer's sampler on. */
const COMPARED = 64;
const SEED = 1;
/**
 * In units of the root mean square of a layer. A cell is an exponential, so float32 leaves it 1e-5 of itself, and the hottest
 * cells are some twenty times the root mean square.
 */
const TOLERANCE = 3e-4;

export interface ExportShowersFlags {
  readonly output?: string;
  readonly name?: string;
  readonly modelVersion?: string;
  readonly licence?: string;
  readonly precision: string;
  readonly measure: readonly string[];
}

/** Whether a folder holds the run of a generator. */
export function isGeneratorRun(folder: string): boolean {
  const path = join(folder, 'run.json');
  if (!existsSync(path)) return false;
  const run = parseJson(readTextFile(path), path);
  return typeof run === 'object' && run !== null && 'format' in run && run.format === 'jetsdk-flow-run/1';
}

/** Where the card of a generator goes: `generator.json` beside it. */
export const generatorCardPath = (output: string): string => join(dirname(output), 'generator.json');

/** @throws {JetError} BAD_ARGUMENT; PARITY_FAILED if the graph does not make the trainer's showers */
export async function exportShowers(folder: string, flags: ExportShowersFlags): Promise<void> {
  const { output, precision } = flags;
  if (output === undefined)
    throw new JetError('BAD_ARGUMENT', 'export: no file to write; expected one; name it with --output');
  if (precision === 'int8')
    throw new JetError('UNSUPPORTED', 'export: a generator in int8; expected --precision float32 or float16');
  await selectBackend('wasm');
  const { flow, run, epochs } = await loadFlow(folder);
  const bare = exportGenerator(flow);
  const [condition] = flow.conditions;
  const [low, high] = condition!.range;
  const noise = normalNoise(
    COMPARED,
    flow.parts.reduce((sum, one) => sum + one, 0),
    { seed: SEED },
  );
  const drawn = uniformConditions(COMPARED, 1, { seed: SEED }).data.map((u) => low + (high - low) * u);
  const inputs: Record<string, Tensor> = { noise, [condition!.name]: { shape: [COMPARED, 1], data: drawn } };
  const made = await sampleFlow(flow, noise, inputs);
  const reference = Object.fromEntries(Object.entries(made).map(([name, { data }]) => [name, data]));
  const parity = await certify({ bytes: bare.bytes, inputs, reference, open: openModel, tolerance: TOLERANCE });
  const { settings, dataset } = run;
  let card: GeneratorCard = {
    format: 'jetsdk-generator/1',
    name: flags.name ?? 'calo-flow',
    ...(flags.modelVersion !== undefined && { version: flags.modelVersion }),
    task: 'showers in three layers of a calorimeter',
    conditions: flow.conditions,
    noise: noise.shape[1]!,
    outputs: flow.decode.outputs.map(({ name, shape }) => ({ name, shape, unit: 'MeV' })),
    training: {
      network: 'calo-flow',
      parameters: run.parameters,
      dataset: dataset.name,
      ...(dataset.hash !== undefined && { datasetHash: dataset.hash }),
      rows: dataset.rows,
      seed: settings.seed,
      epochs: epochs.length,
      batchSize: settings.batchSize,
      learningRate: settings.learningRate,
      backend: run.backend,
      seconds: Math.round(epochs.reduce((sum, { seconds }) => sum + seconds, 0)),
    },
    parity: [parity],
    ...(precision === 'float16' && { precision }),
    sdkVersion: SDK_VERSION,
    ...(flags.licence !== undefined && { licence: flags.licence }),
  };
  let { bytes } = exportGenerator(flow, { card, precision: precision === 'float16' ? 'float16' : 'float32' });
  print(
    `${parity.runtime} against the trained network on ${parity.jets} showers: max |Δ| = ${parity.maxAbsDifference.toExponential(2)} MeV, ${(parity.maxAbsDifference / (parity.scale ?? 1)).toExponential(1)} of the scale (tolerance ${parity.tolerance})`,
  );
  if (flags.measure.length > 0) {
    await using generator = await loadGenerator(bytes);
    const metrics: GeneratorMetrics[] = [];
    for (const path of flags.measure) {
      const hash = await fileHash(path);
      const after = hash === dataset.hash ? await rowsAfter(path, dataset.rows[1]) : 0;
      const figures = await measureShowers(generator, path, after);
      metrics.push({ dataset: path, datasetHash: hash, ...figures });
    }
    card = { ...card, metrics };
    bytes = withGeneratorCard(bytes, card);
    for (const one of metrics) print(figuresTable(one));
  }
  await writeFileAtomically(output, bytes);
  await writeFileAtomically(generatorCardPath(output), `${JSON.stringify(card, null, 2)}\n`);
  say(`${output}: ${bytes.length} bytes`);
}

/** The training watched the showers behind its own; those behind them are left. */
const rowsAfter = async (path: string, trained: number): Promise<number> => {
  const first = trained + 250;
  try {
    await readShowers(path, [first, first + 1000]);
  } catch (error) {
    if (!isJetError(error, 'OUT_OF_RANGE')) throw error;
    throw new JetError(
      'BAD_ARGUMENT',
      `export: --measure ${path}: the training took all its showers but a few; expected 1000 others; train with --rows`,
      { path },
    );
  }
  return first;
};

/** Figures of a generator on the simulated showers of a file, at their energies. @param first of the rows */
export async function measureShowers(
  generator: Generator,
  path: string,
  first: number,
): Promise<Omit<GeneratorMetrics, 'dataset' | 'datasetHash'>> {
  const simulated = await readShowers(path, [first, undefined]);
  const generated = await generateLike(generator, simulated);
  const { twoSample, observables } = compareShowers(simulated, generated);
  return {
    rows: [first, first + simulated.energy.length],
    seed: SEED,
    twoSampleAuc: twoSample.auc,
    twoSampleAucStdErr: twoSample.stdErr,
    observables: observables.map(({ name, wasserstein, wassersteinStdErr, separation }) => ({
      name,
      wasserstein,
      wassersteinStdErr,
      separation,
    })),
  };
}

async function generateLike(generator: Generator, { energy }: Showers): Promise<Showers> {
  const { outputs } = await generator.generate(energy.length, { seed: SEED, energy, outside: 'allow' });
  return { layers: ['layer_0', 'layer_1', 'layer_2'].map((name) => outputs[name]!), energy };
}

function figuresTable({ dataset, rows, twoSampleAuc, twoSampleAucStdErr, observables }: GeneratorMetrics): string {
  const number = (value: number): string => value.toPrecision(3);
  return [
    `${dataset}, showers ${rows[0]} to ${rows[1]}: two-sample AUC ${twoSampleAuc.toFixed(4)} ± ${twoSampleAucStdErr.toFixed(4)}`,
    table(
      ['observable', 'Wasserstein-1', '±', 'separation'],
      observables.map((one) => [
        one.name,
        number(one.wasserstein),
        number(one.wassersteinStdErr),
        one.separation.toExponential(1),
      ]),
    ),
  ].join('\n');
}
