/** @file The report of corrected jets. */
import { basename } from 'node:path';
import type { CorrectedObservable, CorrectionPair, CorrectionResult, Regression } from '@jetsdk/eval/regression';
import { formatCounted, type JetImages, SDK_VERSION } from '@jetsdk/jets';
import {
  type BookPicture,
  type BookSection,
  type FiguresInBins,
  figuresInBins,
  histogram,
  jetImageGrid,
  pictureBook,
} from '@jetsdk/plots';
import { FIGURES_HEAD, figureRows, PAIRS_HEAD, pairRows } from '../correctionTables.js';

/** GeV, of the loss of the published network */
export const PBAR = 10;

/** What is measured of each jet, and how its response is drawn. */
export const OBSERVABLES = [
  { name: 'pT', column: 'pt', heading: 'Transverse momentum', label: 'p_{T}', range: [0.7, 1.3] },
  { name: 'mass', column: 'mass', heading: 'Mass', label: 'mass', range: [0, 2.5] },
] as const;

/** Titles of axes by what there are bins of. */
const AXES: Readonly<Record<string, string>> = { 'true pT': 'True p_{T} (GeV)', 'pile-up': 'Pile-up vertices' };

/** Figures of all ways. */
export interface ComparedCorrections {
  readonly losses: readonly { readonly name: string; readonly loss: number }[];
  readonly results: readonly CorrectionResult[];
  readonly pairs: readonly CorrectionPair[];
}

/** Jets whose images are shown: those at these shares of the jets by the response of the mass. */
const SHOWN = [0.05, 0.5, 0.95];

/** What the report shows. */
export interface CorrectionReport {
  /** files */
  readonly truth: readonly string[];
  readonly corrected: readonly string[];
  readonly beside?: readonly string[];
  readonly jets: number;
  /** of the ways whose images are shown, in order */
  readonly names: readonly string[];
  /** of the images */
  readonly halfWidth: number;
  readonly compared: ComparedCorrections;
  readonly observables: readonly CorrectedObservable[];
  /** images of all jets, as measured */
  readonly measured: JetImages;
  /** as they should be */
  readonly wanted: JetImages;
  /** as each model made them */
  readonly predicted: readonly JetImages[];
}

export function correctionReport({
  truth,
  corrected,
  beside = [],
  jets,
  names,
  halfWidth,
  compared: { losses, results, pairs },
  observables,
  measured,
  wanted,
  predicted,
}: CorrectionReport): string {
  const ways = results.map(({ name }) => name);
  const responses = (observable: CorrectedObservable): { name: string; values: Float64Array }[] =>
    ways.map((name, way) => ({
      name,
      values: Float64Array.from(observable.predicted[way], (value, i) => value / observable.truth[i]).filter(
        (r) => r > 0,
      ),
    }));
  return pictureBook({
    title: names.join(', '),
    summary: `${formatCounted(jets, 'jet')} of ${truth.map((path) => basename(path)).join(', ')}, corrected${beside.length > 0 ? `, beside ${beside.join(', ')}` : ''}. Response: corrected / true; range: interquartile range of (corrected − true) / true; 68 %: half of its central 68.27 %. Errors are those of the bootstrap, differences are taken on the same jets.`,
    sections: [
      {
        id: 'pixels',
        heading: 'Pixels',
        text: `Mean over the pixels of (ln((p̂ + p̄) / (p + p̄)))² with p̄ = ${PBAR} GeV.`,
        tables: [
          { label: 'Loss', head: ['image', 'loss'], rows: losses.map(({ name, loss }) => [name, loss.toPrecision(4)]) },
        ],
      },
      ...observables.map((observable): BookSection => {
        const { heading, label, range } = OBSERVABLES.find(({ name }) => name === observable.name) ?? OBSERVABLES[0];
        return {
          id: observable.name,
          heading,
          pictures: [
            {
              name: `${observable.name}-response`,
              caption: `Response of the ${label}.`,
              draw: (options) =>
                histogram(responses(observable), { ...options, label: `${label}, corrected / true`, range, bins: 60 }),
            },
            ...binPictures(results, observable.name, label),
          ],
          tables: [
            { label: 'Figures', head: ['way', ...FIGURES_HEAD.slice(1)], rows: figureRows(results, observable.name) },
            ...(pairs.length === 0
              ? []
              : [
                  {
                    label: 'Differences',
                    head: PAIRS_HEAD,
                    rows: pairRows(pairs, observable.name),
                    note: 'z is the difference over its error.',
                  },
                ]),
          ],
        };
      }),
      {
        id: 'jets',
        heading: 'Jets before and after',
        text: `Neutral momenta as measured, corrected, and true: jets at 5, 50 and 95 % of the response of the mass of ${names[0]}.`,
        pictures: shownJets(observables).map((jet) => ({
          name: `jet-${jet}`,
          caption: `Jet ${jet}.`,
          wide: true,
          draw: (options) =>
            jetImageGrid(
              [
                { title: 'measured', ...imageOf(measured, jet) },
                ...names.map((title, i) => ({ title, ...imageOf(predicted[i], jet) })),
                { title: 'truth', ...imageOf(wanted, jet) },
              ],
              { ...options, halfWidth, quantity: 'p_{T} (GeV)', columns: names.length + 2 },
            ),
        })),
      },
    ],
    facts: [
      { label: 'Jets', value: truth.join(', ') },
      ...corrected.map((value) => ({ label: 'Corrected', value })),
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
  });
}

function shownJets(observables: readonly CorrectedObservable[]): number[] {
  const mass = observables[observables.length - 1];
  const response = Array.from(mass.truth, (value, i) => mass.predicted[0][i] / value);
  const order = Array.from(response.keys()).sort((a, b) => response[a] - response[b]);
  return [...new Set(SHOWN.map((share) => order[Math.min(order.length - 1, Math.floor(share * order.length))]))];
}

/** Response and resolution against everything that there are bins of with jets enough. */
function binPictures(results: readonly CorrectionResult[], observable: string, label: string): BookPicture[] {
  const by = results[0]?.observables[0]?.bins.map((one) => one.by) ?? [];
  const samples = (
    quantity: string,
    of: (figures: Regression) => { readonly value: number; readonly bar: number },
  ): FiguresInBins[] =>
    results.flatMap(({ name, observables }) => {
      const found = observables.find((one) => one.name === observable)?.bins.find((one) => one.by === quantity);
      const bins = (found?.bins ?? []).flatMap(({ low, high, mean, figures }) =>
        figures === undefined ? [] : [{ low, high, ...(mean !== undefined && { at: mean }), ...of(figures) }],
      );
      return bins.length === 0 ? [] : [{ name, bins }];
    });
  const drawn = by.filter((quantity) => samples(quantity, ({ iqr }) => ({ value: iqr.value, bar: 0 })).length > 0);
  return drawn.flatMap((quantity): BookPicture[] => [
    {
      name: `${observable}-bias-by-${quantity.replaceAll(' ', '-')}`,
      caption: `Median response of the ${label} in bins of the ${quantity}; bars: half of the central 68 %.`,
      draw: (options) =>
        figuresInBins(
          samples(quantity, ({ medianBias, halfWidth68 }) => ({ value: 1 + medianBias.value, bar: halfWidth68.value })),
          { ...options, x: AXES[quantity] ?? quantity, y: `Response, ${label}`, perfect: 1 },
        ),
    },
    {
      name: `${observable}-resolution-by-${quantity.replaceAll(' ', '-')}`,
      caption: `Resolution of the ${label} in bins of the ${quantity}: interquartile range; bars: bootstrap errors.`,
      draw: (options) =>
        figuresInBins(
          samples(quantity, ({ iqr }) => ({ value: 100 * iqr.value, bar: 100 * iqr.stdErr })),
          { ...options, x: AXES[quantity] ?? quantity, y: `Range, ${label} (%)`, from: 0 },
        ),
    },
  ]);
}

function imageOf({ shape: [, height, width], data }: JetImages, jet: number) {
  const size = height * width;
  return { shape: [height, width] as const, pixels: data.subarray(jet * size, (jet + 1) * size) };
}
