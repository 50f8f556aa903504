/** @file What the readers of several messages share. */
import { JetError } from '@jetsdk/jets';
import { ENTRY } from '../fields.js';
import { ELEMENT_TYPES, type ElementType } from '../model.js';
import { type FieldRule, type Reading, readMessage } from '../wire/reader.js';

const NAMES = new Map<number, ElementType>(
  (Object.keys(ELEMENT_TYPES) as ElementType[]).map((name) => [ELEMENT_TYPES[name].code, name]),
);

export class Rules {
  readonly reading: Reading;
  /** Texts for people: their form is checked, their content dropped. */
  readonly note: FieldRule = ['once', (field) => void field.string()];
  /** Annotations that change no result: likewise. */
  readonly annotation: FieldRule = ['many', (field) => void this.entry(field.bytes())];

  constructor(reading: Reading) {
    this.reading = reading;
  }

  /** A field whose presence is an error, if the reading is strict. */
  readonly refuse = (what: string): FieldRule => [
    'many',
    (field) => {
      if (this.reading === 'strict')
        throw new JetError('UNSUPPORTED', `${field.where}: ${what} not supported`, { what });
    },
  ];

  /** One StringStringEntryProto. */
  entry(bytes: Uint8Array): readonly [key: string, value: string] {
    let key = '';
    let value = '';
    readMessage(bytes, 'StringStringEntryProto', this.reading, {
      [ENTRY.key]: ['once', (field) => (key = field.string())],
      [ENTRY.value]: ['once', (field) => (value = field.string())],
    });
    return [key, value];
  }

  /** @throws {JetError} if strict, UNSUPPORTED on types whose numbers are no whole number of bytes each, or unknown */
  elementType(code: number, where: string): ElementType {
    const name = NAMES.get(code) ?? 'unknown';
    if (this.reading === 'strict' && !Number.isInteger(ELEMENT_TYPES[name].bytes || undefined))
      throw new JetError('UNSUPPORTED', `${where}: element type ${code} is not supported`, { code });
    return name;
  }
}
