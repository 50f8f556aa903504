import { MODEL } from '../fields.js';
import { Rules } from '../read/rules.js';
import { readFields } from '../wire/reader.js';
import { MessageWriter } from '../wire/writer.js';
import { encodeEntry } from './encodeModel.js';

/** The same file with this text under a key instead of any it has; everything else stays byte for byte. */
export function withMetadata(bytes: Uint8Array, key: string, text: string): Uint8Array {
  const rules = new Rules('light');
  const out = new MessageWriter();
  readFields(bytes, 'ModelProto', 'light', (field) => {
    const isCard = field.number === MODEL.metadataProps && rules.entry(field.bytes())[0] === key;
    if (!isCard) out.raw(field.raw());
  });
  return out.message(MODEL.metadataProps, encodeEntry(key, text)).finish();
}
