import { namedRecipe } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { parseHistory } from './parseHistory.js';
import { parseRun } from './parseRun.js';
import type { Run } from './run.js';

const RUN: Run = {
  format: 'jetsdk-run/1',
  sdkVersion: '0.1.0',
  settings: {
    network: 'course-cnn',
    seed: 1,
    batchSize: 64,
    epochs: 10,
    patience: 3,
    learningRate: 1e-3,
    classWeights: 'balanced',
    jetWeights: 'flat-pt',
    augmentation: { flip: ['eta'], rotate: 10, shift: 1, smear: 0.1 },
    optimizer: { kind: 'sgd', momentum: 0.9 },
    schedule: { kind: 'step', every: 3, factor: 0.5 },
    clipNorm: 1,
  },
  inputShape: [30, 30, 1],
  outputs: 1,
  parameters: 115_441,
  dataset: {
    name: 'jets.h5',
    hash: 'a'.repeat(64),
    classes: ['QCD', 'top'],
    split: { seed: 1, test: 0.2, validation: 0.25, stratified: false },
    trainJets: 100,
    validationJets: 20,
    fingerprint: 'b'.repeat(64),
  },
  recipe: namedRecipe('course-30'),
  initial: { network: 'course-cnn', dataset: 'others.h5', weights: 'c'.repeat(64) },
  backend: 'wasm',
  cost: { seconds: 12.5, jetsPerSecond: 1000, waiting: 0.01, peakMemory: 300_000_000 },
};

describe('parseRun', () => {
  it('gives back what trainRun writes', () => {
    expect(parseRun(structuredClone(RUN), 'run.json')).toEqual(RUN);
    const { recipe: _recipe, initial: _initial, ...rest } = RUN;
    const drawn = { ...rest, dataset: { ...RUN.dataset, drawSeed: 4_294_967_295 } };
    expect(parseRun(structuredClone(drawn), 'run.json')).toEqual(drawn);
    const byColumn = { ...rest, dataset: { ...RUN.dataset, split: { column: 'ttv' } } };
    expect(parseRun(structuredClone(byColumn), 'run.json')).toEqual(byColumn);
  });

  it.each<[string, object, RegExp]>([
    ['another format', { format: 'jetsdk-card/1' }, /^run.json.format: got "jetsdk-card\/1"; expected jetsdk-run\/1$/],
    ['settings that are missing', { settings: undefined }, /settings: got undefined; expected an object/],
    [
      'a seed of a draw that is none',
      { dataset: { ...RUN.dataset, drawSeed: 2 ** 32 } },
      /dataset.drawSeed: got 4294967296/,
    ],
    ['a shape that is none', { inputShape: '30' }, /inputShape: got "30"; expected a list/],
    [
      'an unknown setting',
      { settings: { ...RUN.settings, epoch: 3 } },
      /settings.epoch: got 3; expected only the keys/,
    ],
    ['half an epoch', { settings: { ...RUN.settings, epochs: 0.5 } }, /settings.epochs: got 0.5/],
    ['a schedule of another kind', { settings: { ...RUN.settings, schedule: { kind: 'linear' } } }, /schedule.kind/],
    ['a schedule without its numbers', { settings: { ...RUN.settings, schedule: { kind: 'cosine' } } }, /final/],
    ['a split that is none', { dataset: { ...RUN.dataset, split: 'ttv' } }, /dataset.split/],
    [
      'a recipe that is none',
      { recipe: { ...RUN.recipe, steps: [{ step: 'blur' }] } },
      /run.json.recipe: recipe step 1/,
    ],
    ['no fingerprint', { dataset: { ...RUN.dataset, fingerprint: 'x' } }, /fingerprint: got "x"; expected a SHA-256/],
  ])('refuses %s as BAD_FILE', (_, change, message) => {
    expect(() => parseRun({ ...RUN, ...change }, 'run.json')).toThrow(
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringMatching(message) }),
    );
  });
});

describe('parseHistory', () => {
  const epoch = { epoch: 1, loss: 1, accuracy: 0.5, valLoss: 1, valAccuracy: 0.5, learningRate: 1e-3, seconds: 1 };
  const history = { format: 'jetsdk-history/1', epochs: [epoch], bestEpoch: 1, warnings: ['w'] };

  it('gives back what trainRun writes', () => {
    expect(parseHistory(structuredClone(history), 'history.json')).toEqual(history);
  });

  it.each([
    ['another format', { format: 'x' }],
    ['an epoch without a loss', { epochs: [{ ...epoch, loss: null }] }],
    ['a best epoch that is none of them', { bestEpoch: 2 }],
    ['epochs out of order', { epochs: [{ ...epoch, epoch: 2 }] }],
  ])('refuses %s as BAD_FILE', (_, change) => {
    expect(() => parseHistory({ ...history, ...change }, 'history.json')).toThrow(
      expect.objectContaining({ code: 'BAD_FILE' }),
    );
  });
});
