// Takes part in the CoDaS-HEP 2025 challenge: trains on the jets of the course images that are neither validation nor
// test there, several seeds of several networks, and compares the mean of their scores with the published entries.
// Nothing is chosen by the test jets: every network and seed that is trained counts.
// With --pretrain each network first learns from other jets, given as constituents, and every seed begins with that.
// npm run check:codas -- [FOLDER of codas-2025] [jet_images.h5] [--seeds 5] [--networks course-cnn,landscape-resnet] [--pretrain FILE.h5]
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { delong, ensembleScores, pairedDelong } from '@jetsdk/eval';
import { isJetError, JetError, jetImages, makeImages, namedRecipe, normaliseImages } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { fit, predict, selectBackend, zoo } from '@jetsdk/train';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '5' },
    networks: { type: 'string', default: 'course-cnn,landscape-resnet' },
    pretrain: { type: 'string' },
  },
});
const shared = new URL('../../shared/data/', import.meta.url).pathname;
const [folder = join(shared, 'codas-2025'), file = join(shared, 'jet-images/jet_images.h5')] = positionals;

/** The recipe mirrors along η by a rule; here it is left to chance, and scores are those of the image and its mirror image. */
const AUGMENTATION = { flip: ['eta'], smear: 0.1 };
const SETTINGS = {
  'course-cnn': { epochs: 60, patience: 15, batchSize: 128 },
  'landscape-resnet': {
    epochs: 25,
    patience: 25,
    batchSize: 64,
    learningRate: 1e-3,
    schedule: { kind: 'cosine', final: 0 },
  },
};
/** Of the other jets, and then of those of the challenge. */
const PRETRAINING = {
  epochs: 8,
  patience: 8,
  batchSize: 128,
  learningRate: 1e-3,
  schedule: { kind: 'cosine', final: 0 },
};
const FINE_TUNING = { ...PRETRAINING, epochs: 10, patience: 10, batchSize: 64 };
/** Of the other jets, those that choose the epoch. */
const PRETRAINING_VALIDATION = 2000;
/** Pixels in percent of the summed pT, as `landscape-40` has them. */
const RECIPE = {
  ...namedRecipe('course-30-sum'),
  name: 'codas',
  steps: [...namedRecipe('course-30-sum').steps, { step: 'normalise', by: 'standardise', mean: [0], std: [0.01] }],
};

try {
  await check();
} catch (error) {
  if (!isJetError(error)) throw error;
  console.error(`check:codas: ${error.message} [${error.code}]`);
  process.exitCode = 2;
}

async function check() {
  const networks = values.networks.split(',');
  const seeds = Number(values.seeds);
  const unknown = networks.find((name) => !Object.hasOwn(zoo, name));
  if (unknown !== undefined)
    throw new JetError('BAD_ARGUMENT', `--networks ${unknown}; expected some of ${Object.keys(zoo).join(', ')}`);
  if (!(Number.isInteger(seeds) && seeds > 0))
    throw new JetError('BAD_ARGUMENT', `--seeds ${values.seeds}; expected a whole number from 1`);
  const source = await openJets(file);
  const images = normaliseImages(RECIPE, await source.read(0, source.count));
  const labels = await source.labels();
  source.close();
  const held = { validation: readIds(join(folder, 'val/ids.npy')), test: readIds(join(folder, 'test/ids.npy')) };
  const apart = new Set([...held.validation, ...held.test]);
  const training = Array.from(labels.keys()).filter((jet) => !apart.has(jet));
  const part = (jets) => ({
    images: takeImages(images, jets),
    labels: Uint8Array.from(jets, (jet) => labels[jet]),
  });
  const [train, validation, test] = [training, held.validation, held.test].map(part);
  const backend = await selectBackend('auto');
  console.log(
    `${train.labels.length} jets to train, ${validation.labels.length} to choose the epoch, ${test.labels.length} to test; ${backend.name}, ${backend.threads} threads`,
  );
  const mirrored = { ...test, images: mirrorImages(test.images) };
  const runs = new Map();
  for (const name of networks) {
    const start = values.pretrain === undefined ? undefined : await pretrain(name, images.shape.slice(1));
    for (let seed = 1; seed <= seeds; seed++) {
      const started = performance.now();
      const model = zoo[name].build(images.shape.slice(1), seed);
      if (start) model.setWeights(start.getWeights());
      const { bestEpoch, history } = await fit(model, train.images, train.labels, {
        ...zoo[name].defaults,
        ...(start ? FINE_TUNING : SETTINGS[name]),
        augmentation: AUGMENTATION,
        seed,
        validation,
      });
      const scores = ensembleScores([
        await signalScores(model, test.images),
        await signalScores(model, mirrored.images),
      ]);
      model.dispose();
      runs.set(name, [...(runs.get(name) ?? []), scores]);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(
        `${name} seed ${seed}: ${figure(test.labels, scores)}, epoch ${bestEpoch} of ${history.length}, ${seconds} s`,
      );
    }
    start?.dispose();
  }
  console.log('');
  for (const [name, scores] of runs)
    console.log(`${name}, mean of ${scores.length}: ${figure(test.labels, ensembleScores(scores))}`);
  const all = ensembleScores([...runs.values()].map(ensembleScores));
  console.log(`all networks:           ${figure(test.labels, all)}`);
  const organisers = readEntry(join(folder, 'submissions/cnn.csv'), held.test);
  const { difference, stdErr, pValue } = pairedDelong(test.labels, all, organisers);
  console.log(
    `the organisers' CNN:    ${figure(test.labels, organisers)}; ours is ${difference.toFixed(4)} ± ${stdErr.toFixed(4)} above, p = ${pValue.toFixed(3)}`,
  );
  console.log('the best of 35 entries: AUC 0.9623');
}

/** A network that has learned from the constituents of `--pretrain`. */
async function pretrain(name, shape) {
  const source = await openJets(values.pretrain);
  const images = makeImages(RECIPE, await source.read(0, source.count));
  const labels = await source.labels();
  source.close();
  const jets = Array.from(labels.keys());
  const part = (from, to) => ({ images: takeImages(images, jets.slice(from, to)), labels: labels.slice(from, to) });
  const [train, validation] = [part(0, jets.length - PRETRAINING_VALIDATION), part(-PRETRAINING_VALIDATION)];
  const started = performance.now();
  const model = zoo[name].build(shape, 1);
  const { history, bestEpoch } = await fit(model, train.images, train.labels, {
    ...zoo[name].defaults,
    ...PRETRAINING,
    augmentation: AUGMENTATION,
    seed: 1,
    validation,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `${name} from ${train.labels.length} other jets: accuracy ${history[bestEpoch - 1].valAccuracy.toFixed(4)}, ${seconds} s`,
  );
  return model;
}

function figure(labels, scores) {
  const { auc, stdErr } = delong(labels, scores);
  return `AUC ${auc.toFixed(4)} ± ${stdErr.toFixed(4)}`;
}

/** Numbers of the jets `jet_N` in a .npy file of texts. */
function readIds(path) {
  if (!existsSync(path))
    throw new JetError('FILE_NOT_FOUND', `${path}: no such file; expected the folder of codas-2025`);
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const width = Number(/'<U(\d+)'/.exec(bytes.toString('latin1', 10, start))[1]) * 4;
  return Array.from({ length: (bytes.length - start) / width }, (_, i) => {
    const letters = Array.from({ length: width / 4 }, (_, c) => bytes.readUInt32LE(start + i * width + c * 4));
    return Number(String.fromCodePoint(...letters.filter((code) => code > 0)).replace('jet_', ''));
  });
}

/** Scores of an entry in the order of `jets`. */
function readEntry(path, jets) {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  const scores = new Map(
    lines.map((line) => line.split(',')).map(([id, score]) => [Number(id.replace('jet_', '')), Number(score)]),
  );
  return Float64Array.from(jets, (jet) => scores.get(jet));
}

function takeImages({ shape, data }, jets) {
  const size = data.length / shape[0];
  const taken = new Float32Array(jets.length * size);
  for (const [i, jet] of jets.entries()) taken.set(data.subarray(jet * size, (jet + 1) * size), i * size);
  return jetImages(taken, shape.slice(1));
}

/** Mirrored along the first axis, η. */
function mirrorImages({ shape, data }) {
  const [, height, width] = shape;
  const mirrored = data.map((_, at) => {
    const row = Math.floor(at / width) % height;
    return data[at + (height - 1 - 2 * row) * width];
  });
  return jetImages(mirrored, [height, width, 1]);
}

/** Probability of the signal. */
async function signalScores(model, images) {
  const outputs = await predict(model, images);
  const width = outputs.length / images.shape[0];
  return outputs.filter((_, i) => i % width === width - 1);
}
