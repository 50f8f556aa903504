import { basename } from 'node:path';
import {
  bootstrap,
  type ComparedTaggers,
  type EvaluatedTaggers,
  evaluateTaggers,
  multiClass,
  type PairedRejection,
  pairedMultiClass,
  pairedRejection,
} from '@jetsdk/eval';
import type { Tagger } from '@jetsdk/infer';
import { formatCount, JetError, type JetSource, knowsFiles, SDK_VERSION, takeSource } from '@jetsdk/jets';
import { openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { totalFlops } from '@jetsdk/onnx';
import { classValues, formatJets, type ReportData, report } from '@jetsdk/plots';
import { curvesAgainstRest } from '../classFigures.js';
import { type Contender, contender, contenderNames } from '../contender.js';
import { type Figures, figuresText } from '../figures.js';
import { type JetFlags, jetOptions } from '../options.js';
import { partOf, rowsApart } from '../provenance.js';
import { comparisonTable } from '../resultTables.js';
import { print, printJson, progress, say, table } from '../terminal.js';

export interface CompareFlags extends JetFlags {
  readonly data?: string;
  readonly signalEfficiency: readonly number[];
  readonly replicates: number;
  readonly json?: true;
  readonly report?: string;
}

/** Scores the jets that none of some models was trained on, and compares the models on them. */
export async function compare(named: readonly string[], flags: CompareFlags): Promise<void> {
  if (named.length < 2)
    throw new JetError('BAD_ARGUMENT', `compare: got ${named.length} model; expected two or more, runs or ONNX files`);
  const names = contenderNames(named);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new JetError('BAD_ARGUMENT', `compare: two models are called ${twice}; expected each once`);
  const contenders: Contender[] = [];
  try {
    for (const [i, what] of named.entries()) contenders.push(await contender(what, names[i]));
    const path = flags.data ?? (await commonFile(contenders));
    const source = await openJets(path, jetOptions(flags));
    try {
      await compareOn(path, source, contenders, flags);
    } finally {
      source.close();
    }
  } finally {
    for (const { tagger } of contenders) await tagger.dispose();
  }
}

/** The file that all of them were trained on, where it is still here. */
async function commonFile(contenders: readonly Contender[]): Promise<string> {
  const files = new Map(contenders.map(({ training }) => [training?.datasetHash, training?.dataset]));
  const [path] = files.values();
  if (files.size > 1 || path === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `compare: the models were trained on ${[...files.values()].map((file) => basename(file ?? 'what they do not say')).join(', ')}; expected one file; name the jets with --data`,
    );
  const isThere = await partOf(path, contenders[0].training).catch(() => undefined);
  if (isThere === undefined)
    throw new JetError(
      'FILE_NOT_FOUND',
      `compare: ${path}, which the models were trained on, is not here, or not as it was; name jets with --data`,
      { path },
    );
  return path;
}

/** Jets that are left out, because a model was trained on them. */
interface Excluded {
  readonly name: string;
  readonly jets: number;
}

interface Compared {
  readonly jets: number;
  readonly excluded: readonly Excluded[];
  readonly labels: Uint8Array;
  /** (jets,) of the signal, or (jets, classes) of more than two classes */
  readonly scores: readonly { readonly name: string; readonly scores: Float32Array; readonly jetsPerSecond: number }[];
}

async function compareOn(
  path: string,
  source: JetSource,
  contenders: readonly Contender[],
  flags: CompareFlags,
): Promise<void> {
  const classes = commonClasses(contenders);
  const { rows, excluded } = await apart(path, source, contenders);
  const labels = await (rows === undefined ? source : takeSource(source, rows)).labels();
  if (labels === undefined)
    throw new JetError(
      'BAD_DATASET',
      `compare: ${path}: no labels; expected signal and background jets that are told apart`,
    );
  const scored = [];
  for (const { name, tagger } of contenders) {
    const some = rows === undefined ? source : takeSource(source, rows);
    const bar = progress(`score with ${name}`, some.count, 'jets');
    try {
      const options = { onProgress: ({ done }: { readonly done: number }) => bar.update(done) };
      const scores =
        classes === undefined ? await tagger.score(some, options) : (await tagger.probabilities(some, options)).data;
      scored.push({ name, scores, jetsPerSecond: await speedOf(tagger, some) });
    } finally {
      bar.stop();
    }
  }
  const compared: Compared = { jets: source.count, excluded, labels, scores: scored };
  const judged =
    classes === undefined ? await judge(compared, flags, source.classes) : judgeClasses(compared, flags, classes);
  const costs = costsOf(contenders, compared);
  if (flags.report !== undefined) {
    await writeFileAtomically(flags.report, comparisonReport(path, contenders, compared, judged, costs));
    say(`report: ${flags.report}`);
  }
  if (flags.json)
    printJson({
      data: path,
      jets: labels.length,
      excluded,
      results: judged.results,
      comparisons: judged.comparisons,
      rejections: judged.rejections,
      costs,
    });
  else print(asText(path, compared, judged, costs));
  for (const { a, b, reason } of judged.notCompared) say(`warning: no paired test of ${a} and ${b}: ${reason}`);
}

/** What the models are worth, and how they differ. */
interface Judged extends Pick<EvaluatedTaggers, 'comparisons' | 'notCompared'> {
  readonly results: readonly Figures[];
  readonly rejections: readonly RejectionTest[];
  /** for the report */
  readonly pictures: Pick<ReportData, 'results' | 'classResults' | 'curves' | 'scores'>;
}

async function judge(
  compared: Compared,
  flags: CompareFlags,
  classes: readonly string[] = ['background', 'signal'],
): Promise<Judged> {
  const { labels, scores } = compared;
  const { taggers, ...paired } = evaluateTaggers(labels, scores, { signalEfficiencies: flags.signalEfficiency });
  const results = taggers.map(({ result }) => result);
  return {
    ...paired,
    results,
    rejections: await rejectionTests(compared, flags),
    pictures: {
      results,
      curves: taggers.map(({ curve }) => curve),
      scores: scores.map(({ name, scores: own }) => ({ name, classes: classValues(labels, own, classes) })),
    },
  };
}

function judgeClasses({ labels, scores }: Compared, flags: CompareFlags, classes: readonly string[]): Judged {
  const tables = scores.map(({ name, scores: data }) => ({ name, shape: [labels.length, classes.length], data }));
  const results = tables.map(({ name, ...columns }) =>
    multiClass(labels, columns, { name, classes, signalEfficiencies: flags.signalEfficiency }),
  );
  const comparisons = tables.flatMap(({ name: a, ...first }, i) =>
    tables.slice(i + 1).map(
      ({ name: b, ...second }): ComparedTaggers => ({
        a,
        b,
        ...pairedMultiClass(labels, first, second, { classes }),
      }),
    ),
  );
  const [best] = tables;
  return {
    results,
    comparisons,
    notCompared: [],
    rejections: [],
    pictures: {
      classResults: results,
      ...(best && { curves: curvesAgainstRest(labels, best, results[0], undefined) }),
    },
  };
}

/**
 * The classes of all models, where there are more than two.
 *
 * @throws {JetError} BAD_ARGUMENT if they are not the same
 */
function commonClasses(contenders: readonly Contender[]): readonly string[] | undefined {
  const told = contenders.map(({ name, tagger }) => ({ name, classes: tagger.info.card?.classes ?? [] }));
  const most = told.find(({ classes }) => classes.length > 2);
  if (most === undefined) return undefined;
  const other = told.find(({ classes }) => classes.join('\0') !== most.classes.join('\0'));
  if (other !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `compare: ${most.name} has the classes ${most.classes.join(', ')}, ${other.name} ${other.classes.join(', ') || 'says none'}; expected the same in the same order`,
    );
  return most.classes;
}

/** Jets that speed is measured on. */
const TIMED_JETS = 2000;

/** Jets a second from memory to scores, once everything is warm. */
async function speedOf(tagger: Tagger, source: JetSource): Promise<number> {
  const jets = await source.read(0, Math.min(source.count, TIMED_JETS));
  const quietly = { onWarning: () => {} };
  await tagger.score(jets, quietly);
  const started = performance.now();
  await tagger.score(jets, quietly);
  return (1000 * jets.shape[0]) / (performance.now() - started);
}

/** The jets that took part in none of the trainings, and how many did in each. */
async function apart(
  path: string,
  source: JetSource,
  contenders: readonly Contender[],
): Promise<{ rows: Uint32Array | undefined; excluded: readonly Excluded[] }> {
  const left = new Uint8Array(source.count).fill(1);
  const excluded: Excluded[] = [];
  for (const { name, training } of contenders) {
    if (!knowsFiles(training))
      say(`warning: ${name} does not say what it was trained on; jets of ${path} may have taken part`);
    const from = training?.initial?.dataset;
    if (from !== undefined && basename(from) === basename(path))
      say(`warning: ${name} began with weights learned on ${from}; jets of ${path} may have taken part in that`);
    const own = await rowsApart(path, source, training);
    if (own === undefined) continue;
    excluded.push({ name, jets: source.count - own.length });
    const apartOf = new Uint8Array(source.count);
    for (const row of own) apartOf[row] = 1;
    for (let jet = 0; jet < left.length; jet++) left[jet] &= apartOf[jet];
  }
  if (excluded.length === 0) return { rows: undefined, excluded };
  const rows = Uint32Array.from({ length: source.count }, (_, jet) => jet).filter((jet) => left[jet] === 1);
  if (rows.length === 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `compare: ${path}: each of its ${source.count} jets took part in the training of one of the models; expected jets that did not; name another file with --data, or train all with the same seed`,
      { path },
    );
  return { rows, excluded };
}

/** The rejections of two models at one signal efficiency. */
interface RejectionTest extends PairedRejection {
  readonly a: string;
  readonly b: string;
  readonly signalEfficiency: number;
}

async function rejectionTests({ labels, scores }: Compared, flags: CompareFlags): Promise<RejectionTest[]> {
  const tests: RejectionTest[] = [];
  for (const signalEfficiency of flags.signalEfficiency) {
    const metric = { name: 'backgroundEfficiency', signalEfficiency } as const;
    const found = await bootstrap(
      labels,
      scores.map((one) => one.scores),
      { metric, replicates: flags.replicates },
    );
    scores.forEach(({ name: a }, i) => {
      scores.slice(i + 1).forEach(({ name: b }, j) => {
        tests.push({ a, b, signalEfficiency, ...pairedRejection(found[i], found[i + 1 + j]) });
      });
    });
  }
  return tests;
}

/** What a model costs; undefined for what is not known. */
export interface ModelCost {
  readonly name: string;
  readonly parameters: number;
  readonly flops: number | undefined;
  readonly secondsPerEpoch: number | undefined;
  /** recipe and network together, from memory, on this machine */
  readonly jetsPerSecond: number;
}

function costsOf(contenders: readonly Contender[], { scores }: Compared): ModelCost[] {
  return contenders.map(({ name, training, summary: { parameters, cost } }, i) => ({
    name,
    parameters: training?.parameters ?? parameters,
    flops: cost?.flops && totalFlops(cost.flops),
    secondsPerEpoch: training && training.seconds / training.epochs,
    jetsPerSecond: scores[i].jetsPerSecond,
  }));
}

const short = (value: number): string => (value < 1e-4 ? value.toExponential(0) : value.toFixed(4));

function costCells({ parameters, flops, secondsPerEpoch, jetsPerSecond }: ModelCost): string[] {
  return [
    formatCount(parameters),
    flops === undefined ? '–' : (flops / 1e6).toPrecision(3),
    secondsPerEpoch === undefined ? '–' : secondsPerEpoch.toPrecision(3),
    formatCount(jetsPerSecond),
  ];
}

const COSTS = ['parameters', 'MFLOP a jet', 's an epoch', 'jets/s here'];

/** Which jets are compared on, in a sentence. */
function jetsText(path: string, { jets, labels, excluded }: Compared): string {
  const out = excluded.map(({ name, jets: own }) => `${formatCount(own)} from that of ${name}`);
  return `${formatJets(labels.length)} of ${basename(path)}${excluded.length === 0 ? ', none of which took part in a training' : `, which has ${formatCount(jets)}; left out are those that are not apart from a training: ${out.join(', ')}`}`;
}

function ratioCells({ a, b, signalEfficiency, ratio, interval: { low, high }, pValue }: RejectionTest): string[] {
  const value = (of: number | undefined): string => of?.toFixed(2) ?? '–';
  return [`${a} / ${b}`, String(signalEfficiency), `${value(ratio)} [${value(low)}, ${value(high)}]`, short(pValue)];
}

const RATIOS = ['ratio of', 'ε_S', '1/ε_B', 'p'];

function asText(
  path: string,
  compared: Compared,
  { results, comparisons, rejections }: Judged,
  costs: readonly ModelCost[],
): string {
  return [
    jetsText(path, compared),
    figuresText(results),
    table(
      ['model', ...COSTS],
      costs.map((cost) => [cost.name, ...costCells(cost)]),
    ),
    ...(comparisons.length > 0 ? [comparisonTable(comparisons)] : []),
    ...(rejections.length > 0 ? [table(RATIOS, rejections.map(ratioCells))] : []),
  ].join('\n\n');
}

function comparisonReport(
  path: string,
  contenders: readonly Contender[],
  compared: Compared,
  { comparisons, rejections, pictures }: Judged,
  costs: readonly ModelCost[],
): string {
  return report({
    title: compared.scores.map(({ name }) => name).join(', '),
    summary: `${jetsText(path, compared)}.`,
    comparisons,
    ...pictures,
    tables: [
      {
        heading: 'Costs',
        head: ['Model', ...COSTS],
        rows: costs.map((cost) => [cost.name, ...costCells(cost)]),
        note: 'A multiplication and an addition are two operations. Jets per second with recipe and network, on the machine of this report.',
      },
      ...(rejections.length === 0
        ? []
        : [
            {
              heading: 'Rejections compared',
              head: RATIOS,
              rows: rejections.map(ratioCells),
              note: 'Ratio of the background rejections on the same jets, with its interval at 68 % and two-sided p from a paired bootstrap.',
            },
          ]),
    ],
    facts: [
      { label: 'Jets', value: path },
      ...contenders.map(({ name, training }) => ({
        label: name,
        value:
          training === undefined
            ? 'does not say what it was trained on'
            : `${training.network}, ${formatJets(training.trainJets)} of ${basename(training.dataset)}, seed ${training.seed}, ${training.epochs} epochs`,
      })),
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
  });
}
