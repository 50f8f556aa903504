import type { RejectionEstimator } from '@jetsdk/eval';
import { JetError, shortText } from '@jetsdk/jets';
import type { Command } from 'commander';
import type { EvalFlags } from '../actions/evalFlags.js';
import type { CorrectionFlags } from '../actions/evaluateCorrections.js';
import type { GeneratedFlags } from '../actions/evaluateGenerated.js';
import { fileNames } from '../fileNames.js';
import { choice, fractions, LAYOUT, names, rows, SIGNAL, several, ways } from '../options.js';
import { SCORE_AXIS } from '../scoreAxis.js';

const estimators = choice<RejectionEstimator>('interpolated', 'conservative', 'nearest');

/** Either labels and scores, or the truth and what was corrected. */
type Flags = Omit<EvalFlags, 'labels' | 'scores'> &
  Partial<Pick<EvalFlags, 'labels' | 'scores'> & CorrectionFlags> &
  GeneratedFlags;

const OF_CLASSES = ['labels', 'scores', 'truth', 'corrected', 'beside'] as const;
const OF_GENERATED = ['training', 'trainingRows', 'rows', 'generator', 'classifier'] as const;

const optionName = (flag: string): string => `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function neither(expected: string, flags: Flags): JetError {
  const given = ([...OF_CLASSES, ...OF_GENERATED] as const).filter((name) => flags[name]);
  return new JetError(
    'BAD_ARGUMENT',
    `eval: ${given.map(optionName).join(', ') || 'neither labels nor truth'}; expected ${expected}`,
    { given },
  );
}

/** `jetsdk eval` */
export function addEval(command: Command): void {
  command
    .argument(
      '[generated]',
      'instead of labels and scores: generated showers or jets, an HDF5 file as generate writes it',
    )
    .argument('[simulated]', 'simulated ones of the same kind, to compare them with')
    .option(
      '--labels <file...>',
      "0 and 1, numbers of classes, or one-hot (n, k), for each jet: .npy, .npz, HDF5, ROOT, Parquet, .csv, .txt; several files, or a pattern such as 'part-*.h5', are one list",
      fileNames,
    )
    .option(
      '--scores <file>',
      'scores, one per jet, or one per jet and class (n, k); several times for several taggers',
      several,
    )
    .option('--weights <file...>', 'weight of each jet', fileNames)
    .option('--mass <file...>', 'mass of each jet in GeV, for mass sculpting', fileNames)
    .option(
      '--column <name>',
      'column, dataset or array of the scores, where a file has several; once for all files, or once for each',
      several,
      [],
    )
    .option('--label-column <name>', 'the same of --labels')
    .option(LAYOUT[0], 'how columns of --labels tell the class, where the file does not by itself', LAYOUT[2])
    .option(...SIGNAL)
    .option('--weight-column <name>', 'the same of --weights')
    .option('--mass-column <name>', 'the same of --mass')
    .option(
      '--classes <names>',
      'names of the classes by number, separated by commas (default: those of the file)',
      names,
    )
    .option('--signal-efficiency <list>', 'where to give 1/ε_B', fractions, [0.3, 0.5, 0.7])
    .option('--estimator <name>', 'interpolated, conservative or nearest', estimators, 'interpolated')
    .option(
      '--truth <file...>',
      'instead of labels and scores: the jets that were corrected, with columns true_pt and true_mass in GeV',
      fileNames,
    )
    .option('--corrected <file>', 'images that jetsdk correct made of them; several times for several models', several)
    .option(
      '--beside <names>',
      'other ways of correcting, by columns of --truth: puppi,sk for puppi_pt, puppi_mass, sk_pt and sk_mass',
      ways,
    )
    .option(
      '--training <file>',
      'of generated showers or jets: what the generator was trained on, to see whether it copies it',
    )
    .option('--training-rows <start:stop>', 'only these of --training', rows)
    .option('--rows <start:stop>', 'only these of the simulated ones', rows)
    .option(
      '--generator <model>',
      'of generated showers or jets: the generator, for pictures of one noise at several conditions in the report',
    )
    .option(
      '--classifier <name>',
      'of generated showers or jets: trees; or network, to train the dense network of the CaloChallenge on cells or pixels as well',
      choice<'trees' | 'network'>('trees', 'network'),
    )
    .option('--json', 'print JSON')
    .option('--report <file.html>', 'also write a report with pictures')
    .option(...SCORE_AXIS)
    .action(async (generated: string | undefined, simulated: string | undefined, flags: Flags) => {
      const { labels, scores, truth, corrected } = flags;
      if (generated !== undefined) {
        if (labels !== undefined && scores !== undefined)
          throw neither(`--scores before each file, also before ${shortText(generated)}`, flags);
        if (simulated === undefined || labels !== undefined || scores !== undefined || truth !== undefined)
          throw neither('two files, generated and simulated, without --labels, --scores and --truth', flags);
        return (await import('../actions/evaluateGenerated.js')).evaluateGenerated(generated, simulated, flags);
      }
      if (OF_GENERATED.some((name) => flags[name] !== undefined))
        throw neither('two files with these, generated and simulated', flags);
      if (truth !== undefined || corrected !== undefined) {
        if (truth === undefined || corrected === undefined || labels !== undefined || scores !== undefined)
          throw neither('--truth with --corrected, without --labels and --scores', flags);
        const { evaluateCorrections } = await import('../actions/evaluateCorrections.js');
        return evaluateCorrections({ ...flags, truth, corrected });
      }
      if (labels === undefined || scores === undefined || flags.beside !== undefined)
        throw neither('--labels with --scores, --truth with --corrected, or two files, generated and simulated', flags);
      return (await import('../actions/evaluate.js')).evaluateFiles({ ...flags, labels, scores });
    });
}
