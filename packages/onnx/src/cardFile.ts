/** @file The model card inside an ONNX file. */
import { canonicalJson, type ModelCard, parseRegressorCard, type RegressorCard } from '@jetsdk/jets';
import { CARD_KEY, cardOf, cardText, checkCardPorts, REGRESSOR_KEY, regressorCardFromJson } from './card.js';
import { skimModel } from './read/decodeModel.js';
import { withMetadata } from './write/withMetadata.js';

/**
 * The card of an ONNX file.
 *
 * @returns undefined where the file has none
 * @throws {JetError} BAD_MODEL if the bytes are no ONNX file, or what lies there is not a card
 */
export function readCard(bytes: Uint8Array, where?: string): ModelCard | undefined {
  return cardOf(skimModel(bytes).metadata, where);
}

/**
 * The same file with this card instead of any it has; everything else stays byte for byte.
 *
 * @param bytes an ONNX file; not modified
 * @throws {JetError} BAD_ARGUMENT if it is not a card or describes another model; BAD_MODEL if the bytes are no ONNX file
 */
export function withCard(bytes: Uint8Array, card: ModelCard): Uint8Array {
  checkCardPorts(card, skimModel(bytes).graph);
  return withMetadata(bytes, CARD_KEY, cardText(card));
}

/**
 * The card of a regressor's file.
 *
 * @returns undefined where the file has none
 * @throws {JetError} BAD_MODEL if the bytes are no ONNX file, or what lies there is not a card
 */
export function readRegressorCard(bytes: Uint8Array, where = 'ONNX file'): RegressorCard | undefined {
  const { metadata } = skimModel(bytes);
  return Object.hasOwn(metadata, REGRESSOR_KEY) ? regressorCardFromJson(metadata[REGRESSOR_KEY], where) : undefined;
}

/**
 * As `withCard`, of a regressor.
 *
 * @throws {JetError} BAD_ARGUMENT if it is not a card; BAD_MODEL if the bytes are no ONNX file
 */
export function withRegressorCard(bytes: Uint8Array, card: RegressorCard): Uint8Array {
  return withMetadata(bytes, REGRESSOR_KEY, canonicalJson(parseRegressorCard(card)));
}
