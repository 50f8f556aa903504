import type { Command } from 'commander';
import type { CompareFlags } from '../actions/compare.js';
import { COMPONENTS, DATASET, fractions, LAYOUT, PADDING, UNIT, whole } from '../options.js';
import { SCORE_AXIS } from '../scoreAxis.js';

/** `jetsdk compare` */
export function addCompare(command: Command): void {
  command
    .argument('<models...>', 'folders of runs, ONNX files, or names from `jetsdk models`')
    .option(
      '--data <file>',
      'labelled jets; default: the file that all were trained on, without the jets of a training',
    )
    .option('--signal-efficiency <list>', 'where to compare 1/ε_B', fractions, [0.3, 0.5, 0.7])
    .option('--replicates <number>', 'of the bootstrap', whole(99), 999)
    .option('--json', 'print JSON')
    .option('--report <file.html>', 'also write a report with pictures')
    .option(...SCORE_AXIS)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .action(async (models: readonly string[], flags: CompareFlags) =>
      (await import('../actions/compare.js')).compare(models, flags),
    );
}
