/** @file What the discriminator of a run makes of images. */
import { join } from 'node:path';
import { JetError } from '@jetsdk/jets';
import { dispose, sigmoid, tidy } from '@tensorflow/tfjs-core';
import { buildGan } from '../adversarial/buildGan.js';
import { batchOf, checkGanExamples, type GanExamples } from '../adversarial/examples.js';
import { asTf, judge } from '../adversarial/judge.js';
import { gans } from '../adversarial/networks/index.js';
import { setWeights } from '../fit/epochs.js';
import { numbersOf } from '../model/readTensors.js';
import { parseGanRun, readGanState } from './ganRun.js';
import { readJson } from './runFiles.js';

/**
 * How real the discriminator of an adversarial training finds images, as it is after the last epoch. It sees them in batches of
 * the size of the training, since it also looks at how much the images of a batch are alike; the last batch is filled up with the
 * first images. Its normalisations use running means over simulated and generated batches: the order of images of one kind tells
 * more than the probability.
 *
 * @param folder of the run; a backend must have been selected
 * @param examples images, and what was asked for; not modified
 * @returns (rows,) the probability that an image is simulated
 * @throws {JetError} FILE_NOT_FOUND if it holds no run or nothing was learned; BAD_FILE if it is damaged; SHAPE_MISMATCH,
 *   NOT_FINITE, OUT_OF_RANGE for images or conditions that do not fit
 */
export async function realness(folder: string, examples: GanExamples): Promise<Float32Array> {
  const { network, settings } = await readJson(join(folder, 'run.json'), parseGanRun);
  const gan = gans[network];
  const rows = checkGanExamples(gan, examples);
  const state = await readGanState(folder);
  if (state === undefined)
    throw new JetError('FILE_NOT_FOUND', `${folder}: no state.bin; expected a run that has learned; resume it first`, {
      folder,
    });
  const { generator, discriminator } = buildGan(gan, settings.seed);
  generator.dispose();
  try {
    setWeights(discriminator, state.discriminator);
    const { batchSize } = settings;
    const found = new Float32Array(rows);
    for (let start = 0; start < rows; start += batchSize) {
      const picked = Uint32Array.from({ length: batchSize }, (_, i) => (start + i) % rows);
      const { images, conditions } = batchOf(gan, examples, picked);
      const probability = tidy(() => sigmoid(judge(discriminator, images.map(asTf), conditions, false)[0]));
      found.set((await numbersOf(probability)).slice(0, rows - start), start);
      dispose(probability);
    }
    return found;
  } finally {
    discriminator.dispose();
  }
}
