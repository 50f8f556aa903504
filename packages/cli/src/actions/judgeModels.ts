/** @file What compared models are worth on the same jets, how they differ, and what they cost. */
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
import type { CardTraining } from '@jetsdk/jets';
import { totalFlops } from '@jetsdk/onnx';
import { classValues, type ReportData } from '@jetsdk/plots';
import { curvesAgainstRest } from '../classFigures.js';
import type { Contender } from '../contender.js';
import type { Figures } from '../figures.js';

export interface JudgingFlags {
  readonly signalEfficiency: readonly number[];
  /** of the bootstrap */
  readonly replicates: number;
}

/** Jets that are left out, because a model was trained on them. */
export interface Excluded {
  readonly name: string;
  readonly jets: number;
}

/** Models with their scores on the same jets. */
export interface Compared {
  readonly jets: number;
  readonly excluded: readonly Excluded[];
  readonly labels: Uint8Array;
  /** (jets,) of the signal, or (jets, classes) of more than two classes */
  readonly scores: readonly { readonly name: string; readonly scores: Float32Array; readonly jetsPerSecond: number }[];
}

/** What the models are worth, and how they differ. */
export interface Judged extends Pick<EvaluatedTaggers, 'comparisons' | 'notCompared'> {
  readonly results: readonly Figures[];
  readonly rejections: readonly RejectionTest[];
  /** for the report */
  readonly pictures: Pick<ReportData, 'results' | 'classResults' | 'curves' | 'scores'>;
}

/** What models of two classes are worth. */
export async function judge(
  compared: Compared,
  flags: JudgingFlags,
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

/** What models of more classes are worth. */
export function judgeClasses({ labels, scores }: Compared, flags: JudgingFlags, classes: readonly string[]): Judged {
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

/** The rejections of two models at one signal efficiency. */
export interface RejectionTest extends PairedRejection {
  readonly a: string;
  readonly b: string;
  readonly signalEfficiency: number;
}

async function rejectionTests({ labels, scores }: Compared, flags: JudgingFlags): Promise<RejectionTest[]> {
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

/** What the models cost. */
export function costsOf(contenders: readonly Contender[], { scores }: Compared): ModelCost[] {
  const sum = (trainings: readonly CardTraining[], of: (training: CardTraining) => number): number | undefined =>
    trainings.length === 0 ? undefined : trainings.reduce((total, training) => total + of(training), 0);
  return contenders.map(({ name, trainings, summary: { parameters, cost } }, i) => ({
    name,
    parameters: sum(trainings, (training) => training.parameters) ?? parameters,
    flops: cost?.flops && totalFlops(cost.flops),
    secondsPerEpoch: sum(trainings, ({ seconds, epochs }) => seconds / epochs),
    jetsPerSecond: scores[i].jetsPerSecond,
  }));
}
