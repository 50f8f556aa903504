/** @file A comparison of models, as text and as a page. */
import { basename } from 'node:path';
import { formatCount, SDK_VERSION } from '@jetsdk/jets';
import { formatJets, formatPValue, report } from '@jetsdk/plots';
import type { Contender } from '../contender.js';
import { figuresText } from '../figures.js';
import { comparisonTable } from '../resultTables.js';
import type { ScoreAxis } from '../scoreAxis.js';
import { calledAs, table } from '../terminal.js';
import type { Compared, Judged, ModelCost, RejectionTest } from './judgeModels.js';

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

function ratioCells(
  { a, b, signalEfficiency, ratio, interval: { low, high }, pValue }: RejectionTest,
  written: (pValue: number) => string,
): string[] {
  const value = (of: number | undefined): string => of?.toFixed(2) ?? '–';
  return [`${a} / ${b}`, String(signalEfficiency), `${value(ratio)} [${value(low)}, ${value(high)}]`, written(pValue)];
}

const RATIOS = ['ratio of', 'ε_S', '1/ε_B', 'p'];

/** The comparison as text. */
export function comparisonText(
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
    ...(rejections.length > 0
      ? [
          table(
            RATIOS,
            rejections.map((test) => ratioCells(test, short)),
          ),
        ]
      : []),
  ].join('\n\n');
}

/** The comparison as a page. */
export function comparisonReport(
  path: string,
  contenders: readonly Contender[],
  compared: Compared,
  { comparisons, rejections, pictures }: Judged,
  costs: readonly ModelCost[],
  scoreAxis: ScoreAxis = 'log',
): string {
  return report({
    title: compared.scores.map(({ name }) => name).join(', '),
    summary: `${jetsText(path, compared)}.`,
    comparisons,
    ...pictures,
    scoreAxis,
    tables: [
      {
        heading: 'Costs',
        head: ['Model', 'Parameters', 'MFLOP a jet', 'Seconds an epoch', 'Jets/s here'],
        rows: costs.map((cost) => [cost.name, ...costCells(cost)]),
        note: 'A multiplication and an addition are two operations. Jets per second with recipe and network, on the machine of this report.',
      },
      ...(rejections.length === 0
        ? []
        : [
            {
              heading: 'Rejections compared',
              head: ['Ratio of', ...RATIOS.slice(1)],
              rows: rejections.map((test) => ratioCells(test, formatPValue)),
              note: 'Ratio of the background rejections on the same jets, with its interval at 68 % and two-sided p from a paired bootstrap.',
            },
          ]),
    ],
    facts: [
      { label: 'Jets', value: path },
      ...contenders.map(({ name, trainings }) => ({
        label: name,
        value:
          trainings.length === 0
            ? 'does not say what it was trained on'
            : trainings
                .map(
                  ({ network, trainJets, dataset, seed, epochs }) =>
                    `${network}, ${formatJets(trainJets)} of ${basename(dataset)}, seed ${seed}, ${epochs} epochs`,
                )
                .join('; '),
      })),
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
    command: calledAs(),
  });
}
