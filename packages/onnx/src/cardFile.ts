/** @file The model card inside an ONNX file. */
import type { ModelCard } from '@jetsdk/jets';
import { CARD_KEY, cardOf, cardText, checkCardPorts } from './card.js';
import { MODEL } from './fields.js';
import { skimModel } from './read/decodeModel.js';
import { Rules } from './read/rules.js';
import { readFields } from './wire/reader.js';
import { MessageWriter } from './wire/writer.js';
import { encodeEntry } from './write/encodeModel.js';

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
  const rules = new Rules('light');
  const out = new MessageWriter();
  readFields(bytes, 'ModelProto', 'light', (field) => {
    const isCard = field.number === MODEL.metadataProps && rules.entry(field.bytes())[0] === CARD_KEY;
    if (!isCard) out.raw(field.raw());
  });
  return out.message(MODEL.metadataProps, encodeEntry(CARD_KEY, cardText(card))).finish();
}
