import type { Command } from 'commander';
import type { ServeFlags } from '../actions/serve.js';
import { withLoadOptions } from '../loading.js';
import { positive, whole } from '../options.js';

/** `jetsdk serve` */
export function addServe(command: Command): void {
  command
    .argument('<model...>', 'ONNX files, URLs, or names from `jetsdk models`')
    .option('--port <number>', '0 for any that is free', whole(0, 65_535), 8080)
    .option(
      '--host <address>',
      'to listen on; there is no access control, so keep it to machines you trust',
      '127.0.0.1',
    )
    .option('--max-batch <jets>', 'jets of different requests that are scored together', whole(1), 256)
    .option('--max-delay <ms>', 'time in which a request waits for others', whole(0), 2)
    .option('--max-queue <requests>', 'requests that wait, of one address half of it; more get 503', whole(1), 512)
    .option('--max-body <MiB>', 'largest request; a larger one gets 413', positive(), 64)
    .option('--timeout <s>', 'longest time for a request; more gets 504', positive(), 30);
  withLoadOptions(command).action(async (models: readonly string[], flags: ServeFlags) =>
    (await import('../actions/serve.js')).serve(models, flags),
  );
}
