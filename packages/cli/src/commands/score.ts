import { type Device, loadTagger } from '@jetsdk/infer';
import { openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import type { Command } from 'commander';
import { choice, whole } from '../options.js';
import { duration, progress, say } from '../terminal.js';

const device = choice<Device | 'auto'>('auto', 'cpu', 'cuda', 'tensorrt', 'dml', 'coreml', 'webgpu');

interface ScoreFlags {
  readonly output: string;
  readonly device: Device | 'auto';
  readonly batchSize?: number;
  readonly threads?: number;
}

/** `jetsdk score` */
export function addScore(command: Command): void {
  command
    .argument('<model>', 'ONNX file, URL, or a name from `jetsdk models`')
    .argument('<data>', 'HDF5, .npy or .npz; constituents go through the recipe of the model')
    .requiredOption('-o, --output <file>', '.npy file to write, (jets,) float32, row i is jet i')
    .option('--device <name>', 'where to run; a device asked for by name runs or fails', device, 'cpu')
    .option('--batch-size <jets>', 'jets a run', whole(1))
    .option('--threads <number>', 'worker threads', whole(1))
    .action(async (model: string, data: string, flags: ScoreFlags) => {
      const source = await openJets(data);
      try {
        await using tagger = await loadTagger(model, {
          device: flags.device,
          ...(flags.batchSize !== undefined && { batchSize: flags.batchSize }),
          ...(flags.threads !== undefined && { threads: flags.threads }),
        });
        const started = performance.now();
        const bar = progress('score', source.count, 'jets');
        let scores: Float32Array;
        try {
          scores = await tagger.score(source, { onProgress: ({ done }) => bar.update(done) });
        } finally {
          bar.stop();
        }
        await writeFileAtomically(flags.output, writeNpy({ dtype: 'float32', shape: [scores.length], data: scores }));
        const seconds = (performance.now() - started) / 1000;
        const { runtime, device: ran } = tagger.info;
        say(
          `${flags.output}: ${scores.length} scores in ${duration(seconds)} (${Math.round(scores.length / seconds)} jets/s), ${runtime} on ${ran}`,
        );
      } finally {
        source.close();
      }
    });
}
