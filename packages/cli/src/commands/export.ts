import type { Command } from 'commander';
import { type ExportFlags, type Precision, refuseBeside, refuseMean } from '../exportFlags.js';
import { choice, inputShapes, names, recipeOption, several, ways } from '../options.js';

const precisions = choice<Precision>('float32', 'float16', 'int8');

/** `jetsdk export` */
export function addExport(command: Command): void {
  command
    .argument(
      '<run...>',
      'folder of the run, or of several trainings of one network, whose mean is exported; or a trained model of Keras (.keras, .h5) or TensorFlow.js (model.json), a file or an https:// address; or with --triton an exported .onnx',
    )
    .option(
      '-o, --output <file.onnx>',
      'ONNX file to write; its card goes beside it, as card.json of model.onnx or NAME.card.json of NAME.onnx',
    )
    .option(
      '--mirrors',
      'the mean over the mirror images of a jet as well, those that its training drew as augmentation',
    )
    .option('--architecture <file.json>', 'what model.to_json() of Keras wrote, for a .h5 that holds weights alone')
    .option(
      '--recipe <name|file.json>',
      'of a model from elsewhere that takes images: what makes them; with --classes it gets a card',
      recipeOption,
    )
    .option('--classes <names>', 'of a model from elsewhere: its classes, the signal last; it then gets a card', names)
    .option(
      '--input-shape <lengths>',
      'of a model from elsewhere that leaves lengths open: 40,40,1, or tracks=20,4 once for each input',
      inputShapes,
    )
    .option('--name <name>', "name in the card; default: the network's")
    .option('--model-version <text>', 'version in the card (default: not stated)')
    .option('--licence <text>', 'licence in the card, for example CC-BY-4.0 (default: not stated)')
    .option(
      '--calibration <file>',
      'jets to compare on; default: those that it was trained on, else made-up ones (pixels up to 1 for a model from elsewhere)',
    )
    .option('--precision <type>', 'of the weights: float32, float16, int8', precisions, 'float32')
    .option(
      '--measure <file>',
      'labelled jets whose figures go into the card; several times for several files',
      several,
      [],
    )
    .option(
      '--beside <names>',
      'of a regression: other ways of correcting the jets of --measure, compared jet by jet; puppi,sk for columns puppi_pt, puppi_mass, sk_pt and sk_mass',
      ways,
    )
    .option('--with-preprocessing', 'put the recipe into the graph: it then takes constituents (n, m, 4)')
    .option('--triton <folder>', 'model repository for NVIDIA Triton to write the model into as well')
    .action(async (paths: string[], flags: ExportFlags) => {
      const { exportTrainedGenerator, generatorRun } = await import('../actions/exportTrainedGenerator.js');
      for (const folder of paths) {
        const format = generatorRun(folder);
        if (format === undefined) continue;
        refuseBeside(folder, flags);
        refuseMean(folder, paths, flags);
        return exportTrainedGenerator(folder, format, flags);
      }
      return (await import('../actions/export.js')).exportCommand(paths, flags);
    });
}
