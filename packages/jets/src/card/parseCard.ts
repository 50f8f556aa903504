/** @file Strict reading of model cards: what is known must be right, keys of a later version are kept as they are. */
import { parseInputRange } from '../inputRange.js';
import {
  type Check,
  count,
  finite,
  flag,
  isObject,
  listOf,
  object,
  oneOf,
  optional,
  placeOf,
  positive,
  refuse,
  requireDepth,
  suchThat,
  text,
  whole,
} from '../json.js';
import { shortText } from '../quoted.js';
import { recipeCheck } from '../recipe/parse.js';
import type { CardMetrics, CardParity, CardTraining, ModelCard } from './card.js';

const METRICS: Check<CardMetrics> = object(
  {
    dataset: text,
    datasetHash: optional(text),
    where: optional(object({ column: text, equals: finite }, 'kept')),
    signal: count,
    background: count,
    auc: finite,
    aucStdErr: optional(finite),
    accuracy: finite,
    rejection: listOf(object({ signalEfficiency: finite, rejection: finite, falsePositives: count }, 'kept')),
    rejectionArea: optional(finite),
  },
  'kept',
);

const AT_RANDOM = object({ seed: count, test: finite, validation: finite, stratified: flag }, 'kept');
const BY_COLUMN = object({ column: text }, 'kept');
const SPLIT: Check<NonNullable<CardTraining['split']>> = (value, at) =>
  isObject(value) && 'column' in value ? BY_COLUMN(value, at) : AT_RANDOM(value, at);

/** A certificate. */
export const PARITY: Check<CardParity> = object(
  {
    runtime: text,
    optimisation: optional(text),
    jets: count,
    maxAbsDifference: finite,
    scale: optional(positive),
    tolerance: positive,
  },
  'kept',
);

/** How a network was trained. */
export const TRAINING: Check<CardTraining> = object(
  {
    network: text,
    parameters: count,
    dataset: text,
    datasetHash: optional(text),
    files: optional(listOf(object({ name: text, hash: text }, 'kept'))),
    validationHashes: optional(listOf(text)),
    rows: optional(listOf(count, 1, 2)),
    split: optional(SPLIT),
    trainJets: count,
    validationJets: count,
    range: optional(parseInputRange),
    seed: count,
    epochs: count,
    bestEpoch: count,
    batchSize: count,
    optimizer: text,
    learningRate: finite,
    backend: text,
    seconds: finite,
    initial: optional(object({ network: text, dataset: text, weights: text }, 'kept')),
  },
  'kept',
);

const CARD: Check<ModelCard> = object(
  {
    format: oneOf('jetsdk-card/1'),
    name: text,
    version: optional(text),
    task: text,
    classes: suchThat(listOf(text), 'at least two names', ({ length }) => length >= 2),
    signalClass: text,
    input: object(
      {
        kind: oneOf('images', 'constituents'),
        name: text,
        shape: listOf(whole(1, 65536)),
        layout: oneOf('NHWC', 'NMC'),
      },
      'kept',
    ),
    output: object({ name: text, kind: oneOf('score', 'probabilities', 'values') }, 'kept'),
    recipe: optional(recipeCheck),
    recipeHash: optional(text),
    training: optional(TRAINING),
    metrics: optional(listOf(METRICS)),
    parity: optional(listOf(PARITY)),
    precision: optional(
      object(
        { weights: oneOf('float16', 'int8'), maxAbsDifference: finite, float32: METRICS, reduced: METRICS },
        'kept',
      ),
    ),
    sdkVersion: text,
    licence: optional(text),
    notes: optional(text),
  },
  'kept',
);

/**
 * Checks a card that came from outside; keys of a later version are kept as they are.
 *
 * @param value parsed JSON
 * @throws {JetError} BAD_ARGUMENT naming the key
 */
export function parseCard(value: unknown): ModelCard {
  const at = { where: 'card', code: 'BAD_ARGUMENT' } as const;
  requireDepth(value, at);
  const card = CARD(value, at);
  const { classes, signalClass, input } = card;
  if (!classes.includes(signalClass)) refuse(placeOf(at, 'signalClass'), signalClass, oneOfNames(classes));
  const [rank, layout, shape] =
    input.kind === 'images' ? [3, 'NHWC', '[height, width, channels]'] : [2, 'NMC', '[constituents, 4]'];
  const inputAt = placeOf(at, 'input');
  if (input.layout !== layout) refuse(placeOf(inputAt, 'layout'), input.layout, layout);
  if (input.shape.length !== rank || (rank === 2 && input.shape[1] !== 4))
    refuse(placeOf(inputAt, 'shape'), input.shape, shape);
  return card;
}

const oneOfNames = (names: readonly string[]): string => `one of ${shortText(names.join(', '))}`;
