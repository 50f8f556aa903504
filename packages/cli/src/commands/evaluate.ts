import type { RejectionEstimator } from '@jetsdk/eval';
import type { Command } from 'commander';
import type { EvalFlags } from '../actions/evalFlags.js';
import { fileNames } from '../fileNames.js';
import { choice, fractions, names, several } from '../options.js';

const estimators = choice<RejectionEstimator>('interpolated', 'conservative', 'nearest');

/** `jetsdk eval` */
export function addEval(command: Command): void {
  command
    .requiredOption(
      '--labels <file...>',
      "0 and 1, or numbers of classes, one per jet: .npy, .npz, HDF5, ROOT, Parquet; several files, or a pattern such as 'part-*.h5', are one list",
      fileNames,
    )
    .requiredOption(
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
    .option('--weight-column <name>', 'the same of --weights')
    .option('--mass-column <name>', 'the same of --mass')
    .option(
      '--classes <names>',
      'names of the classes by number, separated by commas (default: those of the file)',
      names,
    )
    .option('--signal-efficiency <list>', 'where to give 1/ε_B', fractions, [0.3, 0.5, 0.7])
    .option('--estimator <name>', 'interpolated, conservative or nearest', estimators, 'interpolated')
    .option('--json', 'print JSON')
    .option('--report <file.html>', 'also write a report with pictures')
    .option(
      '--score-axis <scale>',
      'of the score pictures in the report: log or linear',
      choice('log', 'linear'),
      'log',
    )
    .action(async (flags: EvalFlags) => (await import('../actions/evaluate.js')).evaluateFiles(flags));
}
