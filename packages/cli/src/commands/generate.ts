import type { Command } from 'commander';
import type { GenerateFlags } from '../actions/generate.js';
import { choice, whole } from '../options.js';

/** `jetsdk generate` */
export function addGenerate(command: Command): void {
  command
    .argument('<model>', 'generator: an ONNX file, URL, or the name of one that is bundled, such as calo-flow')
    .requiredOption(
      '-o, --output <file.h5>',
      'HDF5 file to write: the outputs of the model and its conditions; of a model that makes one image also .npy',
    )
    .option('-n, --number <count>', 'how many; not needed with --conditions', whole(1))
    .option('--energy <GeV|low:high>', 'the same for all, or drawn evenly from a range by the seed')
    .option('--signal <0|1|0:1>', 'class of the jets: 1 signal, 0 background, or drawn by the seed')
    .option(
      '--conditions <file>',
      'one of each condition per shower or jet: columns of an HDF5 file, named as in the card, or a .npy file of the only one',
    )
    .option('--seed <number>', 'of the noise: number i follows from it and i alone', whole(0), 1)
    .option('--shard <i/n>', 'make part i of n, i from 0, of the same as in one run')
    .option('--allow-outside', 'generate also outside the range of the training, with a warning')
    .option('--device <name>', 'cpu or wasm (default: cpu)', choice('cpu', 'wasm'))
    .option(
      '--batch-size <count>',
      'showers or jets a run at most: fewer where memory ends (default: 128, fewer where these take over a quarter of a second)',
      whole(1),
    )
    .option('--threads <number>', 'threads of a run', whole(1))
    .action(async (model: string, flags: GenerateFlags) =>
      (await import('../actions/generate.js')).generateFile(model, flags),
    );
}
