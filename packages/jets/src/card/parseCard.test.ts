import { describe, expect, it } from 'vitest';
import { namedRecipe } from '../recipe/named.js';
import type { ModelCard } from './card.js';
import { parseCard } from './parseCard.js';

const METRICS = { dataset: 'd', signal: 1, background: 1, auc: 0.9, accuracy: 0.8, rejection: [] };

const TRAINING = {
  network: 'n',
  parameters: 1,
  dataset: 'd',
  drawSeed: 4_294_967_295,
  trainJets: 1,
  validationJets: 1,
  range: { least: 0, peak: [0.1, 900] as const },
  seed: 1,
  epochs: 1,
  bestEpoch: 1,
  batchSize: 1,
  optimizer: 'adam',
  learningRate: 1e-3,
  backend: 'wasm',
  seconds: 1,
};

const CARD: ModelCard = {
  format: 'jetsdk-card/1',
  name: 'x',
  version: '1',
  task: 'top tagging',
  classes: ['QCD', 'top'],
  signalClass: 'top',
  input: { kind: 'images', name: 'image', shape: [40, 40, 1], layout: 'NHWC' },
  output: { name: 'score', kind: 'score' },
  recipe: namedRecipe('iml-40'),
  training: TRAINING,
  mean: { trainings: [TRAINING, { ...TRAINING, seed: 2 }], images: [[], ['eta'], ['phi'], ['eta', 'phi']] },
  metrics: [METRICS],
  parity: [{ runtime: 'r', jets: 1, maxAbsDifference: 0, tolerance: 1e-5 }],
  precision: { weights: 'float16', maxAbsDifference: 0, float32: METRICS, reduced: METRICS },
  sdkVersion: '0',
  licence: 'MIT',
};

describe('parseCard', () => {
  it('gives back what it was given', () => {
    expect(parseCard(CARD)).toEqual(CARD);
  });

  it('takes a card whose author says neither version nor licence, and nothing but text for them', () => {
    const { version: _version, licence: _licence, ...bare } = CARD;
    expect(parseCard(bare)).toEqual(bare);
    for (const key of ['version', 'licence'])
      expect(() => parseCard({ ...CARD, [key]: null })).toThrow(
        expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining(`card.${key}`) }),
      );
  });

  it.each<[string, object, RegExp]>([
    ['one class', { classes: ['top'] }, /^card.classes: got \["top"\]; expected at least two names$/],
    ['a signal class that is none of the classes', { signalClass: 'W' }, /^card.signalClass: got "W"; expected one of/],
    ['a layout of another kind of input', { input: { ...CARD.input, layout: 'NMC' } }, /input.layout.*expected NHWC/],
    [
      'a side of 0',
      { input: { ...CARD.input, shape: [0, 40, 1] } },
      /input.shape\[0\]: got 0; expected a whole number/,
    ],
    ['a side too many', { input: { ...CARD.input, shape: [40, 40, 1, 1] } }, /expected \[height, width, channels\]/],
    [
      'constituents of three components',
      { input: { kind: 'constituents', name: 'x', shape: [20, 3], layout: 'NMC' } },
      /expected \[constituents, 4\]/,
    ],
    [
      'a tolerance of 0',
      { parity: [{ ...CARD.parity?.[0], tolerance: 0 }] },
      /tolerance: got 0; expected a number above 0/,
    ],
    ['weights of unknown precision', { precision: { ...CARD.precision, weights: 'int4' } }, /expected float16 or int8/],
    [
      'a range upside down',
      { training: { ...TRAINING, range: { least: 0, peak: [2, 1] } } },
      /range.peak.*two numbers/,
    ],
    ['a mirror along an axis that no image has', { mean: { trainings: [TRAINING], images: [['z']] } }, /mean.images/],
    ['a mean of nothing', { mean: { trainings: [] } }, /mean.trainings: got \[\]; expected/],
    ['half a seed of a draw', { training: { ...TRAINING, drawSeed: 0.5 } }, /training.drawSeed: got 0.5/],
    ['a recipe that is none', { recipe: { ...CARD.recipe, steps: [{ step: 'blur' }] } }, /recipe step 1/],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseCard({ ...CARD, ...change })).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  it('keeps keys that it does not know: a later version may have written them', () => {
    const later = { ...CARD, colour: 'red', input: { ...CARD.input, unit: 'GeV' } };
    expect(parseCard(later)).toEqual(later);
  });

  it('refuses what is nested deeper than 64 levels, also under keys that it does not know, in a short message', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}1${']'.repeat(50_000)}`) as unknown;
    for (const change of [{ name: deep }, { recipe: deep }, { later: deep }])
      expect(() => parseCard({ ...CARD, ...change })).toThrow(
        expect.objectContaining({
          code: 'BAD_ARGUMENT',
          message: expect.stringMatching(/^card: nested more than 64.{1,80}$/),
        }),
      );
  });

  it('quotes values of any length in a short message', () => {
    const long = 'x'.repeat(100_000);
    for (const change of [{ classes: [long] }, { signalClass: long }, { format: long }, { classes: [long, long] }])
      expect(() => parseCard({ ...CARD, ...change })).toThrow(
        expect.objectContaining({ message: expect.stringMatching(/^.{1,500}$/) }),
      );
  });

  it.each([[undefined], [null], [[]], ['card'], [{}]])('refuses %j', (value) => {
    expect(() => parseCard(value)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});
