import type { Command } from 'commander';

/** `jetsdk demo` */
export function addDemo(command: Command): void {
  command
    .option('-o, --output <folder>', 'where the results go', 'demo')
    .action(async ({ output }: { output: string }) => (await import('../actions/demo.js')).demo(output));
}
