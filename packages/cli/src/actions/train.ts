import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EvaluationResult, ensembleScores, type RunSummary, summariseRuns } from '@jetsdk/eval';
import { exportModel } from '@jetsdk/export';
import { formatCounted, isJetError, JetError, type Recipe } from '@jetsdk/jets';
import { makeFolder, writeFileAtomically } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import {
  artifactsOf,
  type BackendName,
  buildNetwork,
  giveInitialWeights,
  type InitialWeights,
  lineOfLayer,
  loadNetwork,
  loadRun,
  type NamedNetwork,
  networkTemplate,
  outputsFor,
  predict,
  selectBackend,
  settingsFor,
  type TestJets,
  type TrainingData,
  type TrainingFiles,
} from '@jetsdk/train';
import { accuracyOf, aucOf, type Figures, figuresOf, figuresText, ofTwoClasses, scoresOf } from '../figures.js';
import { firstWeights } from '../firstWeights.js';
import { networkForm, shapeOf } from '../networkForm.js';
import { summariseArtifacts } from '../networkSummary.js';
import { writeRunReport } from '../runReport.js';
import { requireScorePictures, type ScoreAxis } from '../scoreAxis.js';
import { calledAs, print, say, table } from '../terminal.js';
import { type NetworkRequest, readWithProgress, trainWithProgress } from '../training.js';
import type { TrainingFlags } from '../trainingOptions.js';
import { trainingSettings } from '../trainingSettings.js';

export { networkOfWeights } from '../firstWeights.js';

export interface TrainFlags extends TrainingFiles, TrainingFlags {
  readonly output: string;
  readonly recipe?: Recipe;
  readonly seeds?: number;
  readonly from?: string;
  readonly resume?: true;
  /** false: also networks that cannot be exported */
  readonly export: boolean;
  /** settings of the network */
  readonly set: Readonly<Record<string, string>>;
  readonly constituents?: number;
  readonly backend: BackendName | 'auto';
  readonly scoreAxis?: ScoreAxis;
}

/** Trains a network of the zoo or of a file, with one seed or several, and measures it. */
export async function trainNetwork(nameOrPath: string, flags: TrainFlags): Promise<void> {
  const network = await loadNetwork(nameOrPath);
  const form = networkForm(network, flags);
  const recipe = form !== undefined && 'steps' in form ? form : undefined;
  const chosen = trainingSettings(flags);
  const backend = await selectBackend(flags.backend);
  const initial = flags.from === undefined ? undefined : await firstWeights(flags.from, network, flags.set);
  const inputShape = shapeOf(network, form);
  const expectedShape = inputShape ?? initial?.inputShape;
  const expectedClasses = flags.classes?.length ?? initial?.outputs ?? 2;
  if (expectedShape !== undefined) await requireBuildable(network, expectedShape, expectedClasses, flags, initial);
  const { batchSize, jetWeights } = settingsFor(network, chosen);
  const flatPt = jetWeights === 'flat-pt';
  const data = await readWithProgress({ ...flags, flatPt }, form);
  say(
    `${network.name} on ${formatCounted(data.training.labels.length, 'jet')}; backend ${backend.name}, ${backend.threads} threads`,
  );
  if (data.training.labels.length < batchSize)
    say(
      `warning: ${formatCounted(data.training.labels.length, 'jet')} to learn from, fewer than a batch of ${batchSize}: one step an epoch; choose a smaller --batch-size`,
    );
  const request = (seed: number): NetworkRequest => ({
    ...chosen,
    network,
    networkSettings: flags.set,
    seed,
    ...(recipe !== undefined && { recipe }),
    dataset: data.facts,
    ...(initial && { from: initial }),
    resume: flags.resume ?? false,
  });
  const { scoreAxis } = flags;
  try {
    requireScorePictures('train', scoreAxis, data.facts.classes?.length ?? 2);
    if (inputShape === undefined)
      await requireBuildable(network, data.training.inputs.shape.slice(1), data.facts.classes?.length ?? 2, flags);
    if (flags.seeds === undefined) {
      const { result } = await trainOne(flags.output, request(flags.seed), data, scoreAxis);
      print(figuresText([result]));
    } else await trainSeveral(flags.output, flags.seed, flags.seeds, request, data, scoreAxis);
  } finally {
    await data.close();
  }
}

/** Writes a network to begin with. @throws {JetError} BAD_ARGUMENT where there is a file already */
export async function writeTemplate(path: string, like: string): Promise<void> {
  const text = networkTemplate(like).replace('./THIS.mjs', () => path);
  if (existsSync(path))
    throw new JetError('BAD_ARGUMENT', `train: --init ${path}: it is there already; expected a new file; name another`);
  await writeFileAtomically(path, text);
  say(`${path}; jetsdk train ${path} --data jets.h5 -o run trains it`);
}

/**
 * Builds the network before the jets are read, or before an hour of training at least.
 *
 * @param initial weights that it is to begin with
 * @throws {JetError} as `buildNetwork`; UNSUPPORTED for a layer that cannot be exported, where that is wanted; as
 *   `giveInitialWeights`
 */
async function requireBuildable(
  network: NamedNetwork,
  inputShape: readonly number[],
  classes: number,
  flags: TrainFlags,
  initial?: InitialWeights,
): Promise<void> {
  const outputs = outputsFor(network, classes);
  const model = await buildNetwork(network, {
    inputShape,
    settings: flags.set,
    seed: flags.seed,
    ...(outputs !== undefined && { outputs }),
  });
  try {
    if (initial !== undefined) giveInitialWeights(initial, model, network.name);
    if (flags.export) await requireExportable(network, model);
  } finally {
    model.dispose();
  }
}

async function requireExportable(
  network: NamedNetwork,
  model: Awaited<ReturnType<typeof buildNetwork>>,
): Promise<void> {
  try {
    exportModel(await artifactsOf(model));
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    const { layer } = cause.details;
    const line = typeof layer === 'string' ? lineOfLayer(network, model, layer.split('/')[0]) : '';
    throw new JetError(
      cause.code,
      `${network.name}: could not be exported after the training: ${line === '' ? '' : `${line.trim()}, `}${cause.message}; --no-export trains it all the same`,
      cause.details,
      { cause },
    );
  }
}

interface Trained {
  readonly result: Figures;
  /** of the measured jets, of the signal or of each class */
  readonly scores: Float32Array;
}

/** Trains in a folder and measures the best weights on the test jets, or on those of the validation. */
async function trainOne(
  folder: string,
  request: NetworkRequest,
  data: TrainingData,
  scoreAxis: ScoreAxis | undefined,
): Promise<Trained> {
  const { training, validation } = data;
  const { history, bestEpoch } = await trainWithProgress(folder, request, training, validation);
  const best = history[bestEpoch - 1];
  print(
    `${folder}: best epoch ${bestEpoch} of ${history.length}, val_loss ${best.valLoss.toFixed(4)}, val_accuracy ${best.valAccuracy.toFixed(4)}`,
  );
  const { artifacts, run, history: record } = await loadRun(folder);
  const { name, inputs, labels, jets } = measured(data);
  const scores = scoresOf(await predict(artifacts, inputs), labels.length);
  const result = figuresOf(labels, scores, { name, classes: run.dataset.classes });
  await writeFileAtomically(join(folder, 'test.json'), `${JSON.stringify(result, null, 2)}\n`);
  if (jets !== undefined)
    await writeFileAtomically(
      join(folder, 'test-jets.npy'),
      writeNpy({ dtype: 'uint32', shape: [jets.length], data: jets }),
    );
  const path = await writeRunReport(folder, {
    run,
    history: record,
    jets: name,
    choseEpoch: data.test === undefined,
    labels,
    scores,
    network: await summariseArtifacts(run.settings.network, artifacts),
    command: calledAs(),
    ...(scoreAxis && { scoreAxis }),
  });
  say(`${path}; open it in a browser`);
  return { result, scores };
}

/** The test jets, or, where there are none, those that chose the epoch, and are called so. */
function measured({ test, validation }: TrainingData): TestJets {
  return test ?? { ...validation, name: 'validation jets, which chose the epoch' };
}

/** Trains with one seed after the other, each in a folder of its own; then their spread and their mean score. */
async function trainSeveral(
  folder: string,
  first: number,
  count: number,
  request: (seed: number) => NetworkRequest,
  data: TrainingData,
  scoreAxis: ScoreAxis | undefined,
): Promise<void> {
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  await makeFolder(folder);
  const trained: Trained[] = [];
  for (const seed of seeds) trained.push(await trainOne(join(folder, `seed-${seed}`), request(seed), data, scoreAxis));
  const { labels, name } = measured(data);
  const mean = ensembleScores(trained.map(({ scores }) => scores));
  const ensemble = figuresOf(labels, mean, { name: 'ensemble', classes: data.facts.classes });
  const results = trained.map(({ result }) => result);
  const summary = {
    format: 'jetsdk-seeds/1',
    jets: name,
    seeds,
    auc: summariseRuns(results.map(aucOf)),
    accuracy: summariseRuns(results.map(accuracyOf)),
    rejection: rejectionSummaries(results.filter(ofTwoClasses)),
    ensemble,
  };
  await writeFileAtomically(join(folder, 'seeds.json'), `${JSON.stringify(summary, null, 2)}\n`);
  print(`\n${name}`);
  print(figuresText([...results.map((result, i) => ({ ...result, name: `seed ${seeds[i]}` })), ensemble]));
  const spread = ({ mean, std }: RunSummary, digits: number): string =>
    `${mean.toFixed(digits)} ± ${std.toFixed(digits)}`;
  print(
    table(
      ['mean ± std', 'AUC', 'accuracy', ...summary.rejection.map((at) => `1/ε_B at ε_S=${at.signalEfficiency}`)],
      [
        [
          `${count} seeds`,
          spread(summary.auc, 4),
          spread(summary.accuracy, 4),
          ...summary.rejection.map((at) => spread(at, at.mean < 100 ? 1 : 0)),
        ],
      ],
    ),
  );
}

/** At the signal efficiencies where every training has a rejection; of two classes alone. */
function rejectionSummaries(
  results: readonly EvaluationResult[],
): ({ readonly signalEfficiency: number } & RunSummary)[] {
  const [first] = results;
  if (first === undefined) return [];
  return first.rejection.flatMap(({ signalEfficiency }) => {
    const values = results.flatMap(({ rejection }) =>
      rejection.filter((at) => at.signalEfficiency === signalEfficiency).map((at) => at.rejection),
    );
    return values.length === results.length ? [{ signalEfficiency, ...summariseRuns(values) }] : [];
  });
}
