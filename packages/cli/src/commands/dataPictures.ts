import type { Command } from 'commander';
import type { PictureFlags } from '../actions/dataPictures.js';
import {
  COMPONENTS,
  DATASET,
  LAYOUT,
  names,
  PADDING,
  recipeOption,
  rows,
  SIGNAL,
  UNIT,
  whole,
  written,
} from '../options.js';

const jetNumbers = (text: string, before: readonly number[] = []): readonly number[] => [...before, whole(0)(text)];

/** `jetsdk data pictures` */
export function addPictures(command: Command): void {
  command
    .command('pictures')
    .description(
      'draw the jets: kinematics, constituents, average images, the recipe step by step, what a network sees',
    )
    .argument('<file>', 'HDF5, .npy, .npz, ROOT, Parquet or .csv')
    .option(...DATASET)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option(...SIGNAL)
    .option(LAYOUT[0], LAYOUT[1], (given: string) => ({ given, layout: LAYOUT[2](given) }))
    .requiredOption('-o, --output <file.html>', 'report to write', written('a page', '.html'))
    .option(
      '--model <model>',
      'ONNX file, URL or reference model: correlation of the pixels with its score, or with what a regressor keeps and takes away; its filters',
    )
    .option(
      '--recipe <name|file.json>',
      `how constituents become images (default: the model's, else course-30-sum)`,
      (given: string) => ({ given, recipe: recipeOption(given) }),
    )
    .option('--rows <start:stop>', 'only these jets', rows)
    .option(
      '--jet <number>',
      'show this jet of the file by itself, from 0, classes of their own datasets one behind the other as in data info; several times for several (default: the first of each class)',
      jetNumbers,
    )
    .option('--per-class <number>', 'show so many jets of each class by themselves, without --jet', whole(1))
    .option(
      '--constituent <list>',
      'places in the list of constituents, from 0, whose four-vectors are drawn (default: 0,10,30,70)',
      (text: string) => text.split(',').map(whole(0)),
    )
    .option('--classes <names>', 'of the classes, by their numbers', names)
    .option('--svg <folder>', 'also write each picture as an SVG file, light, for slides and papers')
    .option('--json', 'print the numbers as JSON')
    .action(async (file: string, flags: PictureFlags) =>
      (await import('../actions/dataPictures.js')).drawPictures(file, flags),
    );
}
