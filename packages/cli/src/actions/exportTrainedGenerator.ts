/** @file Writes the run of a generator as one ONNX graph, certified and measured. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatorMetrics } from '@jetsdk/eval/generation';
import { certify } from '@jetsdk/export';
import { loadGenerator, openModel } from '@jetsdk/infer';
import {
  formatCounted,
  type GeneratorCard,
  type GeneratorMetrics,
  JetError,
  normalNoise,
  SDK_VERSION,
  type Tensor,
  uniformConditions,
} from '@jetsdk/jets';
import { fileHash, readTextFile, requireFolderOf, writeFileAtomically } from '@jetsdk/jets/files';
import { isObject, parseJson } from '@jetsdk/jets/json';
import { withGeneratorCard } from '@jetsdk/onnx';
import { selectBackend } from '@jetsdk/train';
import { print, say, table } from '../terminal.js';
import { loadTrainedGenerator, rowsAfter } from './trainedGenerator.js';

/** Showers or jets that the graph is compared with the trainer's sampler on. */
const COMPARED = 64;
const SEED = 1;
export interface ExportGeneratorFlags {
  readonly output?: string;
  readonly name?: string;
  readonly modelVersion?: string;
  readonly licence?: string;
  readonly precision: string;
  readonly measure: readonly string[];
}

/** Formats of the runs of generators. */
const FORMATS = ['jetsdk-flow-run/1', 'jetsdk-gan-run/1'];

/** The format of the run in a folder, if it is that of a generator. */
export function generatorRun(folder: string): string | undefined {
  const path = join(folder, 'run.json');
  if (!existsSync(path)) return undefined;
  const run = parseJson(readTextFile(path), path);
  return isObject(run) ? FORMATS.find((format) => format === run['format']) : undefined;
}

/** Where the card of a generator goes: `generator.json` beside it. */
export const generatorCardPath = (output: string): string => join(dirname(output), 'generator.json');

/** @throws {JetError} BAD_ARGUMENT; PARITY_FAILED if the graph does not make what the trainer does */
export async function exportTrainedGenerator(
  folder: string,
  format: string,
  flags: ExportGeneratorFlags,
): Promise<void> {
  const { output, precision } = flags;
  if (output === undefined)
    throw new JetError('BAD_ARGUMENT', 'export: no file to write; expected one; name it with --output');
  if (precision === 'int8')
    throw new JetError('UNSUPPORTED', 'export: a generator in int8; expected --precision float32 or float16');
  await requireFolderOf(output);
  await selectBackend('wasm');
  const trained = await loadTrainedGenerator(folder, format);
  const bare = trained.export();
  const noise = normalNoise(COMPARED, trained.noise, { seed: SEED });
  const drawn = uniformConditions(COMPARED, trained.conditions.length, { seed: SEED });
  const inputs: Record<string, Tensor> = { noise };
  for (const [k, { name, range, whole }] of trained.conditions.entries()) {
    const [low, high] = range;
    const asked = Float32Array.from({ length: COMPARED }, (_, row) => {
      const u = drawn.data[row * trained.conditions.length + k];
      return whole ? Math.min(high, low + Math.floor((high - low + 1) * u)) : low + (high - low) * u;
    });
    inputs[name] = { shape: [COMPARED, 1], data: asked };
  }
  const made = await trained.sample(noise, inputs);
  const reference = Object.fromEntries(Object.entries(made).map(([name, { data }]) => [name, data]));
  const parity = await certify({
    bytes: bare.bytes,
    inputs,
    reference,
    open: openModel,
    tolerance: trained.tolerance,
    oneScale: new Set(trained.outputs.map(({ unit }) => unit)).size === 1,
  });
  const { training } = trained;
  let card: GeneratorCard = {
    format: 'jetsdk-generator/1',
    name: flags.name ?? training.network,
    ...(flags.modelVersion !== undefined && { version: flags.modelVersion }),
    task: trained.task,
    conditions: trained.conditions,
    noise: trained.noise,
    outputs: trained.outputs,
    training,
    parity: [parity],
    ...(precision === 'float16' && { precision }),
    sdkVersion: SDK_VERSION,
    ...(flags.licence !== undefined && { licence: flags.licence }),
  };
  let { bytes } = trained.export({ card, precision: precision === 'float16' ? 'float16' : 'float32' });
  const unit = trained.outputs[0]?.unit ?? '';
  print(
    `${parity.runtime} against the trained network on ${parity.jets} of them: max |Δ| = ${parity.maxAbsDifference.toExponential(2)} ${unit}, ${(parity.maxAbsDifference / (parity.scale ?? 1)).toExponential(1)} of the scale (tolerance ${parity.tolerance})`,
  );
  if (flags.measure.length > 0) {
    await using generator = await loadGenerator(bytes);
    const metrics: GeneratorMetrics[] = [];
    const names = [...trained.outputs, ...trained.conditions].map(({ name }) => name);
    for (const path of flags.measure) {
      const hash = await fileHash(path);
      const isTraining = hash === training.datasetHash;
      const first = isTraining ? await rowsAfter(path, names, training.rows[1] + trained.watched) : 0;
      const { count, figures } = await trained.measure(generator, path, [first, undefined], SEED);
      metrics.push({
        dataset: path,
        datasetHash: hash,
        rows: [first, first + count],
        seed: SEED,
        ...generatorMetrics(figures),
      });
    }
    card = { ...card, metrics };
    bytes = withGeneratorCard(bytes, card);
    for (const one of metrics) print(figuresTable(one));
  }
  await writeFileAtomically(output, bytes);
  await writeFileAtomically(generatorCardPath(output), `${JSON.stringify(card, null, 2)}\n`);
  say(`${output}: ${formatCounted(bytes.length, 'byte')}`);
}

function figuresTable({ dataset, rows, observables, ...all }: GeneratorMetrics): string {
  const number = (value: number): string => value.toPrecision(3);
  const { twoSampleAuc, twoSampleAucStdErr, cellsAuc = Number.NaN, cellsAucStdErr = Number.NaN, frechet, kernel } = all;
  return [
    `${dataset}, rows ${rows[0]} to ${rows[1]}: two-sample AUC ${twoSampleAuc.toFixed(4)} ± ${twoSampleAucStdErr.toFixed(4)} on observables, ${cellsAuc.toFixed(4)} ± ${cellsAucStdErr.toFixed(4)} on cells`,
    ...(frechet && kernel
      ? [
          `FPD ${frechet.value.toExponential(2)} ± ${frechet.stdErr.toExponential(1)}, KPD ${kernel.value.toExponential(2)} ± ${kernel.stdErr.toExponential(1)}`,
        ]
      : []),
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
