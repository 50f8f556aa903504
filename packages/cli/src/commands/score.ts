import type { Command } from 'commander';
import type { ScoreFlags } from '../actions/score.js';
import { fileNames } from '../fileNames.js';
import { withLoadOptions } from '../loading.js';
import { CLASS_DATASETS, COMPONENTS, choice, DATASET, LAYOUT, PADDING, UNIT, written } from '../options.js';

const part = choice<'test'>('test');

/** `jetsdk score` */
export function addScore(command: Command): void {
  command
    .argument('<model>', 'ONNX file, URL, a name from `jetsdk models`, or http(s)://…/v2/models/NAME')
    .argument(
      '<file...>',
      "HDF5, .npy, .npz, ROOT, Parquet or .csv, or a pattern such as 'part-*.h5': one list of jets in this order; constituents go through the recipe",
      fileNames,
    )
    .requiredOption(
      '-o, --output <file.npy>',
      '.npy file to write, (jets,) float32, row i is jet i',
      written('an array of NumPy', '.npy'),
    )
    .option('--all-outputs', 'write the probabilities of all classes, (jets, classes) in the order of the card')
    .option('--part <test>', 'test: of the file that the model was trained on, the jets that took no part in it', part)
    .option('--shard <i/n>', 'score part i of n, i from 0; a finished part is left alone; merge puts them together')
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT);
  withLoadOptions(command).action(async (model: string, files: readonly string[], flags: ScoreFlags) =>
    (await import('../actions/score.js')).scoreToFile(model, files, flags),
  );
}
