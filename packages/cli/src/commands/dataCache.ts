import { formatCounted } from '@jetsdk/jets';
import type { Command } from 'commander';
import { print, printJson, say, table } from '../terminal.js';

/** `jetsdk data cache` */
export function addCache(command: Command): void {
  command
    .command('cache')
    .description('list the inputs that trainings keep on disk, below $JETSDK_CACHE or the cache folder of the user')
    .option('--clear', 'remove them; a training that reads them goes on')
    .option('--json', 'print JSON')
    .action(async ({ clear, json }: { readonly clear?: true; readonly json?: true }) => {
      const { cacheFolder, clearCache, listCache } = await import('@jetsdk/train');
      const entries = await (clear ? clearCache() : listCache());
      const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
      if (json) printJson({ folder: cacheFolder(), bytes, entries });
      else if (entries.length > 0)
        print(
          table(
            ['made', 'jets', 'of', 'MB', 'from'],
            entries.map(({ made, facts, bytes }) => [
              made.toISOString().slice(0, 10),
              String(facts?.jets ?? ''),
              facts?.shape.join('×') ?? '',
              (bytes / 1e6).toFixed(1),
              facts?.name ?? 'cut, or of another version',
            ]),
          ),
        );
      say(
        `${cacheFolder()}: ${formatCounted(entries.length, 'file')}, ${(bytes / 1e6).toFixed(1)} MB${clear ? ', removed' : ''}`,
      );
    });
}
