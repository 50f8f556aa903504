/** @file The model card as it stands in a file: canonical JSON among the metadata. */
import {
  canonicalJson,
  isJetError,
  JetError,
  type ModelCard,
  parseCard,
  parseRegressorCard,
  type RegressorCard,
} from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';
import type { Graph } from './model.js';

/** Key of the card in `metadata_props`. */
export const CARD_KEY = 'jetsdk.card';
/** Key of the card of a generator. */
export const GENERATOR_KEY = 'jetsdk.generator';

/** Key of the card of a regressor. */
export const REGRESSOR_KEY = 'jetsdk.regressor';

/** The card as it is written. @throws {JetError} BAD_ARGUMENT if it is not a card */
export function cardText(card: ModelCard): string {
  return canonicalJson(parseCard(card));
}

/**
 * @param json what `cardText` gives
 * @param where for messages
 * @throws {JetError} BAD_MODEL naming the key that is missing or wrong
 */
export function cardFromJson(json: string, where: string): ModelCard {
  return parsedCard(json, where, 'model', parseCard);
}

/** As `cardFromJson`, of a regressor. @throws {JetError} as `cardFromJson` */
export function regressorCardFromJson(json: string, where: string): RegressorCard {
  return parsedCard(json, where, 'model', parseRegressorCard);
}

/** @param what `model` or `generator`, for messages @throws {JetError} BAD_MODEL naming the key that is missing or wrong */
export function parsedCard<T>(json: string, where: string, what: string, parse: (value: unknown) => T): T {
  try {
    return parse(parseJson(json, 'card'));
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw new JetError('BAD_MODEL', `${where}: ${what} ${cause.message}; export the ${what} again`, cause.details, {
      cause,
    });
  }
}

/**
 * The card among the metadata of a model.
 *
 * @returns undefined where there is none
 * @throws {JetError} as `cardFromJson`
 */
export function cardOf(metadata: Readonly<Record<string, string>>, where = 'ONNX file'): ModelCard | undefined {
  return Object.hasOwn(metadata, CARD_KEY) ? cardFromJson(metadata[CARD_KEY], where) : undefined;
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
