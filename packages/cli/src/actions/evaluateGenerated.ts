/** @file Judges generated showers or jets against simulated ones: figures in the terminal, pictures in a report. */
import {
  generationFigures,
  generatorMetrics,
  type Memorisation,
  memorisedCells,
  type Nearest,
  nearestCells,
} from '@jetsdk/eval/generation';
import { loadGenerator } from '@jetsdk/infer';
import { formatCount, formatCounted, JetError, normalNoise } from '@jetsdk/jets';
import { describeFile, writeFileAtomically } from '@jetsdk/jets/files';
import type { BookPicture } from '@jetsdk/plots';
import { MODELS } from '../bundled.js';
import { generationTables } from '../generationTables.js';
import { print, printJson, say, table } from '../terminal.js';
import { type FlowTask, JETS, type Rows, SHOWERS } from './flowData.js';
import { meanPictures, type Pair, pairPictures, rowPicture } from './generatedPictures.js';
import { networkTest } from './networkTest.js';

export interface GeneratedFlags {
  readonly training?: string;
  readonly trainingRows?: Rows;
  readonly rows?: Rows;
  readonly generator?: string;
  readonly classifier?: 'trees' | 'network';
  readonly json?: true;
  readonly report?: string;
}

/** Compares two files of showers in CaloGAN's layout, or of jet images in LAGAN's. */
export async function evaluateGenerated(generated: string, simulated: string, flags: GeneratedFlags): Promise<void> {
  const { training, trainingRows, generator, report } = flags;
  if (trainingRows !== undefined && training === undefined)
    throw new JetError('BAD_ARGUMENT', 'eval: --training-rows without --training; expected both, or neither');
  if (generator !== undefined && report === undefined)
    throw new JetError('BAD_ARGUMENT', 'eval: --generator without --report; expected both: what it makes is pictures');
  const files = [generated, simulated, ...(training === undefined ? [] : [training])];
  const kinds = await Promise.all(files.map(kindOf));
  const odd = kinds.findIndex((kind) => kind !== kinds[0]);
  if (odd >= 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `eval: ${generated} holds ${kinds[0]}, ${files[odd]} ${kinds[odd]}; expected the same in all`,
      { kinds },
    );
  await (kinds[0] === 'showers'
    ? judge(SHOWERS, generated, simulated, flags)
    : judge(JETS, generated, simulated, flags));
}

async function kindOf(path: string): Promise<'showers' | 'jets'> {
  const { arrays } = await describeFile(path);
  const names = arrays.map(({ name }) => name.replace(/^\//, ''));
  if (names.includes('layer_0')) return 'showers';
  if (names.includes('image')) return 'jets';
  throw new JetError(
    'BAD_DATASET',
    `${path}: ${names.join(', ') || 'no arrays'}; expected showers (layer_0, layer_1, layer_2, energy) or jets (image, signal)`,
    { names },
  );
}

/** Of the network that tells them apart. */
const SEED = 1;

const ALL: Rows = [0, undefined];

async function judge<Data>(
  task: FlowTask<Data>,
  generated: string,
  simulated: string,
  { training, trainingRows, rows, generator, classifier, json, report }: GeneratedFlags,
): Promise<void> {
  const made = await task.read(generated, ALL);
  const real = await task.read(simulated, rows ?? ALL);
  const trained = training === undefined ? undefined : await task.read(training, trainingRows ?? ALL);
  // what cannot be made is known before a minute of work
  const sweeps = generator === undefined ? [] : await sweepPictures(task, generator);
  say(`eval: ${formatCount(task.count(made))} generated and ${formatCount(task.count(real))} simulated ${task.things}`);
  const both = { made: task.measured(made), real: task.measured(real) };
  const memorised = trained && memorisation(task, trained, real, made);
  const figures = generationFigures(both.real, both.made);
  const network = classifier === 'network' ? await networkTest(task.told(real), task.told(made), SEED) : undefined;
  const tables = generationTables(figures, { memorised, network }, both.real.unitOf);
  if (json)
    printJson({
      generated: figures.generated,
      simulated: figures.simulated,
      ...generatorMetrics(figures),
      response: figures.response,
      ...(network && { networkAuc: network.auc, networkAucStdErr: network.stdErr }),
      ...(memorised && { nearerToTraining: memorised.nearer }),
    });
  else print(tables.map(({ head, rows: lines }) => table(head, lines)).join('\n\n'));
  if (report === undefined) return;
  const { generationReport } = await import('./generationReport.js');
  const [other, others] = trained ? [trained, `${task.thing} of the training`] : [real, `simulated ${task.thing}`];
  const pairs = memorised ? nearestPairs(memorised) : nearestPairs(nearest(task, real, made));
  const page = generationReport({
    files: { generated, simulated, ...(training !== undefined && { training }) },
    things: task.things,
    cells: { name: task.cell, unit: task.kind.unit },
    tables,
    ...both,
    ...(memorised && { nearest: { generated: memorised.distances, simulated: memorised.testDistances } }),
    means: meanPictures(task.drawing, real, made),
    pairs: pairPictures(task.drawing, made, other, { thing: task.thing, others, pairs }),
    sweeps,
  });
  await writeFileAtomically(report, page);
  say(`${report}: ${formatCounted(page.length, 'byte')}`);
}

/** @throws {JetError} BAD_ARGUMENT if simulated ones are of the training, so that they are no measure */
function memorisation<Data>(task: FlowTask<Data>, trained: Data, real: Data, made: Data): Memorisation {
  say(`eval: the nearest of ${task.count(trained)} ${task.things} of the training`);
  const found = memorisedCells(task.cells(trained), task.cells(real), task.cells(made));
  const same = found.testDistances.filter((distance) => distance === 0).length;
  if (same > found.testDistances.length / 100)
    throw new JetError(
      'BAD_ARGUMENT',
      `eval: ${same} of ${found.testDistances.length} simulated ${task.things} are in the training; expected others; choose them by --rows START:STOP, and the training by --training-rows`,
      { same },
    );
  return found;
}

/** Simulated rows that those most alike are looked for among, where there is no training sample. */
const SOUGHT = 2000;
/** Pairs that a report shows. */
const SHOWN = 3;

/** The generated rows that are nearest to some other row, nearest first. */
function nearestPairs({ distances, nearest: others }: Nearest): Pair[] {
  return Array.from(distances.keys())
    .sort((a, b) => distances[a] - distances[b])
    .slice(0, SHOWN)
    .map((made) => ({ made, other: others[made] }));
}

/** The first generated rows, and the simulated ones nearest to them. */
function nearest<Data>(task: FlowTask<Data>, real: Data, made: Data): Nearest {
  const first = (data: Data, most: number) => task.cells(task.some(data, 0, Math.min(most, task.count(data))));
  return nearestCells(first(real, SOUGHT), first(made, SHOWN));
}

/** Noises that are shown, and conditions that each is shown at. */
const [NOISES, CONDITIONS] = [3, 5];

/** What a generator makes of the same noise over the range of its condition. */
async function sweepPictures<Data>(task: FlowTask<Data>, name: string): Promise<BookPicture[]> {
  await using generator = await loadGenerator(name, { models: MODELS, batchSize: CONDITIONS });
  const { card } = generator.info;
  const [condition, ...more] = card.conditions;
  const made = card.outputs.map((one) => one.name).sort();
  if (condition === undefined || more.length > 0 || made.join() !== [...task.outputs].sort().join())
    throw new JetError(
      'BAD_ARGUMENT',
      `eval: --generator ${name} makes ${made.join(', ')}; expected ${task.outputs.join(', ')}, as in the files`,
      { outputs: made },
    );
  const { range, whole } = condition;
  const [low, high] = range;
  const count = whole ? Math.min(CONDITIONS, high - low + 1) : CONDITIONS;
  const values = Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / Math.max(1, count - 1));
  const pictures: BookPicture[] = [];
  for (let seed = 1; seed <= NOISES; seed++) {
    const { data } = normalNoise(1, card.noise, { seed });
    const noise = { shape: [count, card.noise], data: new Float32Array(count * card.noise) };
    for (let row = 0; row < count; row++) noise.data.set(data, row * card.noise);
    const made = task.made(await generator.generate(count, { noise, conditions: { [condition.name]: values } }));
    const caption = `What ${card.name} makes of the noise of seed ${seed}.`;
    pictures.push(rowPicture(task.drawing, made, count, { name: `sweep-${seed}`, caption }));
  }
  return pictures;
}
