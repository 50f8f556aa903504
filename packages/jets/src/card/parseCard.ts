/** @file Strict reading of model cards: what is not understood is an error. */

import { JetError } from '../errors.js';
import { parseRecipe } from '../recipe/parse.js';
import type { CardMetrics, CardParity, CardPrecision, CardTraining, ModelCard } from './card.js';

const MAX_SIZE = 65536;

type Check = (value: unknown, where: string) => void;
type Field = readonly [check: Check, presence?: 'optional'];

function fail(where: string, got: unknown, expected: string): never {
  throw new JetError('BAD_ARGUMENT', `${where}: got ${JSON.stringify(got)}; expected ${expected}`, { where, got });
}

const text: Check = (value, where) => {
  if (typeof value !== 'string') fail(where, value, 'a text');
};
const finite: Check = (value, where) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) fail(where, value, 'a finite number');
};
const positive: Check = (value, where) => {
  if (typeof value !== 'number' || !(value > 0 && value < Number.POSITIVE_INFINITY)) fail(where, value, 'above 0');
};
const size: Check = (value, where) => {
  if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > MAX_SIZE)
    fail(where, value, `a whole number from 1 to ${MAX_SIZE}`);
};
const count: Check = (value, where) => {
  if (!Number.isSafeInteger(value) || Number(value) < 0) fail(where, value, 'a whole number of at least 0');
};
const oneOf =
  (...options: readonly string[]): Check =>
  (value, where) => {
    if (!options.some((option) => option === value)) fail(where, value, options.join(' or '));
  };
const listOf =
  (one: Check): Check =>
  (value, where) => {
    if (!Array.isArray(value)) fail(where, value, 'a list');
    value.forEach((item, i) => {
      one(item, `${where}[${i}]`);
    });
  };
const record =
  <T>(fields: Readonly<Record<keyof T & string, Field>>): Check =>
  (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(where, value, 'an object');
    const known: Readonly<Record<string, Field>> = fields;
    for (const key of Object.keys(known)) {
      const [check, presence] = known[key];
      const item: unknown = Reflect.get(value, key);
      if (item === undefined && presence === 'optional') continue;
      check(item, `${where}.${key}`);
    }
  };

const METRICS = record<CardMetrics>({
  dataset: [text],
  datasetHash: [text, 'optional'],
  where: [record<NonNullable<CardMetrics['where']>>({ column: [text], equals: [finite] }), 'optional'],
  signal: [count],
  background: [count],
  auc: [finite],
  aucStdErr: [finite, 'optional'],
  accuracy: [finite],
  rejection: [
    listOf(
      record<CardMetrics['rejection'][number]>({
        signalEfficiency: [finite],
        rejection: [finite],
        falsePositives: [count],
      }),
    ),
  ],
  rejectionArea: [finite, 'optional'],
});

const TRAINING = record<CardTraining>({
  network: [text],
  parameters: [count],
  dataset: [text],
  datasetHash: [text, 'optional'],
  trainJets: [count],
  validationJets: [count],
  seed: [count],
  epochs: [count],
  bestEpoch: [count],
  batchSize: [count],
  optimizer: [text],
  learningRate: [finite],
  backend: [text],
  seconds: [finite],
  initial: [
    record<NonNullable<CardTraining['initial']>>({ network: [text], dataset: [text], weights: [text] }),
    'optional',
  ],
});

const CARD = record<ModelCard>({
  format: [oneOf('jetsdk-card/1')],
  name: [text],
  version: [text, 'optional'],
  task: [text],
  classes: [listOf(text)],
  signalClass: [text],
  input: [
    record<ModelCard['input']>({
      kind: [oneOf('images', 'constituents')],
      name: [text],
      shape: [listOf(size)],
      layout: [oneOf('NHWC', 'NMC')],
    }),
  ],
  output: [record<ModelCard['output']>({ name: [text], kind: [oneOf('score', 'probabilities', 'values')] })],
  recipe: [parseRecipe, 'optional'],
  recipeHash: [text, 'optional'],
  training: [TRAINING, 'optional'],
  metrics: [listOf(METRICS), 'optional'],
  parity: [
    listOf(record<CardParity>({ runtime: [text], jets: [count], maxAbsDifference: [finite], tolerance: [positive] })),
    'optional',
  ],
  precision: [
    record<CardPrecision>({
      weights: [oneOf('float16', 'int8')],
      maxAbsDifference: [finite],
      float32: [METRICS],
      reduced: [METRICS],
    }),
    'optional',
  ],
  sdkVersion: [text],
  licence: [text, 'optional'],
  notes: [text, 'optional'],
});

/**
 * Checks a card that came from outside; keys of a later version stay as they are.
 *
 * @param value parsed JSON
 * @throws {JetError} BAD_ARGUMENT naming the key
 */
export function parseCard(value: unknown): ModelCard {
  CARD(value, 'card');
  const card = value as ModelCard;
  const { classes, signalClass, input } = card;
  if (classes.length < 2) fail('card.classes', classes, 'at least two names');
  if (!classes.includes(signalClass)) fail('card.signalClass', signalClass, `one of ${classes.join(', ')}`);
  const [rank, layout, shape] =
    input.kind === 'images' ? [3, 'NHWC', '[height, width, channels]'] : [2, 'NMC', '[constituents, 4]'];
  if (input.layout !== layout) fail('card.input.layout', input.layout, layout);
  if (input.shape.length !== rank || (rank === 2 && input.shape[1] !== 4)) fail('card.input.shape', input.shape, shape);
  return card;
}
