/** @file Strict reading of model cards: what is known must be right, keys of a later version are kept as they are. */
import {
  type Check,
  count,
  finite,
  listOf,
  object,
  oneOf,
  optional,
  placeOf,
  refuse,
  suchThat,
  text,
  whole,
} from '../json.js';
import { shortText } from '../quoted.js';
import { recipeCheck } from '../recipe/parse.js';
import type { CardMetrics, ModelCard } from './card.js';
import { COMMON, cardOf } from './common.js';
import { TRAINING } from './training.js';

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

const AXES = listOf(oneOf('eta', 'phi'), 0, 2);

const CARD: Check<ModelCard> = object(
  {
    ...COMMON,
    format: oneOf('jetsdk-card/1'),
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
    mean: optional(object({ trainings: listOf(TRAINING, 1), images: optional(listOf(AXES, 1)) }, 'kept')),
    metrics: optional(listOf(METRICS)),
    precision: optional(
      object(
        { weights: oneOf('float16', 'int8'), maxAbsDifference: finite, float32: METRICS, reduced: METRICS },
        'kept',
      ),
    ),
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
  return cardOf(value, CARD, ({ classes, signalClass, input }, at) => {
    if (!classes.includes(signalClass)) refuse(placeOf(at, 'signalClass'), signalClass, oneOfNames(classes));
    const [rank, layout, shape] =
      input.kind === 'images' ? [3, 'NHWC', '[height, width, channels]'] : [2, 'NMC', '[constituents, 4]'];
    const inputAt = placeOf(at, 'input');
    if (input.layout !== layout) refuse(placeOf(inputAt, 'layout'), input.layout, layout);
    if (input.shape.length !== rank || (rank === 2 && input.shape[1] !== 4))
      refuse(placeOf(inputAt, 'shape'), input.shape, shape);
  });
}

const oneOfNames = (names: readonly string[]): string => `one of ${shortText(names.join(', '))}`;
