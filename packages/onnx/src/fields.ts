/** @file What the readers of several messages share. */
import { JetError } from '@jetsdk/jets';
import { ELEMENT_TYPES, type ElementType } from './model.js';
import { type FieldRule, readMessage } from './wire.js';

export function bad(where: string, problem: string, details: Readonly<Record<string, unknown>> = {}): JetError {
  return new JetError('BAD_FILE', `${where}: ${problem}`, details);
}

/** A field whose presence is an error. */
export function refuse(what: string): FieldRule {
  return [
    'many',
    (field) => {
      throw new JetError('UNSUPPORTED', `${field.where}: ${what} not supported`, { what });
    },
  ];
}

/** Texts for people and annotations that change no result: their form is checked, their content dropped. */
export const NOTE: FieldRule = ['once', (field) => void field.string()];
export const ANNOTATION: FieldRule = ['many', (field) => void keyAndValue(field.bytes())];

/** One StringStringEntryProto. */
export function keyAndValue(bytes: Uint8Array): readonly [key: string, value: string] {
  let key = '';
  let value = '';
  readMessage(bytes, 'StringStringEntryProto', {
    1: ['once', (field) => (key = field.string())],
    2: ['once', (field) => (value = field.string())],
  });
  return [key, value];
}

/** @throws {JetError} UNSUPPORTED on a code that this package does not read */
export function elementType(code: number, where: string): ElementType {
  for (const name of Object.keys(ELEMENT_TYPES) as ElementType[]) if (ELEMENT_TYPES[name].code === code) return name;
  throw new JetError(
    'UNSUPPORTED',
    `${where}: element type ${code}; expected one of ${Object.values(ELEMENT_TYPES)
      .map((type) => type.code)
      .join(', ')}`,
    { code },
  );
}
