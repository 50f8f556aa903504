/** @file The model card inside the ONNX file: written as canonical JSON, read strictly. */
import { canonicalJson, JetError, type ModelCard, parseCard } from '@jetsdk/jets';
import { CARD_KEY, cardFromJson } from './cardJson.js';
import { decodeModel } from './decode.js';
import { encodeModel } from './encode.js';
import type { Graph } from './model.js';

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
 * @throws {JetError} BAD_MODEL if what lies there is not a card; what `decodeModel` throws
 */
export function readCard(bytes: Uint8Array): ModelCard | undefined {
  return cardOf(decodeModel(bytes).metadata);
}

/** The card among the metadata of a decoded model; see `readCard`. */
export function cardOf(metadata: Readonly<Record<string, string>>): ModelCard | undefined {
  if (!Object.hasOwn(metadata, CARD_KEY)) return undefined;
  return cardFromJson(metadata[CARD_KEY], 'ONNX file');
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
