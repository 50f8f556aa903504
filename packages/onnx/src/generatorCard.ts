/** @file The card of a generator as it stands in a file. */
import { canonicalJson, type GeneratorCard, isJetError, JetError, parseGeneratorCard } from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';
import { GENERATOR_KEY } from './card.js';
import { MODEL } from './fields.js';
import { skimModel } from './read/decodeModel.js';
import { Rules } from './read/rules.js';
import { readFields } from './wire/reader.js';
import { MessageWriter } from './wire/writer.js';
import { encodeEntry } from './write/encodeModel.js';

/** The card as it is written. @throws {JetError} BAD_ARGUMENT if it is not a generator's card */
export function generatorCardText(card: GeneratorCard): string {
  return canonicalJson(parseGeneratorCard(card));
}

/**
 * @param where for messages
 * @throws {JetError} BAD_MODEL naming the key that is missing or wrong
 */
export function generatorCardFromJson(json: string, where: string): GeneratorCard {
  try {
    return parseGeneratorCard(parseJson(json, 'card'));
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw new JetError('BAD_MODEL', `${where}: generator ${cause.message}; export it again`, cause.details, { cause });
  }
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
  const rules = new Rules('light');
  const out = new MessageWriter();
  readFields(bytes, 'ModelProto', 'light', (field) => {
    const isCard = field.number === MODEL.metadataProps && rules.entry(field.bytes())[0] === GENERATOR_KEY;
    if (!isCard) out.raw(field.raw());
  });
  return out.message(MODEL.metadataProps, encodeEntry(GENERATOR_KEY, generatorCardText(card))).finish();
}
