import type { Command } from 'commander';
import type { SummaryFlags } from '../actions/summary.js';
import { recipeOption, settings, whole } from '../options.js';

/** `jetsdk summary` */
export function addSummary(command: Command): void {
  command
    .argument('<network>', 'name of the zoo, file of your own (.mjs, .js, .ts, .json), folder of a run, or ONNX file')
    .option(
      '--set <name=value>',
      'a setting of the network, e.g. hidden.units=128; several times for several',
      settings,
      {},
    )
    .option('--recipe <name|file.json>', "the recipe that makes its images; default: the network's own", recipeOption)
    .option('--constituents <number>', 'leading constituents that a network of constituents takes', whole(1))
    .option('--json', 'print JSON')
    .action(async (what: string, flags: SummaryFlags) => (await import('../actions/summary.js')).summary(what, flags));
}
