import type { Command } from 'commander';
import type { InfoFlags, WriteFlags } from '../actions/data.js';
import { fileNames } from '../fileNames.js';
import {
  CLASS_DATASETS,
  COMPONENTS,
  DATASET,
  LAYOUT,
  PADDING,
  recipeOption,
  rows,
  SIGNAL,
  UNIT,
  written,
} from '../options.js';
import { addCache } from './dataCache.js';
import { addPictures } from './dataPictures.js';

const FILES =
  "HDF5, .npy, .npz, ROOT, Parquet or .csv, or a pattern such as 'part-*.h5': one list of jets in this order";

/** `jetsdk data info | convert | images | pictures | cache` */
export function addData(command: Command): void {
  command
    .command('info')
    .description('say what is in an HDF5, .npy, .npz, ROOT, Parquet or .csv file')
    .argument('<file...>', 'of several it also says what they are together', fileNames)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option(...SIGNAL)
    .option('--json', 'print JSON')
    .action(async (files: readonly string[], flags: InfoFlags, command: Command) =>
      (await import('../actions/data.js')).describeFiles(files, flags, command),
    );

  command
    .command('convert')
    .description('write jets in the compact HDF5 layout of Jet SDK')
    .argument('<file...>', FILES, fileNames)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option(...SIGNAL)
    .requiredOption('-o, --output <file.h5>', 'HDF5 file to write', written('HDF5', '.h5', '.hdf5'))
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(async (files: readonly string[], options: WriteFlags) => {
      const { writeMade } = await import('../actions/data.js');
      await writeMade(files, options, 'convert', async (source) => source);
    });

  command
    .command('images')
    .description('make images of constituents by a recipe')
    .argument('<file...>', 'constituents, one list of jets in this order', fileNames)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option(...SIGNAL)
    .requiredOption('--recipe <name|file.json>', 'how constituents become images', recipeOption)
    .requiredOption('-o, --output <file.h5>', 'HDF5 file to write', written('HDF5', '.h5', '.hdf5'))
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(async (files: readonly string[], options: WriteFlags & { recipe: ReturnType<typeof recipeOption> }) => {
      const { inputSource } = await import('@jetsdk/jets');
      const { writeMade } = await import('../actions/data.js');
      await writeMade(files, options, 'images', (source) => inputSource(source, options.recipe));
    });

  addPictures(command);
  addCache(command);
}
