/** @file The training of a generator as a page: settings, curves, and what it made of the same noise as it learnt. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { normalNoise, takeRows } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { type BookPicture, type BookSection, type FiguresInBins, figuresInBins, pictureBook } from '@jetsdk/plots';
import { type GanExamples, type LoadedGan, loadFlow, loadGan, realness, sampleOnePass } from '@jetsdk/train';
import { calledAs, duration, say } from '../terminal.js';
import { type FlowTask, JETS, SHOWERS } from './flowData.js';
import { type Judged, realnessPictures, rowPicture } from './generatedPictures.js';

/** Numbers after each epoch, by name. */
type Curves = Readonly<Record<string, readonly number[]>>;

/** What runs of flows and of adversaries say alike. */
interface Told {
  readonly network: string;
  readonly settings: { readonly seed: number; readonly batchSize: number; readonly learningRate: number };
  readonly dataset: { readonly name: string; readonly rows: readonly [number, number] };
  readonly backend: string;
}

/** Writes `report.html` into the folder of a flow. */
export async function writeFlowReport<Data>(folder: string, task: FlowTask<Data>): Promise<void> {
  const { run, epochs } = await loadFlow(folder);
  const curves = { loss: epochs.map(({ loss }) => loss), 'validation loss': epochs.map(({ valLoss }) => valLoss) };
  await writeReport(folder, task, run, epochs, [
    curvePicture('loss', 'Loss', curves, 'Mean squared error of the velocity per part, summed, after each epoch.'),
  ]);
}

/** Simulated rows that the discriminator is asked about, and as many generated ones. */
const JUDGED = 1000;

/**
 * Writes `report.html` into the folder of an adversarial training.
 *
 * @param training what it was trained on
 */
export async function writeGanReport(folder: string, training: GanExamples): Promise<void> {
  const loaded = await loadGan(folder);
  await (loaded.run.network === 'calogan'
    ? writeAdversaries(folder, loaded, SHOWERS, training)
    : writeAdversaries(folder, loaded, JETS, training));
}

async function writeAdversaries<Data>(
  folder: string,
  { generator, run, history }: LoadedGan,
  task: FlowTask<Data>,
  training: GanExamples,
): Promise<void> {
  const { epochs } = history;
  const real = (of: 'simulated' | 'generated' | 'generator') => epochs.map(({ [of]: terms }) => terms['real'] ?? 0);
  const losses = {
    'discriminator, simulated': real('simulated'),
    'discriminator, generated': real('generated'),
    generator: real('generator'),
  };
  const pictures = [
    curvePicture(
      'losses',
      'Cross-entropy',
      losses,
      'Cross-entropy of whether an image is simulated, after each epoch.',
    ),
    curvePicture(
      'spread',
      'Spread',
      { generated: epochs.map(({ spread }) => spread) },
      'How much generated images differ among each other, in units of simulated ones; near 0 they are all alike.',
    ),
  ];
  const { outputs } = generator;
  const rows = Uint32Array.from({ length: Math.min(JUDGED, training.images[0].shape[0]) }, (_, row) => row);
  const conditions = Object.fromEntries(
    Object.entries(training.conditions).map(([name, values]) => [name, values.subarray(0, rows.length)]),
  );
  const noise = normalNoise(rows.length, generator.latent, { seed: run.settings.seed });
  const asked = Object.fromEntries(
    Object.entries(conditions).map(([name, data]) => [name, { shape: [rows.length, 1], data }]),
  );
  const made = await sampleOnePass(generator, noise, asked);
  const simulated = Object.fromEntries(outputs.map(({ name }, k) => [name, takeRows(training.images[k], rows)]));
  const judged: Judged<Data>[] = [];
  for (const [name, images] of Object.entries({ simulated, generated: made }))
    judged.push({
      name,
      data: task.made({ outputs: images, conditions }),
      realness: await realness(folder, { images: outputs.map((output) => images[output.name]), conditions }),
    });
  await writeReport(folder, task, run, epochs, pictures, [
    {
      id: 'real',
      heading: 'What the discriminator finds real',
      text: `Of ${rows.length} ${task.things} that it was trained on, and of as many that are generated under the same conditions. It judges them in batches, in which it also sees how much they are alike, with running means in its normalisations, which mix both kinds: their order counts, more than how probable it finds them.`,
      pictures: realnessPictures(task.drawing, judged),
    },
  ]);
}

async function writeReport<Data>(
  folder: string,
  task: FlowTask<Data>,
  { network, settings, dataset, backend }: Told,
  epochs: readonly { readonly seconds: number }[],
  curves: readonly BookPicture[],
  more: readonly BookSection[] = [],
): Promise<void> {
  const samples: BookPicture[] = [];
  for (const file of readdirSync(join(folder, 'samples')).sort()) {
    const data = await task.read(join(folder, 'samples', file), [0, undefined]);
    const epoch = Number(/\d+/.exec(file)?.[0]);
    samples.push(
      rowPicture(task.drawing, data, task.count(data), {
        name: basename(file, '.h5'),
        caption: `After epoch ${epoch}.`,
      }),
    );
  }
  const path = join(folder, 'report.html');
  const page = pictureBook({
    title: `Training of ${network} on ${basename(dataset.name)}`,
    summary: `${dataset.rows[1] - dataset.rows[0]} ${task.things} to learn from, ${epochs.length} epochs.`,
    sections: [
      { id: 'curves', heading: 'Losses', pictures: curves },
      {
        id: 'samples',
        heading: 'What it makes of the same noise',
        text: 'Made in the trainer, at conditions spread over their ranges; the files are in samples.',
        pictures: samples,
      },
      ...more,
    ],
    facts: [
      { label: 'Network', value: network },
      { label: 'Dataset', value: `${dataset.name}, rows ${dataset.rows.join(' to ')}` },
      { label: 'Seed', value: String(settings.seed) },
      { label: 'Batch size', value: String(settings.batchSize) },
      { label: 'Learning rate', value: String(settings.learningRate) },
      { label: 'Backend', value: backend },
      { label: 'Time', value: duration(epochs.reduce((sum, { seconds }) => sum + seconds, 0)) },
    ],
    command: calledAs(),
  });
  await writeFileAtomically(path, page);
  say(`${path}; open it in a browser`);
}

function curvePicture(name: string, y: string, curves: Curves, caption: string): BookPicture {
  const samples = Object.entries(curves).map(
    ([label, values]): FiguresInBins => ({
      name: label,
      bins: values.map((value, i) => ({ low: i + 0.5, high: i + 1.5, value, bar: 0 })),
    }),
  );
  return { name, caption, draw: (options) => figuresInBins(samples, { ...options, x: 'Epoch', y }) };
}
