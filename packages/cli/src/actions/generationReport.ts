/** @file The report of generated showers or jets beside simulated ones. */
import { basename } from 'node:path';
import { conditionalMoments, type Measured } from '@jetsdk/eval/generation';
import { binEdges } from '@jetsdk/eval/regression';
import { formatCount, SDK_VERSION } from '@jetsdk/jets';
import {
  type BookPicture,
  type BookSection,
  type BookTable,
  type FiguresInBins,
  figuresInBins,
  histogram,
  pictureBook,
  ratioHistogram,
} from '@jetsdk/plots';
import { calledAs } from '../terminal.js';

export interface GenerationReport {
  readonly files: { readonly generated: string; readonly simulated: string; readonly training?: string };
  readonly things: string;
  /** cells or pixels */
  readonly cells: { readonly name: string; readonly unit: string };
  readonly tables: readonly BookTable[];
  readonly real: Measured;
  readonly made: Measured;
  /** distances to the nearest of the training, where that was given */
  readonly nearest?: { readonly generated: Float64Array; readonly simulated: Float64Array };
  readonly means: readonly BookPicture[];
  readonly pairs: readonly BookPicture[];
  /** one noise at several conditions */
  readonly sweeps: readonly BookPicture[];
}

/** Bins of the energy that the response is drawn in. */
const BINS = 10;

export function generationReport(report: GenerationReport): string {
  const { files, things, cells, tables, real, made, nearest, means, pairs, sweeps } = report;
  return pictureBook({
    title: `Generated ${things}`,
    summary: `${formatCount(made.condition.length)} ${things} of ${basename(files.generated)} beside ${formatCount(real.condition.length)} of ${basename(files.simulated)}.`,
    sections: [
      {
        id: 'figures',
        heading: 'How far apart',
        text: 'The areas are those of boosted trees that tell generated from simulated, judged on what they did not see.',
        tables,
      },
      ...section('response', 'Response against the energy asked for', responsePictures(real, made)),
      { id: 'pictures', heading: `Mean ${things}`, pictures: means },
      {
        id: 'nearest',
        heading: 'Nearest neighbours',
        text: 'Distances are those between the square roots of cells or pixels.',
        pictures: [...(nearest === undefined ? [] : [nearestPicture(nearest)]), ...pairs],
      },
      ...section('sweep', 'The same noise at several conditions', sweeps),
      {
        id: 'distributions',
        heading: 'Distributions',
        pictures: [
          ...intensityPictures(real, made, cells),
          ...Array.from(
            real.observables,
            ([name, values]): BookPicture => ({
              name: `distribution-${name}`,
              caption: `${name}, and the ratio of generated to simulated.`,
              draw: (options) =>
                ratioHistogram(
                  { name: 'simulated', values },
                  { name: 'generated', values: made.observables.get(name) ?? [] },
                  { ...options, label: name, unit: real.unitOf(name), things },
                ),
            }),
          ),
        ],
      },
    ],
    facts: [
      { label: 'Generated', value: files.generated },
      { label: 'Simulated', value: files.simulated },
      ...(files.training === undefined ? [] : [{ label: 'Training', value: files.training }]),
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
    command: calledAs(),
  });
}

const section = (id: string, heading: string, pictures: readonly BookPicture[]): BookSection[] =>
  pictures.length === 0 ? [] : [{ id, heading, pictures }];

/** Mean and width of the response in bins of the energy; none for what has no response. */
function responsePictures(real: Measured, made: Measured): BookPicture[] {
  const [a, b] = [real, made].map(({ observables, condition }) => {
    const value = observables.get('response');
    return value && { condition, value };
  });
  if (a === undefined || b === undefined) return [];
  const bins = conditionalMoments(a, b, binEdges(a.condition, BINS));
  return (['mean', 'width'] as const).flatMap((what): BookPicture[] => {
    const samples = (['real', 'generated'] as const).map(
      (which): FiguresInBins => ({
        name: which === 'real' ? 'simulated' : which,
        bins: bins.flatMap(({ low, high, [which]: moments }) =>
          moments === undefined ? [] : [{ low, high, value: moments[what], bar: moments[`${what}Err`] }],
        ),
      }),
    );
    if (samples.some((one) => one.bins.length === 0)) return [];
    return [
      {
        name: `response-${what}`,
        caption: `${what === 'mean' ? 'Mean' : 'Standard deviation'} of energy found / energy asked for.`,
        draw: (options) =>
          figuresInBins(samples, {
            ...options,
            x: 'Energy asked for (GeV)',
            y: what === 'mean' ? 'Mean response' : 'Width of the response',
            ...(what === 'width' && { from: 0 }),
          }),
      },
    ];
  });
}

/** How much lies in cells or pixels, over all decades that there are; none where all of one sample are empty. */
function intensityPictures(real: Measured, made: Measured, { name, unit }: GenerationReport['cells']): BookPicture[] {
  const [simulated, generated] = [real, made].map(({ cells: { data } }) =>
    Float64Array.from(data as ArrayLike<number>, Math.log10).filter((value) => value > -Infinity),
  );
  if (!simulated?.length || !generated?.length) return [];
  return [
    {
      name: 'intensities',
      caption: `How much lies in a ${name} that is not empty, and the ratio of generated to simulated.`,
      draw: (options) =>
        ratioHistogram(
          { name: 'simulated', values: simulated },
          { name: 'generated', values: generated },
          { ...options, label: `log_{10} of a ${name} in ${unit}`, things: `${name}s`, bins: 60 },
        ),
    },
  ];
}

function nearestPicture({ generated, simulated }: NonNullable<GenerationReport['nearest']>): BookPicture {
  return {
    name: 'nearest-distances',
    caption:
      'Distance to the nearest of the training. Copies would be near 0; simulated ones, which were not trained on, show what is honest.',
    draw: (options) =>
      histogram(
        [
          { name: 'simulated', values: simulated },
          { name: 'generated', values: generated },
        ],
        { ...options, label: 'Distance to the nearest of the training (√cell)', bins: 40 },
      ),
  };
}
