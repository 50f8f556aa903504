/** @file Run folders as one table: trainings that differ in nothing but the seed are one row. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RunSummary, summariseRuns } from '@jetsdk/eval';
import { formatCounted, JetError } from '@jetsdk/jets';
import { readTextFile, writeFileAtomically } from '@jetsdk/jets/files';
import { type Check, finite, isObject, listOf, object, optional, parseJson } from '@jetsdk/jets/json';
import { type LearningCurve, type LearningFigure, learningCurve, report } from '@jetsdk/plots';
import { bestLoss, findRuns, groupRuns, type History, type Run, type RunGroup, readRun } from '@jetsdk/train';
import { duration, print, printJson, say, table } from '../terminal.js';

export interface RunsFlags {
  readonly json?: true;
  readonly report?: string;
  readonly curve?: string;
}

const interval = object({ low: finite, high: finite }, 'dropped');

const ofTwoClasses = object(
  {
    auc: finite,
    aucInterval: optional(interval),
    accuracy: finite,
    rejection: listOf(object({ signalEfficiency: finite, rejection: finite, interval: optional(interval) }, 'dropped')),
  },
  'dropped',
);

const ofSeveral = object(
  {
    macroOneVsRest: object({ auc: finite }, 'dropped'),
    confusion: object({ accuracy: object({ value: finite }, 'dropped') }, 'dropped'),
  },
  'dropped',
);

/** Of several classes the mean AUC of each against the rest, which has no rejection. */
const figures: Check<ReturnType<typeof ofTwoClasses>> = (value, at) => {
  if (!isObject(value) || !('macroOneVsRest' in value)) return ofTwoClasses(value, at);
  const { macroOneVsRest, confusion } = ofSeveral(value, at);
  return { auc: macroOneVsRest.auc, accuracy: confusion.accuracy.value, rejection: [] };
};

interface Training {
  readonly folder: string;
  readonly run: Run;
  readonly history: History;
  /** of the best epoch */
  readonly valLoss: number;
  readonly seconds: number;
  readonly test: ReturnType<typeof figures>;
}

/**
 * Gathers the runs below some folders, best by validation first.
 *
 * @throws {JetError} FILE_NOT_FOUND where a folder holds no run; BAD_FILE for a run that is damaged
 */
export async function listRuns(folders: readonly string[], flags: RunsFlags): Promise<void> {
  const found: string[] = [];
  for (const folder of folders) {
    const below = await findRuns(folder);
    if (below.length === 0)
      throw new JetError('FILE_NOT_FOUND', `${folder}: no run in it; expected folders that train has written`, {
        folder,
      });
    found.push(...below);
  }
  const finished = found.filter((folder) => existsSync(join(folder, 'test.json')));
  const unfinished = found.filter((folder) => !finished.includes(folder));
  const groups = groupRuns(await Promise.all(finished.map(readTraining)));
  if (flags.json) printJson({ format: 'jetsdk-runs/1', groups: groups.map(jsonOf), unfinished });
  else if (groups.length > 0) {
    print(runTable(groups));
    print(`best by validation: ${groups[0].runs[0].folder}`);
  }
  for (const folder of unfinished) say(`${folder}: not finished; the same command with --resume goes on`);
  if (flags.curve !== undefined) {
    const figures = learningFigures(groups);
    if (figures.length === 0)
      throw new JetError(
        'BAD_ARGUMENT',
        `runs: --curve, got no two finished trainings that differ in the jets learned from alone; expected a sweep over train-jets`,
      );
    await writeFileAtomically(flags.curve, learningCurve(figures, { note: INTERVALS }));
    say(`curve: ${flags.curve}`);
  }
  if (flags.report !== undefined && groups.length > 0) {
    await writeFileAtomically(flags.report, page(groups));
    say(`report: ${flags.report}`);
  }
}

async function readTraining(folder: string): Promise<Training> {
  const { run, history } = await readRun(folder);
  const path = join(folder, 'test.json');
  const test = figures(parseJson(readTextFile(path), path), { where: path, code: 'BAD_FILE' });
  const seconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return { folder, run, history, valLoss: bestLoss({ history }), seconds, test };
}

type Group = RunGroup<Training>;

type Summary = Pick<RunSummary, 'runs' | 'mean'> & { readonly std?: number };

function summaryOf({ runs: trainings }: Group, figure: (training: Training) => number): Summary {
  const values = trainings.map(figure);
  if (values.length === 1) return { runs: 1, mean: values[0] };
  const { runs, mean, std } = summariseRuns(values);
  return { runs, mean, std };
}

/** Signal efficiencies at which every training has a rejection. */
function efficienciesOf(groups: readonly Group[]): number[] {
  const trainings = groups.flatMap((group) => group.runs);
  return trainings[0].test.rejection
    .map(({ signalEfficiency }) => signalEfficiency)
    .filter((efficiency) => trainings.every((training) => rejectionAt(training, efficiency) !== undefined));
}

const pointAt = ({ test }: Training, efficiency: number) =>
  test.rejection.find(({ signalEfficiency }) => signalEfficiency === efficiency);

const rejectionAt = (training: Training, efficiency: number): number | undefined =>
  pointAt(training, efficiency)?.rejection;

function runTable(groups: readonly Group[]): string {
  const efficiencies = efficienciesOf(groups);
  const cell = ({ mean, std }: Summary, digits: number): string =>
    std === undefined ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${std.toFixed(digits)}`;
  return table(
    ['training', 'runs', 'val_loss', 'AUC', 'accuracy', ...efficiencies.map((e) => `1/ε_B at ε_S=${e}`), 'each took'],
    groups.map((group) => [
      group.name,
      String(group.runs.length),
      cell(
        summaryOf(group, (one) => one.valLoss),
        4,
      ),
      cell(
        summaryOf(group, (one) => one.test.auc),
        4,
      ),
      cell(
        summaryOf(group, (one) => one.test.accuracy),
        4,
      ),
      ...efficiencies.map((efficiency) =>
        cell(
          summaryOf(group, (one) => rejectionAt(one, efficiency)!),
          1,
        ),
      ),
      duration(summaryOf(group, (one) => one.seconds).mean),
    ]),
  );
}

function jsonOf(group: Group): object {
  return {
    name: group.name,
    valLoss: summaryOf(group, (one) => one.valLoss),
    auc: summaryOf(group, (one) => one.test.auc),
    accuracy: summaryOf(group, (one) => one.test.accuracy),
    rejection: efficienciesOf([group]).map((signalEfficiency) => ({
      signalEfficiency,
      ...summaryOf(group, (one) => rejectionAt(one, signalEfficiency)!),
    })),
    seconds: summaryOf(group, (one) => one.seconds),
    runs: group.runs.map(({ folder, run, history, valLoss, seconds, test }) => ({
      folder,
      seed: run.settings.seed,
      epochs: history.epochs.length,
      bestEpoch: history.bestEpoch,
      valLoss,
      seconds,
      ...test,
      ...(run.cost && { cost: run.cost }),
    })),
  };
}

const INTERVALS = '68 % intervals, or the spread over seeds';

/** AUC and rejections of trainings that differ in the number of jets alone; none where there are no two of them. */
function learningFigures(groups: readonly Group[]): LearningFigure[] {
  const names = [...new Set(groups.map((group) => group.curve))];
  const several = names
    .map((name) => groups.filter((group) => group.curve === name))
    .filter((members) => members.length > 1);
  if (several.length === 0) return [];
  const networks = several.map(([{ runs }]) => runs[0].run.settings.network);
  const curves = (figure: (one: Training) => number, of: (one: Training) => Interval | undefined): LearningCurve[] =>
    several.map((members, i) => ({
      // settings of different networks differ anyway
      name: networks.filter((network) => network === networks[i]).length === 1 ? networks[i] : members[0].curve,
      points: members.map((group) => {
        const { mean, std } = summaryOf(group, figure);
        const [low, high] = std === undefined ? boundsOf(of(group.runs[0]), mean) : [mean - std, mean + std];
        return { jets: group.jets, value: mean, low, high };
      }),
    }));
  return [
    {
      label: 'AUC',
      curves: curves(
        (one) => one.test.auc,
        (one) => one.test.aucInterval,
      ),
    },
    ...efficienciesOf(several.flat()).map((efficiency): LearningFigure => {
      const found = curves(
        (one) => rejectionAt(one, efficiency)!,
        (one) => pointAt(one, efficiency)?.interval,
      );
      const scale = found.every(({ points }) => points.every(({ low }) => low > 0)) ? 'log' : 'linear';
      return { label: `1/ε_{B} at ε_{S} = ${efficiency}`, scale, curves: found };
    }),
  ];
}

type Interval = NonNullable<ReturnType<typeof ofTwoClasses>['aucInterval']>;

const boundsOf = (of: Interval | undefined, value: number): readonly [number, number] =>
  of === undefined ? [value, value] : [of.low, of.high];

/** The best run of each row, with its curves. */
function page(groups: readonly Group[]): string {
  const figures = learningFigures(groups);
  return report({
    title: `${formatCounted(groups.length, 'training')}`,
    summary: 'Of trainings that differ in nothing but the seed, the best by validation is drawn.',
    ...(figures.length > 0 && { learning: { figures, intervals: INTERVALS } }),
    histories: groups.map(({ name, runs: [{ history }] }) => ({
      name,
      loss: history.epochs.map((epoch) => epoch.loss),
      valLoss: history.epochs.map((epoch) => epoch.valLoss),
      accuracy: history.epochs.map((epoch) => epoch.accuracy),
      valAccuracy: history.epochs.map((epoch) => epoch.valAccuracy),
      bestEpoch: history.bestEpoch,
    })),
    facts: groups.map((group) => {
      const auc = summaryOf(group, (one) => one.test.auc);
      const loss = summaryOf(group, (one) => one.valLoss);
      const spread = ({ mean, std }: Summary): string =>
        mean.toFixed(4) + (std === undefined ? '' : ` ± ${std.toFixed(4)}`);
      return {
        label: group.name,
        value: `${group.runs.length} runs, val_loss ${spread(loss)}, AUC ${spread(auc)}; best: ${group.runs[0].folder}`,
      };
    }),
  });
}
