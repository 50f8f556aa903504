/** @file The model card inside the ONNX file: written as canonical JSON, read strictly. */
import {
  type CardMetrics,
  type CardParity,
  type CardPrecision,
  type CardTraining,
  canonicalJson,
  JetError,
  type ModelCard,
  parseRecipe,
} from '@jetsdk/jets';
import { decodeModel } from './onnx/decode.js';
import { encodeModel } from './onnx/encode.js';
import type { Graph } from './onnx/model.js';

/** The key of `metadata_props` under which the card lies. */
export const CARD_KEY = 'jetsdk.card';

/** The card as it is written. @throws {JetError} BAD_ARGUMENT if it is not a card */
export function cardText(card: ModelCard): string {
  return canonicalJson(parseCard(card));
}

/**
 * The same model with this card instead of any it has.
 *
 * @param bytes an ONNX file; not modified
 * @throws {JetError} BAD_ARGUMENT if it is not a card or describes another model; what `decodeModel` throws
 */
export function withCard(bytes: Uint8Array, card: ModelCard): Uint8Array {
  const model = decodeModel(bytes);
  checkCardPorts(card, model.graph);
  return encodeModel({ ...model, metadata: { ...model.metadata, [CARD_KEY]: cardText(card) } });
}

/**
 * The card of an ONNX file.
 *
 * @returns undefined where the file has none
 * @throws {JetError} BAD_FILE if what lies there is not a card; what `decodeModel` throws
 */
export function readCard(bytes: Uint8Array): ModelCard | undefined {
  return cardOf(decodeModel(bytes).metadata);
}

/** The card among the metadata of a decoded model; see `readCard`. */
export function cardOf(metadata: Readonly<Record<string, string>>): ModelCard | undefined {
  if (!Object.hasOwn(metadata, CARD_KEY)) return undefined;
  try {
    return parseCard(JSON.parse(metadata[CARD_KEY]));
  } catch (error) {
    throw new JetError('BAD_FILE', `card in the ONNX file: ${String(error)}`, {}, { cause: error });
  }
}

/** @throws {JetError} BAD_ARGUMENT unless the card names this model's input and output */
export function checkCardPorts(card: ModelCard, { inputs, outputs }: Pick<Graph, 'inputs' | 'outputs'>): void {
  const input = inputs.find(({ name }) => name === card.input.name);
  const shape = input?.shape?.slice(1) ?? [];
  if (
    input === undefined ||
    shape.length !== card.input.shape.length ||
    shape.some((length, i) => typeof length === 'number' && length !== card.input.shape[i])
  )
    throw new JetError(
      'BAD_ARGUMENT',
      `card: input ${card.input.name} of shape [${card.input.shape}]; expected ${inputs
        .map((one) => `${one.name} of shape [${one.shape?.slice(1)}]`)
        .join(' or ')}`,
      { card: card.input },
    );
  if (!outputs.some(({ name }) => name === card.output.name))
    throw new JetError(
      'BAD_ARGUMENT',
      `card: output ${card.output.name}; expected ${outputs.map(({ name }) => name).join(' or ')}`,
      { card: card.output },
    );
}

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
    for (const key of Object.keys(value))
      if (!Object.hasOwn(known, key)) fail(where, key, `only the keys ${Object.keys(known).join(', ')}`);
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
});

const CARD = record<ModelCard>({
  format: [oneOf('jetsdk-card/1')],
  name: [text],
  version: [text],
  task: [text],
  classes: [listOf(text)],
  signalClass: [text],
  input: [
    record<ModelCard['input']>({
      kind: [oneOf('images', 'constituents')],
      name: [text],
      shape: [listOf(count)],
      layout: [oneOf('NHWC', 'NMC')],
    }),
  ],
  output: [record<ModelCard['output']>({ name: [text], kind: [oneOf('score', 'probabilities', 'values')] })],
  recipe: [parseRecipe, 'optional'],
  recipeHash: [text, 'optional'],
  training: [TRAINING, 'optional'],
  metrics: [listOf(METRICS), 'optional'],
  parity: [
    listOf(record<CardParity>({ runtime: [text], jets: [count], maxAbsDifference: [finite], tolerance: [finite] })),
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
  licence: [text],
  notes: [text, 'optional'],
});

/**
 * Checks a card that came from outside.
 *
 * @param value parsed JSON
 * @throws {JetError} BAD_ARGUMENT naming the key
 */
export function parseCard(value: unknown): ModelCard {
  CARD(value, 'card');
  return value as ModelCard;
}
