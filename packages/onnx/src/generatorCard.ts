/** @file The card of a generator as it stands in a file. */
import { canonicalJson, type GeneratorCard, parseGeneratorCard } from '@jetsdk/jets';
import { GENERATOR_KEY, parsedCard } from './card.js';
import { skimModel } from './read/decodeModel.js';
import { withMetadata } from './write/withMetadata.js';

/** The card as it is written. @throws {JetError} BAD_ARGUMENT if it is not a generator's card */
export function generatorCardText(card: GeneratorCard): string {
  return canonicalJson(parseGeneratorCard(card));
}

/**
 * @param where for messages
 * @throws {JetError} BAD_MODEL naming the key that is missing or wrong
 */
export function generatorCardFromJson(json: string, where: string): GeneratorCard {
  return parsedCard(json, where, 'generator', parseGeneratorCard);
}

/**
 * The card of a generator's file; undefined where the file is none.
 *
 * @throws {JetError} BAD_MODEL if the bytes are no ONNX file, or what lies there is not a card
 */
export function readGeneratorCard(bytes: Uint8Array, where = 'ONNX file'): GeneratorCard | undefined {
  const { metadata } = skimModel(bytes);
  return Object.hasOwn(metadata, GENERATOR_KEY) ? generatorCardFromJson(metadata[GENERATOR_KEY], where) : undefined;
}

/**
 * The same file with this card instead of any it has; everything else stays byte for byte.
 *
 * @param bytes an ONNX file; not modified
 * @throws {JetError} BAD_ARGUMENT if it is not a card; BAD_MODEL if the bytes are no ONNX file
 */
export function withGeneratorCard(bytes: Uint8Array, card: GeneratorCard): Uint8Array {
  return withMetadata(bytes, GENERATOR_KEY, generatorCardText(card));
}
