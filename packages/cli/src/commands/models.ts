import { type Command, Option } from 'commander';
import { MODELS } from '../bundled.js';

/** `jetsdk models` */
export function addModels(command: Command): void {
  command
    .addOption(new Option('--models <folder>', 'where they are').default(MODELS, 'those of @jetsdk/models'))
    .option('--json', 'print JSON')
    .action(async ({ models, json }: { models: string; json?: true }) =>
      (await import('../actions/models.js')).listModels(models, json ?? false),
    );
}
