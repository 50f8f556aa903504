import { basename, join } from 'node:path';
import { exportModel } from '@jetsdk/export';
import { formatCount, formatCounted, JetError, type JetImages } from '@jetsdk/jets';
import { fileHash, openAllJets, writeFileAtomically } from '@jetsdk/jets/files';
import { history as historyPicture, jetImageGrid, pictureBook } from '@jetsdk/plots';
import {
  artifactsOf,
  buildRegressor,
  type HashedFile,
  type LoadedRegression,
  loadRegression,
  predictImages,
  type ReadExamplesOptions,
  type RegressionExamples,
  type RegressionNetwork,
  type RegressionRequest,
  type RegressorName,
  readExamples,
  recipesOf,
  regressionLoss,
  regressors,
  selectBackend,
  settingsFor,
  sharedFiles,
  trainRegression,
} from '@jetsdk/train';
import { type JetFlags, jetOptions } from '../options.js';
import { duration, print, progress, say, table } from '../terminal.js';
import { trainingSettings } from '../trainingSettings.js';
import { timeLeft, watchTraining } from '../watchedTraining.js';
import type { TrainFlags } from './train.js';

/** Whether a name is that of a network from images to an image. */
export const isRegressor = (name: string): name is RegressorName => Object.hasOwn(regressors, name);

/** Flags that mean something to classifiers alone. */
const OF_CLASSIFIERS = [
  'splitBy',
  'stratified',
  'rows',
  'trainJets',
  'classes',
  'recipe',
  'constituents',
  'seeds',
  'from',
  'flatPt',
  'classWeights',
  'rotate',
  'shift',
  'smear',
  'scoreAxis',
] as const satisfies readonly (keyof TrainFlags)[];

/** Trains a network from images to an image, and measures it on the test jets, or on those that chose the epoch. */
export async function trainRegressor(name: RegressorName, flags: TrainFlags): Promise<void> {
  const network: RegressionNetwork = regressors[name];
  const odd = OF_CLASSIFIERS.find((flag) => flags[flag] !== undefined);
  if (odd !== undefined || Object.keys(flags.set).length > 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `train: ${name} gives images, not classes; expected no option ${odd ?? 'set'}; leave it out`,
      { option: odd ?? 'set' },
    );
  if (flags.validation === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `train: ${name} without --validation; expected jets that choose the best epoch; name a file of them`,
    );
  const chosen = trainingSettings(flags);
  const backend = await selectBackend(flags.backend);
  if (flags.export) await requireExport(network, flags.seed);
  const [data, validating, testing = []] = [flags.data, flags.validation, flags.test].map(pathsOf);
  const files = await hashed(data);
  const shared = sharedFiles({ data: files, validation: await hashed(validating), test: await hashed(testing) });
  for (const warning of shared) say(`warning: ${warning}`);
  const training = await read(data, network, flags, network.overlay ? { overlay: flags.seed } : {});
  const validation = await read(validating, network, flags);
  const test = flags.test === undefined ? undefined : await read(testing, network, flags);
  say(
    `${name} on ${formatCounted(training.truth.shape[0], 'jet')}; backend ${backend.name}, ${backend.threads} threads`,
  );
  const request: RegressionRequest = {
    ...chosen,
    network,
    seed: flags.seed,
    dataset: datasetOf(files),
    resume: flags.resume ?? false,
  };
  await trainWithBar(flags.output, request, training, validation);
  const loaded = await loadRegression(flags.output);
  const jets = test === undefined ? `${validating.join(', ')}, which chose the epoch` : testing.join(', ');
  const rows = await measure(flags.output, loaded, test ?? validation, jets);
  print(table(['pixels of the truth against', 'loss'], rows));
}

const pathsOf = (given: string | readonly string[] = []): readonly string[] =>
  typeof given === 'string' ? [given] : given;

/** @throws {JetError} UNSUPPORTED for a layer that cannot be exported */
async function requireExport(network: RegressionNetwork, seed: number): Promise<void> {
  const model = buildRegressor(network, seed);
  try {
    exportModel(await artifactsOf(model));
  } finally {
    model.dispose();
  }
}

async function hashed(paths: readonly string[]): Promise<HashedFile[]> {
  const files: HashedFile[] = [];
  for (const path of paths) files.push({ name: path, hash: await fileHash(path) });
  return files;
}

function datasetOf(files: readonly HashedFile[]): RegressionRequest['dataset'] {
  const [first, ...others] = files;
  const name = files.map((file) => file.name).join(', ');
  return others.length === 0 ? { name, hash: first.hash } : { name, files };
}

async function read(
  paths: readonly string[],
  network: RegressionNetwork,
  flags: JetFlags,
  overlay: Pick<ReadExamplesOptions, 'overlay'> = {},
): Promise<RegressionExamples> {
  const source = await openAllJets(paths, jetOptions(flags));
  const bar = progress(paths.map((path) => basename(path)).join(', '), source.count, 'jets');
  try {
    return await readExamples(source, recipesOf(network), { ...overlay, onProgress: ({ done }) => bar.update(done) });
  } finally {
    bar.stop();
    source.close();
  }
}

async function trainWithBar(
  folder: string,
  request: RegressionRequest,
  training: RegressionExamples,
  validation: RegressionExamples,
): Promise<void> {
  const { epochs } = settingsFor(request.network, request);
  const left = timeLeft(epochs);
  let validated = '';
  const { bestEpoch, history } = await watchTraining(({ signal, onWarning, stage }) => {
    const bar = stage('train', epochs, 'epochs');
    return trainRegression(folder, request, training, validation, {
      signal,
      onWarning,
      onBatch: (progress) => {
        bar.update(progress.epoch - 1, `loss ${progress.loss.toPrecision(3)}${validated}, ${left(progress)}`);
      },
      onEpoch: ({ epoch, loss, valLoss }) => {
        validated = ` val_loss ${valLoss.toPrecision(3)}`;
        bar.update(epoch, `loss ${loss.toPrecision(3)}${validated}`);
      },
    });
  });
  print(
    `${folder}: best epoch ${bestEpoch} of ${history.length}, val_loss ${history[bestEpoch - 1].valLoss.toPrecision(4)}`,
  );
}

/** Jets whose images the report shows. */
const SHOWN = 3;

/** Writes `test.json` and `report.html` into the folder of the run. */
async function measure(
  folder: string,
  { artifacts, run, history }: LoadedRegression,
  { inputs, truth }: RegressionExamples,
  jets: string,
): Promise<string[][]> {
  const predicted = await predictImages(artifacts, inputs);
  const name = run.settings.network;
  const losses = [
    { name, loss: regressionLoss(run.loss, predicted.data, truth.data) },
    ...Object.entries(inputs).flatMap(([input, images]) =>
      images.data.length === truth.data.length
        ? [{ name: `the image ${input} as it is`, loss: regressionLoss(run.loss, images.data, truth.data) }]
        : [],
    ),
    { name: 'empty images', loss: regressionLoss(run.loss, new Float32Array(truth.data.length), truth.data) },
  ];
  const rows = losses.map(({ name: row, loss }) => [row, loss.toPrecision(4)]);
  await writeFileAtomically(
    join(folder, 'test.json'),
    `${JSON.stringify({ format: 'jetsdk-regression-test/1', jets, count: truth.shape[0], losses }, null, 2)}\n`,
  );
  const { epochs, bestEpoch } = history;
  const path = join(folder, 'report.html');
  await writeFileAtomically(
    path,
    pictureBook({
      title: `Training of ${name} on ${basename(run.dataset.name)}`,
      summary: `${formatCounted(run.dataset.trainJets, 'jet')} to learn from, ${formatCount(run.dataset.validationJets)} to choose the epoch; the weights of epoch ${bestEpoch} of ${epochs.length} are kept and measured on ${formatCounted(truth.shape[0], 'jet')}: ${jets}.`,
      sections: [
        {
          id: 'loss',
          heading: 'Loss',
          pictures: [
            {
              name: 'history',
              caption: 'Mean over the pixels of (ln((p̂ + p̄) / (p + p̄)))² after each epoch.',
              draw: (options) =>
                historyPicture(
                  {
                    loss: epochs.map(({ loss }) => loss),
                    valLoss: epochs.map(({ valLoss }) => valLoss),
                    bestEpoch,
                  },
                  options,
                ),
            },
          ],
          tables: [
            {
              label: `Loss with p̄ = ${run.loss.pbar} GeV`,
              head: ['prediction', 'loss'],
              rows,
            },
          ],
        },
        {
          id: 'jets',
          heading: 'Jets before and after',
          text: 'What is measured, what the network gives, and the truth.',
          pictures: Array.from({ length: Math.min(SHOWN, truth.shape[0]) }, (_, jet) => ({
            name: `jet-${jet}`,
            caption: `Jet ${jet} of ${jets}.`,
            wide: true,
            draw: (options) =>
              jetImageGrid(
                [
                  ...Object.entries(inputs).flatMap(([input, images]) =>
                    images.data.length === truth.data.length ? [{ ...imageOf(images, jet), title: input }] : [],
                  ),
                  { ...imageOf(predicted, jet), title: 'corrected' },
                  { ...imageOf(truth, jet), title: 'truth' },
                ],
                { ...options, quantity: 'p_{T} (GeV)' },
              ),
          })),
        },
      ],
      facts: [
        { label: 'Network', value: `${name}, ${formatCounted(run.parameters, 'parameter')}` },
        { label: 'Recipe', value: run.recipe.name },
        { label: 'Dataset', value: run.dataset.name },
        { label: 'Seed', value: String(run.settings.seed) },
        { label: 'Batch size', value: String(run.settings.batchSize) },
        { label: 'Learning rate', value: String(run.settings.learningRate) },
        { label: 'Backend', value: run.backend },
        { label: 'Time', value: duration(epochs.reduce((sum, { seconds }) => sum + seconds, 0)) },
      ],
    }),
  );
  say(`${path}; open it in a browser`);
  return rows;
}

function imageOf({ shape: [, height, width], data }: JetImages, jet: number) {
  const size = height * width;
  return { shape: [height, width] as const, pixels: data.subarray(jet * size, (jet + 1) * size) };
}
