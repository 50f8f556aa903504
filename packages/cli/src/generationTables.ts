/** @file Figures of generated showers and jets as tables, for the terminal and the report. */
import type { GenerationFigures, Measured, Memorisation } from '@jetsdk/eval/generation';
import { axisTitle, type BookTable } from '@jetsdk/plots';

const number = (value: number): string => value.toPrecision(3);

/** Area under the ROC of a network. */
interface Told {
  readonly auc: number;
  readonly stdErr: number;
}

/** @param more nearness to the training sample, and what a network tells apart, where they were asked for @param unitOf observables */
export function generationTables(
  { twoSample, cells, spread, distances: { frechet, kernel, coverage }, observables, response }: GenerationFigures,
  { memorised, network }: { readonly memorised?: Memorisation | undefined; readonly network?: Told | undefined },
  unitOf: Measured['unitOf'],
): BookTable[] {
  return [
    {
      label: 'Figures',
      head: ['figure', 'value', '±'],
      rows: [
        ['two-sample AUC, observables', twoSample.auc.toFixed(4), twoSample.stdErr.toFixed(4)],
        ['two-sample AUC, cells or pixels', cells.auc.toFixed(4), cells.stdErr.toFixed(4)],
        ...(network === undefined
          ? []
          : [['two-sample AUC, cells or pixels, dense network', network.auc.toFixed(4), network.stdErr.toFixed(4)]]),
        ['spread of cells or pixels', spread.toPrecision(3), ''],
        ['FPD', frechet.value.toExponential(2), frechet.stdErr.toExponential(1)],
        ['KPD', kernel.value.toExponential(2), kernel.stdErr.toExponential(1)],
        ...(['precision', 'recall', 'coverage'] as const).map((name) => {
          const { value, interval } = coverage[name];
          return [name, value.toFixed(4), ((interval.high - interval.low) / 2).toFixed(4)];
        }),
        ['density', coverage.density.toFixed(4), ''],
        ...(memorised === undefined
          ? []
          : [['nearer to the training', memorised.nearer.auc.toFixed(4), memorised.nearer.stdErr.toFixed(4)]]),
      ],
      note: `Two-sample AUC: 0.5 is best. Spread: how much generated ones differ among each other, in units of simulated ones. FPD and KPD as in arXiv:2211.10295; precision to density as in arXiv:2002.09797, five neighbours.${
        memorised === undefined
          ? ''
          : ' Nearer to the training: how often a generated one is nearer to its nearest of the training than a simulated one that was not trained on; 0.5 where nothing is memorised, 1 for copies.'
      }`,
    },
    {
      label: 'Observables',
      head: ['observable', 'Wasserstein-1', '±', 'separation', 'of chance'],
      rows: observables.map((one) => [
        axisTitle(one.name, unitOf(one.name)),
        number(one.wasserstein),
        number(one.wassersteinStdErr),
        one.separation.toExponential(1),
        one.separationOfChance.toExponential(1),
      ]),
    },
    ...(response.length === 0
      ? []
      : [
          {
            label: 'Response',
            head: ['energy (GeV)', 'response, simulated', 'width', 'generated', 'width'],
            rows: response.map(({ low, high, real, generated }) => [
              `${number(low)}–${number(high)}`,
              ...[real, generated].flatMap((one) =>
                one === undefined
                  ? ['–', '–']
                  : [
                      `${one.mean.toFixed(5)} ± ${one.meanErr.toFixed(5)}`,
                      `${one.width.toFixed(5)} ± ${one.widthErr.toFixed(5)}`,
                    ],
              ),
            ]),
            note: 'Energy found / energy asked for.',
          },
        ]),
  ];
}
