import type { Command } from 'commander';
import type { CorrectFlags } from '../actions/correct.js';
import { device } from '../loading.js';
import { COMPONENTS, DATASET, LAYOUT, PADDING, UNIT, whole, written } from '../options.js';

/** `jetsdk correct` */
export function addCorrect(command: Command): void {
  command
    .argument(
      '<model>',
      'ONNX file, URL, name from `jetsdk models`, or http://…/v2/models/NAME of a server; of a regressor such as pumml',
    )
    .argument(
      '<file...>',
      'HDF5, .npz, ROOT or Parquet, one list of jets in this order, whose constituents have charge and vertex',
    )
    .requiredOption(
      '-o, --output <file>',
      '.npy: images (jets, η, φ) float32 in GeV, row i is jet i; .h5: image, and pt and mass of the corrected jets',
      written('an array of NumPy or HDF5', '.npy', '.h5', '.hdf5'),
    )
    .option('--device <name>', 'where to run; a device asked for by name runs or fails (default: cpu)', device)
    .option('--batch-size <jets>', 'jets a run', whole(1))
    .option('--threads <number>', 'worker threads', whole(1))
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .action(async (model: string, files: readonly string[], flags: CorrectFlags) => {
      const { correctFiles } = await import('../actions/correct.js');
      await correctFiles(model, files, flags);
    });
}
