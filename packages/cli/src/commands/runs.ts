import type { Command } from 'commander';
import type { RunsFlags } from '../actions/runs.js';

/** `jetsdk runs` */
export function addRuns(command: Command): void {
  command
    .argument('<folder...>', 'of runs, or with runs below them')
    .option('--json', 'print JSON')
    .option('--report <file.html>', 'also write a page with the curves of the best run of each row')
    .option('--curve <file.svg>', 'also draw the figures against the number of jets learned from')
    .action(async (folders: readonly string[], flags: RunsFlags) =>
      (await import('../actions/runs.js')).listRuns(folders, flags),
    );
}
