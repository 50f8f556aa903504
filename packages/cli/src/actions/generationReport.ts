/** @file The report of generated showers or jets beside simulated ones. */
import { basename } from 'node:path';
import type { GenerationFigures, Measured } from '@jetsdk/eval/generation';
import { SDK_VERSION } from '@jetsdk/jets';
import { type BookPicture, pictureBook, ratioHistogram } from '@jetsdk/plots';

export interface GenerationReport {
  readonly files: { readonly generated: string; readonly simulated: string };
  readonly things: string;
  readonly figures: GenerationFigures;
  readonly real: Measured;
  readonly made: Measured;
  readonly pictures: readonly BookPicture[];
}

export function generationReport({ files, things, figures, real, made, pictures }: GenerationReport): string {
  const { twoSample, cells, distances, observables, response } = figures;
  const { frechet, kernel, coverage } = distances;
  const number = (value: number): string => value.toPrecision(3);
  const pm = (value: number, error: number): string => `${value.toFixed(4)} ± ${error.toFixed(4)}`;
  const small = ({ value, stdErr }: { value: number; stdErr: number }): string =>
    `${value.toExponential(2)} ± ${stdErr.toExponential(1)}`;
  return pictureBook({
    title: `Generated ${things}`,
    summary: `${figures.generated} ${things} of ${basename(files.generated)} beside ${figures.simulated} of ${basename(files.simulated)}.`,
    sections: [
      {
        id: 'figures',
        heading: 'How far apart',
        text: 'The areas are those of boosted trees that tell generated from simulated, judged on what they did not see; 0.5 is best.',
        tables: [
          {
            label: 'Figures',
            head: ['figure', 'value'],
            rows: [
              ['two-sample AUC, observables', pm(twoSample.auc, twoSample.stdErr)],
              ['two-sample AUC, cells or pixels', pm(cells.auc, cells.stdErr)],
              ['Fréchet physics distance', small(frechet)],
              ['kernel physics distance', small(kernel)],
              ['precision', coverage.precision.value.toFixed(4)],
              ['recall', coverage.recall.value.toFixed(4)],
              ['density', coverage.density.toFixed(4)],
              ['coverage', coverage.coverage.value.toFixed(4)],
            ],
            note: 'Distances as in arXiv:2211.10295; the last four as in arXiv:2002.09797, five neighbours.',
          },
          {
            label: 'Observables',
            head: ['observable', 'Wasserstein-1', '±', 'separation', 'of chance'],
            rows: observables.map((one) => [
              one.name,
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
                  head: ['energy (GeV)', 'mean, simulated', 'mean, generated', 'width, simulated', 'width, generated'],
                  rows: response.map(({ low, high, real: a, generated: b }) => [
                    `${number(low)} to ${number(high)}`,
                    ...[a, b].map((one) => (one ? `${one.mean.toFixed(5)} ± ${one.meanErr.toFixed(5)}` : '–')),
                    ...[a, b].map((one) => (one ? `${one.width.toFixed(5)} ± ${one.widthErr.toFixed(5)}` : '–')),
                  ]),
                  note: 'Energy found / energy asked for.',
                },
              ]),
        ],
      },
      { id: 'pictures', heading: `The ${things}`, pictures },
      {
        id: 'distributions',
        heading: 'Distributions',
        pictures: Array.from(
          real.observables,
          ([name, values]): BookPicture => ({
            name: `distribution-${name}`,
            caption: `${name}, and the ratio of generated to simulated.`,
            draw: (options) =>
              ratioHistogram(
                { name: 'simulated', values },
                { name: 'generated', values: made.observables.get(name) ?? [] },
                { ...options, label: name, things },
              ),
          }),
        ),
      },
    ],
    facts: [
      { label: 'Generated', value: files.generated },
      { label: 'Simulated', value: files.simulated },
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
    command: `jetsdk eval ${files.generated} ${files.simulated} --report report.html`,
  });
}
