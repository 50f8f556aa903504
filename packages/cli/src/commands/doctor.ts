import type { Command } from 'commander';

/** `jetsdk doctor` */
export function addDoctor(command: Command): void {
  command
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => (await import('../actions/doctor.js')).examine(json ?? false));
}
