// The leg of `train` for samples that memory need not hold: a step on jets read from the file of inputs, in the order of a
// shuffle of all of them, beside the same step on jets in memory, and beside PyTorch with its jets in memory and in a
// memory-mapped file behind a DataLoader. All take turns, epoch by epoch; an epoch here is EPOCH random jets of the whole.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { namedRecipe, random } from '@jetsdk/jets';
import { buildNetwork, fit, readTrainingData, takeInputs, zoo } from '@jetsdk/train';

const EPOCH = 24_576;
const sample = fileURLToPath(new URL('../data/train.h5', import.meta.url));
const maker = fileURLToPath(new URL('peers/bigFile.py', import.meta.url));

/** Trains an epoch with each call. */
async function trainer(network, training, validation) {
  const { batchSize } = zoo[network].defaults;
  const model = await buildNetwork(zoo[network], { inputShape: training.inputs.shape.slice(1), seed: 1 });
  const settings = { validation, batchSize, epochs: 1, patience: 1, learningRate: 1e-3, seed: 1 };
  return async () => {
    const { history } = await fit(model, training, settings);
    return history[0];
  };
}

/**
 * @param options.networks names of the zoo
 * @param options.jets of the sample
 * @param options.twins layouts of PyTorch with what starts them; empty where it is not here
 * @returns for each network the best seconds an epoch of each contestant
 */
export async function trainLarge({ networks, jets, rounds, startTwin, layouts }) {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-bench-'));
  process.env.JETSDK_CACHE = join(folder, 'cache');
  try {
    const data = join(folder, 'large.h5');
    const made = spawnSync('python3', [maker, sample, String(jets), data], { stdio: 'inherit' });
    if (made.status !== 0) {
      process.stderr.write('train bench: python3 with h5py is not here; the large sample is left out\n');
      return [];
    }
    const results = [];
    for (const network of networks) {
      const { recipe, defaults } = zoo[network];
      const started = performance.now();
      const all = await readTrainingData({ data, seed: 1 }, namedRecipe(recipe));
      const reading = (performance.now() - started) / 1000;
      const { inputs, labels } = all.training;
      const rng = random(1);
      const chosen = Uint32Array.from({ length: EPOCH }, () => rng.integer(labels.length));
      const some = { labels: Uint8Array.from(chosen, (jet) => labels[jet]) };
      const onDisk = {
        ...inputs,
        shape: [EPOCH, ...inputs.shape.slice(1)],
        read: (rows, change, memory) =>
          inputs.read(
            rows.map((row) => chosen[row]),
            change,
            memory,
          ),
      };
      const dense = await takeInputs(onDisk);
      const few = Uint32Array.from([labels.indexOf(0), labels.indexOf(1)]);
      const validation = { inputs: await takeInputs(inputs, few), labels: Uint8Array.of(0, 1) };
      const contestants = {
        'ours, from disk': await trainer(network, { inputs: onDisk, ...some }, validation),
        'ours, in memory': await trainer(network, { inputs: dense, ...some }, validation),
      };
      const map = join(folder, 'map.bin');
      const twins = layouts.map((layout) =>
        startTwin(
          network,
          layout,
          { jets: EPOCH, batchSize: defaults.batchSize },
          layout === 'memmap' ? [map, jets] : [],
        ),
      );
      for (const [i, twin] of twins.entries()) contestants[`torch ${layouts[i]}`] = () => twin.epoch();
      const best = {};
      let waiting = 0;
      for (let round = 0; round <= rounds; round++)
        for (const [who, epoch] of Object.entries(contestants)) {
          const { seconds, waited } = await epoch();
          if (round === 0) continue;
          if (seconds < (best[who] ?? Infinity)) {
            best[who] = seconds;
            if (who === 'ours, from disk') waiting = waited / seconds;
          }
        }
      for (const twin of twins) twin.close();
      rmSync(map, { force: true });
      const residentBytes = process.memoryUsage.rss();
      await all.close();
      const microseconds = Object.fromEntries(
        Object.entries(best).map(([who, seconds]) => [who, (seconds / EPOCH) * 1e6]),
      );
      results.push({
        network,
        jets,
        fileBytes: statSync(data).size,
        readingSeconds: reading,
        microsecondsPerJet: microseconds,
        overMemory: best['ours, from disk'] / best['ours, in memory'] - 1,
        waiting,
        residentBytes,
      });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
