/** @file The card of a regressor: the images it takes, the image it gives, and what that is worth. */
import {
  type Check,
  count,
  finite,
  listOf,
  object,
  oneOf,
  optional,
  positive,
  refuse,
  suchThat,
  text,
  whole,
} from '../json.js';
import { recipeCheck } from '../recipe/parse.js';
import { imageRecipes, type Recipe } from '../recipe/recipe.js';
import type { CardParity, CardTraining } from './card.js';
import { COMMON, cardOf } from './common.js';
import { TRAINING } from './training.js';

/** A figure with its bootstrap error. */
export interface CardEstimate {
  readonly value: number;
  readonly stdErr: number;
}

/** How near corrected jets come to the true ones, as `@jetsdk/eval/regression` measures it. */
export interface RegressorObservable {
  readonly name: string;
  /** of (corrected − true) / true */
  readonly medianBias: CardEstimate;
  /** interquartile range of the same */
  readonly iqr: CardEstimate;
  readonly correlation: CardEstimate;
}

/** A regressor beside another way of correcting the same jets: first less second, with the error of the difference. */
export interface RegressorComparison {
  /** the other way */
  readonly beside: string;
  /** for which both found a jet */
  readonly jets: number;
  readonly observables: readonly {
    readonly name: string;
    readonly iqr: CardEstimate;
    readonly correlation: CardEstimate;
  }[];
}

/** What a regressor is worth on jets that the training did not see. */
export interface RegressorMetrics {
  readonly dataset: string;
  /** SHA-256 of the file, hexadecimal */
  readonly datasetHash?: string;
  readonly jets: number;
  /** mean over the pixels of (ln((p̂ + pbar) / (p + pbar)))² */
  readonly loss: number;
  /** GeV */
  readonly pbar: number;
  readonly observables: readonly RegressorObservable[];
  readonly comparisons?: readonly RegressorComparison[];
}

/** Travels inside the ONNX file (`metadata_props`) and beside it as JSON. */
export interface RegressorCard {
  readonly format: 'jetsdk-regressor/1';
  readonly name: string;
  readonly version?: string;
  /** what it gives, for people */
  readonly task: string;
  /** channels-last, (n, height, width, channels) each; named as the images of the recipe */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly unit: string }[];
  readonly output: {
    readonly name: string;
    /** [height, width, channels] of one jet */
    readonly shape: readonly number[];
    readonly unit: string;
    /** of the image in η and φ */
    readonly halfWidth: number;
  };
  /** how constituents become the inputs */
  readonly recipe: Recipe;
  /** SHA-256 of the canonical recipe */
  readonly recipeHash: string;
  /** what the output was learned from */
  readonly truth?: Recipe;
  readonly training?: CardTraining;
  readonly metrics?: readonly RegressorMetrics[];
  readonly parity?: readonly CardParity[];
  readonly sdkVersion: string;
  /** e.g. an SPDX identifier; absent: not stated */
  readonly licence?: string;
  readonly notes?: string;
}

const SHAPE = listOf(whole(1, 65536), 3, 3);
const ESTIMATE: Check<CardEstimate> = object({ value: finite, stdErr: finite }, 'kept');

const COMPARISON: Check<RegressorComparison> = object(
  {
    beside: text,
    jets: count,
    observables: listOf(object({ name: text, iqr: ESTIMATE, correlation: ESTIMATE }, 'kept')),
  },
  'kept',
);

const CARD: Check<RegressorCard> = object(
  {
    ...COMMON,
    format: oneOf('jetsdk-regressor/1'),
    inputs: suchThat(
      listOf(object({ name: text, shape: SHAPE, unit: text }, 'kept')),
      'at least one',
      ({ length }) => length > 0,
    ),
    output: object({ name: text, shape: SHAPE, unit: text, halfWidth: positive }, 'kept'),
    recipe: recipeCheck,
    recipeHash: text,
    truth: optional(recipeCheck),
    training: optional(TRAINING),
    metrics: optional(
      listOf(
        object(
          {
            dataset: text,
            datasetHash: optional(text),
            jets: count,
            loss: finite,
            pbar: positive,
            observables: listOf(
              object({ name: text, medianBias: ESTIMATE, iqr: ESTIMATE, correlation: ESTIMATE }, 'kept'),
            ),
            comparisons: optional(listOf(COMPARISON)),
          },
          'kept',
        ),
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
export function parseRegressorCard(value: unknown): RegressorCard {
  return cardOf(value, CARD, ({ recipe, inputs }, at) => {
    const [made, taken] = [[...imageRecipes(recipe).keys()], inputs.map(({ name }) => name)];
    if (made.join('\0') !== taken.join('\0')) refuse(at, taken, `inputs ${made.join(', ')}, the images of its recipe`);
  });
}
