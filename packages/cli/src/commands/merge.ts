import { formatCounted } from '@jetsdk/jets';
import type { Command } from 'commander';
import { say } from '../terminal.js';

/** `jetsdk merge` */
export function addMerge(command: Command): void {
  command
    .argument('<scores.npy>', 'file to write, as it was given to score -o; the shards lie beside it')
    .action(async (output: string) => {
      const { mergeShards, shardPaths } = await import('@jetsdk/infer/shards');
      const { jets, shards, runtimes } = await mergeShards(output);
      const { readFacts, writeFacts } = await import('../scoreFacts.js');
      const facts = await readFacts(shardPaths(output, { index: 0, of: shards }).scores);
      if (facts !== undefined) await writeFacts(output, facts);
      say(`${output}: ${formatCounted(jets, 'score')} of ${shards} shards, by ${runtimes.join('; ')}`);
    });
}
