/** @file Trains a generator against a discriminator in the folder of a run. */
import { formatCounted, JetError } from '@jetsdk/jets';
import { fileHash, readArrays } from '@jetsdk/jets/files';
import { type GanName, gans, selectBackend, trainGan } from '@jetsdk/train';
import { say } from '../terminal.js';
import { timeLeft, watchTraining } from '../watchedTraining.js';
import { generatorSettings, requireGeneratorFlags, sayTrained } from './generatorFlags.js';
import { writeGanReport } from './generatorRunReport.js';
import type { TrainFlags } from './train.js';

/** Those of `gans`, which would load TensorFlow.js to be listed. */
export const isAdversarial = (name: string): name is GanName => name === 'lagan' || name === 'calogan';

/** Trains `lagan` on jet images, or `calogan` on showers, in the layouts of their public files. */
export async function trainAdversaries(network: GanName, flags: TrainFlags): Promise<void> {
  requireGeneratorFlags(network, flags);
  const { images, conditions, defaults } = gans[network];
  const path = String(flags.data);
  const backend = await selectBackend(flags.backend);
  const names = [...images, ...conditions].map(({ name }) => name);
  const { rows = [0, undefined] } = flags;
  const read = await readArrays(path, names, { rows });
  const numbers = (name: string): Float32Array => {
    const { shape, data } = read[name];
    if (data.length !== shape[0])
      throw new JetError('BAD_DATASET', `${path}: ${name} of shape (${shape.join(', ')}); expected one per image`);
    return data;
  };
  const settings = generatorSettings(defaults, flags);
  const count = read[images[0].name].shape[0];
  say(`${network} on ${formatCounted(count, 'row')}; backend ${backend.name}`);
  const dataset = { name: path, hash: await fileHash(path), rows: [rows[0], rows[0] + count] as const };
  const examples = {
    images: images.map(({ name }) => read[name]),
    conditions: Object.fromEntries(conditions.map(({ name }) => [name, numbers(name)])),
  };
  const left = timeLeft(settings.epochs);
  const begun = performance.now();
  await watchTraining(({ signal, onWarning, stage }) => {
    const bar = stage('train', settings.epochs, 'epochs');
    return trainGan(flags.output, { network, settings, dataset, resume: flags.resume ?? false }, examples, {
      signal,
      onWarning,
      onBatch: (progress) => {
        const { epoch, batch, batches, discriminator, generator } = progress;
        bar.update(
          epoch - 1,
          `batch ${batch}/${batches} discriminator ${discriminator.toPrecision(4)} generator ${generator.toPrecision(4)}, ${left(progress)}`,
        );
      },
      onEpoch: ({ epoch, spread, generator }) =>
        bar.update(epoch, `generator ${generator['real'].toPrecision(4)} spread ${spread.toPrecision(3)}`),
    });
  });
  await writeGanReport(flags.output, examples);
  sayTrained(flags.output, begun);
}
