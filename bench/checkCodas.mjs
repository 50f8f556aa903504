// Takes part in the CoDaS-HEP 2025 challenge: trains on the jets of the course images that are neither validation nor
// test there, several seeds of several networks, and compares the mean of their scores with the published entries.
// Nothing is chosen by the test jets: every network and seed that is trained counts.
// With --pretrain each network first learns from other jets, given as constituents, and every seed begins with that.
// With --folds the jets to train are judged in turns by networks that learned from the rest, and those to test are left alone:
// the square root of the pixels was chosen in such a way.
// npm run check:codas -- [FOLDER of codas-2025] [jet_images.h5] [--seeds 5] [--networks course-cnn,landscape-resnet]
//   [--pretrain FILE.h5] [--folds 5]
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { delong, ensembleScores, pairedDelong } from '@jetsdk/eval';
import { isJetError, JetError, jetImages, makeImages, namedRecipe, normaliseImages, takeRows } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { buildNetwork, fit, predict, selectBackend, zoo } from '@jetsdk/train';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '5' },
    networks: { type: 'string', default: 'course-cnn,landscape-resnet' },
    pretrain: { type: 'string' },
    folds: { type: 'string' },
  },
});
const shared = new URL('../../shared/data/', import.meta.url).pathname;
const [folder = join(shared, 'codas-2025'), file = join(shared, 'jet-images/jet_images.h5')] = positionals;

/** The recipe mirrors along η by a rule; here it is left to chance, and scores are those of the image and its mirror image. */
const AUGMENTATION = { flip: ['eta'], smear: 0.1 };
const SETTINGS = {
  'course-cnn': { epochs: 60, patience: 15, batchSize: 128, learningRate: 1e-3 },
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
  epochs: 4,
  patience: 4,
  batchSize: 128,
  learningRate: 1e-3,
  schedule: { kind: 'cosine', final: 0 },
};
const FINE_TUNING = { ...PRETRAINING, epochs: 10, patience: 10, batchSize: 64 };
/** Of the other jets, those that choose the epoch. */
const PRETRAINING_VALIDATION = 2000;
const RECIPE = namedRecipe('course-30-sum');
/** Brings the root of a pixel's share of the pT to about 1. */
const SCALE = 30;

try {
  await check();
} catch (error) {
  if (!isJetError(error)) throw error;
  console.error(`check:codas: ${error.message} [${error.code}]`);
  process.exitCode = 2;
}

async function check() {
  const networks = values.networks.split(',');
  const unknown = networks.find((name) => !Object.hasOwn(zoo, name));
  if (unknown !== undefined)
    throw new JetError('BAD_ARGUMENT', `--networks ${unknown}; expected some of ${Object.keys(zoo).join(', ')}`);
  const [seeds, folds] = [whole('seeds', 1), values.folds === undefined ? undefined : whole('folds', 2)];
  const validation = readIds(join(folder, 'val/ids.npy'));
  const test = readIds(join(folder, 'test/ids.npy'));
  const { part, jets, shape } = await readCourseJets();
  const apart = new Set([...validation, ...test]);
  const training = Array.from({ length: jets }, (_, jet) => jet).filter((jet) => !apart.has(jet));
  const backend = await selectBackend('auto');
  console.log(
    `${training.length} jets to train, ${validation.length} to choose the epoch, ${test.length} to test; ${backend.name}, ${backend.threads} threads`,
  );
  const starts = new Map();
  if (values.pretrain !== undefined) {
    const others = await readOtherJets(values.pretrain);
    for (const name of networks) starts.set(name, await pretrain(name, shape, others));
  }
  const learn = (name, seed, learned, judged) =>
    scoresOf(name, seed, starts.get(name), part(learned), part(validation), part(judged));
  if (folds !== undefined) {
    for (const name of networks) {
      const aucs = [];
      for (let fold = 0; fold < folds; fold++) {
        const judged = training.filter((_, i) => i % folds === fold);
        const learned = training.filter((_, i) => i % folds !== fold);
        aucs.push(delong(part(judged).labels, await learn(name, fold + 1, learned, judged)).auc);
      }
      const mean = aucs.reduce((sum, auc) => sum + auc) / folds;
      console.log(
        `${name}, ${folds} folds: mean AUC ${mean.toFixed(4)} (${aucs.map((auc) => auc.toFixed(4)).join(', ')})`,
      );
    }
    return;
  }
  const { labels } = part(test);
  const means = [];
  for (const name of networks) {
    const runs = [];
    for (let seed = 1; seed <= seeds; seed++) runs.push(await learn(name, seed, training, test));
    means.push(ensembleScores(runs));
    console.log(`${name}, mean of ${seeds}: ${figure(labels, means.at(-1))}\n`);
  }
  const all = ensembleScores(means);
  console.log(`all networks:           ${figure(labels, all)}`);
  const organisers = readEntry(join(folder, 'submissions/cnn.csv'), test);
  const { difference, stdErr, pValue } = pairedDelong(labels, all, organisers);
  console.log(
    `the organisers' CNN:    ${figure(labels, organisers)}; ours is ${difference.toFixed(4)} ± ${stdErr.toFixed(4)} above, p = ${pValue.toFixed(3)}`,
  );
  console.log('the best of 35 entries: AUC 0.9623');
}

function whole(option, least) {
  const value = Number(values[option]);
  if (!(Number.isInteger(value) && value >= least))
    throw new JetError('BAD_ARGUMENT', `--${option} ${values[option]}; expected a whole number from ${least}`);
  return value;
}

async function readCourseJets() {
  const source = await openJets(file);
  const images = roots(normaliseImages(RECIPE, await source.read(0, source.count)));
  const labels = await source.labels();
  source.close();
  const part = (jets) => ({
    inputs: takeRows(images, jets),
    labels: Uint8Array.from(jets, (jet) => labels[jet]),
  });
  return { part, jets: labels.length, shape: images.shape.slice(1) };
}

async function readOtherJets(path) {
  const source = await openJets(path);
  const images = roots(makeImages(RECIPE, await source.read(0, source.count)));
  const labels = await source.labels();
  source.close();
  if (labels === undefined) throw new JetError('BAD_DATASET', `${path}: it has no labels; expected labelled jets`);
  const jets = Array.from(labels.keys());
  const part = (from, to) => ({ inputs: takeRows(images, jets.slice(from, to)), labels: labels.slice(from, to) });
  return { train: part(0, jets.length - PRETRAINING_VALIDATION), validation: part(-PRETRAINING_VALIDATION) };
}

/** A network that has learned from other jets. */
async function pretrain(name, shape, { train, validation }) {
  const started = performance.now();
  const model = await buildNetwork(zoo[name], { inputShape: shape, seed: 1 });
  const { history, bestEpoch } = await fit(model, train, {
    ...PRETRAINING,
    augmentation: AUGMENTATION,
    seed: 1,
    validation,
  });
  console.log(
    `${name} from ${train.labels.length} other jets: accuracy ${history[bestEpoch - 1].valAccuracy.toFixed(4)}, ${secondsSince(started)} s`,
  );
  return model;
}

/** Trains a network, from the weights of `start` if there are any, and gives the judged jets their scores. */
async function scoresOf(name, seed, start, train, validation, judged) {
  const started = performance.now();
  const model = await buildNetwork(zoo[name], { inputShape: train.inputs.shape.slice(1), seed });
  if (start) model.setWeights(start.getWeights());
  const { bestEpoch, history } = await fit(model, train, {
    ...(start ? FINE_TUNING : (SETTINGS[name] ?? zoo[name].defaults)),
    augmentation: AUGMENTATION,
    seed,
    validation,
  });
  const views = [judged.inputs, mirrorImages(judged.inputs)];
  const scores = [];
  for (const view of views) scores.push(await signalScores(model, view));
  model.dispose();
  const mean = ensembleScores(scores);
  console.log(
    `${name} seed ${seed}: ${figure(judged.labels, mean)}, epoch ${bestEpoch} of ${history.length}, ${secondsSince(started)} s`,
  );
  return mean;
}

function secondsSince(started) {
  return ((performance.now() - started) / 1000).toFixed(0);
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

/** The square root of every pixel, which brings out the faint ones. */
function roots({ shape, data }) {
  return jetImages(
    data.map((share) => SCALE * Math.sqrt(share)),
    shape.slice(1),
  );
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
