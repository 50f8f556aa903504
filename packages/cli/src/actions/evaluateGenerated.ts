/** @file Judges generated showers or jets against simulated ones: figures in the terminal, pictures in a report. */
import { type GenerationFigures, generationFigures, generatorMetrics, type Measured } from '@jetsdk/eval/generation';
import { JetError } from '@jetsdk/jets';
import { describeFile, writeFileAtomically } from '@jetsdk/jets/files';
import { print, printJson, say, table } from '../terminal.js';
import { type FlowTask, JETS, SHOWERS } from './flowData.js';

export interface GeneratedFlags {
  readonly json?: true;
  readonly report?: string;
}

/** Compares two files of showers in CaloGAN's layout, or of jet images in LAGAN's. */
export async function evaluateGenerated(generated: string, simulated: string, flags: GeneratedFlags): Promise<void> {
  const kinds = await Promise.all([generated, simulated].map(kindOf));
  if (kinds[0] !== kinds[1])
    throw new JetError(
      'BAD_ARGUMENT',
      `eval: ${generated} holds ${kinds[0]}, ${simulated} ${kinds[1]}; expected the same in both`,
      { kinds },
    );
  await (kinds[0] === 'showers'
    ? judge(SHOWERS, generated, simulated, flags)
    : judge(JETS, generated, simulated, flags));
}

async function kindOf(path: string): Promise<'showers' | 'jets'> {
  const { arrays } = await describeFile(path);
  const names = arrays.map(({ name }) => name.replace(/^\//, ''));
  if (names.includes('layer_0')) return 'showers';
  if (names.includes('image')) return 'jets';
  throw new JetError(
    'BAD_DATASET',
    `${path}: ${names.join(', ') || 'no arrays'}; expected showers (layer_0, layer_1, layer_2, energy) or jets (image, signal)`,
    { names },
  );
}

async function judge<Data>(
  task: FlowTask<Data>,
  generated: string,
  simulated: string,
  { json, report }: GeneratedFlags,
): Promise<void> {
  const [made, real] = await Promise.all([generated, simulated].map((path) => task.read(path, [0, undefined])));
  say(`eval: ${task.count(made!)} generated and ${task.count(real!)} simulated ${task.things}`);
  const both: { readonly made: Measured; readonly real: Measured } = {
    made: task.measured(made!),
    real: task.measured(real!),
  };
  const figures = generationFigures(both.real, both.made);
  if (json)
    printJson({
      generated: figures.generated,
      simulated: figures.simulated,
      ...generatorMetrics(figures),
      response: figures.response,
    });
  else print(figuresText(figures));
  if (report === undefined) return;
  const { generationReport } = await import('./generationReport.js');
  const page = generationReport({
    files: { generated, simulated },
    things: task.things,
    figures,
    ...both,
    pictures: task.pictures(real!, made!),
  });
  await writeFileAtomically(report, page);
  say(`${report}: ${page.length} bytes`);
}

/** Everything that is said in the terminal. */
function figuresText({ twoSample, cells, distances, observables, response }: GenerationFigures): string {
  const { frechet, kernel, coverage } = distances;
  const number = (value: number): string => value.toPrecision(3);
  return [
    table(
      ['figure', 'value', '±'],
      [
        ['two-sample AUC, observables', twoSample.auc.toFixed(4), twoSample.stdErr.toFixed(4)],
        ['two-sample AUC, cells or pixels', cells.auc.toFixed(4), cells.stdErr.toFixed(4)],
        ['FPD', frechet.value.toExponential(2), frechet.stdErr.toExponential(1)],
        ['KPD', kernel.value.toExponential(2), kernel.stdErr.toExponential(1)],
        ...(['precision', 'recall', 'coverage'] as const).map((name) => {
          const { value, interval } = coverage[name];
          return [name, value.toFixed(4), ((interval.high - interval.low) / 2).toFixed(4)];
        }),
        ['density', coverage.density.toFixed(4), ''],
      ],
    ),
    table(
      ['observable', 'Wasserstein-1', '±', 'separation', 'of chance'],
      observables.map((one) => [
        one.name,
        number(one.wasserstein),
        number(one.wassersteinStdErr),
        one.separation.toExponential(1),
        one.separationOfChance.toExponential(1),
      ]),
    ),
    ...(response.length === 0
      ? []
      : [
          table(
            ['energy (GeV)', 'response, simulated', 'width', 'generated', 'width'],
            response.map(({ low, high, real, generated }) => [
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
          ),
        ]),
  ].join('\n\n');
}
