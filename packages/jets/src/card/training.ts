/** @file How a network was trained, as a card says it. */
import { parseInputRange } from '../inputRange.js';
import { type Check, count, finite, flag, isObject, listOf, object, optional, text, whole } from '../json.js';
import type { CardTraining } from './card.js';

const AT_RANDOM = object({ seed: count, test: finite, validation: finite, stratified: flag }, 'kept');
const BY_COLUMN = object({ column: text }, 'kept');
const SPLIT: Check<NonNullable<CardTraining['split']>> = (value, at) =>
  isObject(value) && 'column' in value ? BY_COLUMN(value, at) : AT_RANDOM(value, at);

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
    drawSeed: optional(whole(0, 2 ** 32 - 1)),
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
