/** @file A training as a page: settings, curves, and what the network is worth on jets that are told apart by name. */

import { basename, join } from 'node:path';
import { evaluateTaggers, multiClass } from '@jetsdk/eval';
import { formatCount, formatCounted } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { costLines } from '@jetsdk/onnx';
import { type Confusion, classValues, formatJets, type ReportData, report, type Warning } from '@jetsdk/plots';
import { networkGraph } from '@jetsdk/plots/network';
import type { History, Run, RunCost, RunSettings } from '@jetsdk/train';
import { curvesAgainstRest } from './classFigures.js';
import type { NetworkSummary } from './networkSummary.js';
import type { ScoreAxis } from './scoreAxis.js';
import { duration } from './terminal.js';

export interface RunReport {
  readonly run: Run;
  readonly history: History;
  /** what the scored jets are, e.g. `test jets of train.h5` */
  readonly jets: string;
  /** whether these jets chose the best epoch: then the report says so */
  readonly choseEpoch: boolean;
  /** (n,) numbers of the classes; of two 0 = background, 1 = signal; not modified */
  readonly labels: Uint8Array;
  /** of the best weights, in [0, 1]: (n,) of the signal, or (n, classes) of more than two; not modified */
  readonly scores: Float32Array;
  /** by their numbers; default: those of the run's dataset, else `background` and `signal` */
  readonly classes?: readonly string[];
  /** default: network and dataset */
  readonly title?: string;
  readonly network: NetworkSummary;
  /** vertical axis of the scores; default `log` */
  readonly scoreAxis?: ScoreAxis;
  /** the command that makes it again */
  readonly command: string;
}

/** Where the confusion matrix cuts. */
const CUT = 0.5;

/**
 * Writes `report.html` into the folder of a run.
 *
 * @returns path of the report
 * @throws {JetError} as `evaluate`: SHAPE_MISMATCH, NOT_FINITE, BAD_DATASET where a class has no jets
 */
export async function writeRunReport(folder: string, request: RunReport): Promise<string> {
  const { run, history, labels, scores, jets } = request;
  const { settings, dataset } = run;
  const classes = request.classes ?? dataset.classes ?? ['background', 'signal'];
  const name = settings.network;
  const { epochs, bestEpoch } = history;
  const path = join(folder, 'report.html');
  await writeFileAtomically(
    path,
    report({
      title: request.title ?? `Training of ${name} on ${basename(dataset.name)}`,
      summary: `${formatJets(dataset.trainJets)} to learn from, ${formatCount(dataset.validationJets)} to choose the epoch; the weights of epoch ${bestEpoch} of ${epochs.length} are kept and measured on ${formatJets(labels.length)}: ${jets}.`,
      ...worth(name, labels, scores, classes),
      ...(request.scoreAxis && { scoreAxis: request.scoreAxis }),
      histories: [
        {
          name,
          loss: epochs.map((epoch) => epoch.loss),
          valLoss: epochs.map((epoch) => epoch.valLoss),
          accuracy: epochs.map((epoch) => epoch.accuracy),
          valAccuracy: epochs.map((epoch) => epoch.valAccuracy),
          bestEpoch,
        },
      ],
      warnings: warnings(request),
      networks: [
        {
          name,
          layers: request.network.layers,
          facts: costLines(request.network),
          drawing: networkGraph(request.network.layers, { title: name }),
        },
      ],
      facts: facts(request),
      command: request.command,
    }),
  );
  return path;
}

/** What the scores are worth, as the report shows it. */
function worth(
  name: string,
  labels: Uint8Array,
  scores: Float32Array,
  classes: readonly string[],
): Pick<ReportData, 'results' | 'classResults' | 'curves' | 'scores' | 'confusions'> {
  const width = scores.length / labels.length;
  if (width > 1) {
    const columns = { shape: [labels.length, width], data: scores };
    const result = multiClass(labels, columns, { name, classes });
    return { classResults: [result], curves: curvesAgainstRest(labels, columns, result, undefined) };
  }
  const [{ result, curve }] = evaluateTaggers(labels, [{ name, scores }]).taggers;
  return {
    results: [result],
    curves: [curve],
    scores: [{ name, classes: classValues(labels, scores, classes) }],
    confusions: [{ name: `${name} cut at ${CUT}`, ...confusion(labels, scores, classes) }],
  };
}

/** Jets of each class on either side of the cut. */
function confusion(labels: Uint8Array, scores: Float32Array, classes: readonly string[]): Confusion {
  const counts = [0, 0, 0, 0];
  labels.forEach((label, jet) => {
    counts[2 * label + (scores[jet] >= CUT ? 1 : 0)]++;
  });
  return { classes, counts };
}

function warnings({ history, choseEpoch }: RunReport): Warning[] {
  return [
    ...(choseEpoch
      ? [
          {
            code: 'chose-epoch',
            message: 'The measured jets chose the best epoch: the figures are a little too good. Set test jets apart.',
          },
        ]
      : []),
    ...history.warnings.map((message) => ({ code: 'training', message })),
  ];
}

function facts({ run, history, jets }: RunReport): { label: string; value: string }[] {
  const { settings, dataset, recipe } = run;
  const seconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return [
    {
      label: 'Network',
      value: `${settings.network}, ${formatCount(run.parameters)} parameters, input ${run.inputShape.join('×')}`,
    },
    ...(recipe === undefined
      ? []
      : [{ label: 'Recipe', value: `${recipe.name}: ${recipe.steps.map(({ step }) => step).join(', ')}` }]),
    { label: 'Dataset', value: dataset.name },
    ...(dataset.hash === undefined ? [] : [{ label: 'SHA-256 of the dataset', value: dataset.hash }]),
    { label: 'Split', value: splitText(dataset.split) },
    { label: 'Measured on', value: jets },
    ...(run.initial === undefined
      ? []
      : [{ label: 'Began with', value: `weights learned on ${run.initial.dataset}, ${run.initial.weights}` }]),
    ...settingFacts(settings),
    { label: 'Backend', value: run.backend },
    { label: 'Time', value: `${duration(seconds)} in ${formatCounted(history.epochs.length, 'epoch')}` },
    ...(run.cost === undefined ? [] : [{ label: 'Cost', value: costText(run.cost) }]),
    { label: 'Jet SDK', value: run.sdkVersion },
  ];
}

function costText({ jetsPerSecond, waiting, peakMemory }: RunCost): string {
  return `${formatCount(jetsPerSecond)} jets/s, ${(100 * waiting).toFixed(1)} % of the time waiting for jets, at most ${formatCount(peakMemory / 1e6)} MB of memory`;
}

function splitText(split: Run['dataset']['split']): string {
  if (split === undefined) return 'files of their own';
  if ('column' in split) return `by the column ${split.column}`;
  const { seed, test, validation, stratified } = split;
  return `at random with seed ${seed}: ${100 * test} % test, ${100 * validation} % of the rest validation${stratified ? ', stratified' : ''}`;
}

const LABELS: Readonly<Record<keyof RunSettings, string>> = {
  network: 'Network',
  seed: 'Seed',
  batchSize: 'Batch size',
  epochs: 'Epochs, at most',
  patience: 'Patience',
  learningRate: 'Learning rate',
  classWeights: 'Class weights',
  jetWeights: 'Jet weights',
  augmentation: 'Augmentation',
  optimizer: 'Optimizer',
  schedule: 'Schedule',
  clipNorm: 'Largest norm of the gradient',
};

/** Every setting of the run but the network, which stands above, and the optimizer also where it is the default. */
function settingFacts({ network: _network, ...settings }: RunSettings): { label: string; value: string }[] {
  return Object.entries({ optimizer: { kind: 'adam' }, ...settings }).map(([key, value]) => ({
    label: LABELS[key as keyof RunSettings],
    value: typeof value === 'object' ? settingText(value) : numberText(key, value),
  }));
}

/** A seed is a name, no amount. */
const numberText = (key: string, value: unknown): string =>
  typeof value === 'number' && Number.isInteger(value) && key !== 'seed' ? formatCount(value) : String(value);

/** A setting with parts: `flip eta, phi; rotate 10`. */
function settingText(value: object): string {
  if (Array.isArray(value)) return value.join(', ');
  return Object.entries(value)
    .map(([key, part]) => (key === 'kind' ? String(part) : `${key} ${Array.isArray(part) ? part.join(', ') : part}`))
    .join('; ');
}
