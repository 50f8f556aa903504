/** @file What callers in plain JavaScript get wrong; TypeScript would have told them. */
import { JetError } from './errors.js';
import { nearestName } from './nearestName.js';
import { quoted, shortText } from './quoted.js';

/** What an argument is, in words, for messages. */
export function argumentText(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value === '') return 'an empty text';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object') return `the ${typeof value} ${quoted(value)}`;
  if (isPromise(value)) return 'a promise';
  if (Array.isArray(value)) return `a list of ${value.length} entries`;
  const name = shortText(typeof value.constructor === 'function' ? value.constructor.name : '', 60);
  if (ArrayBuffer.isView(value) && 'length' in value) return `a ${name} of ${String(value.length)} numbers`;
  if (name !== 'Object' && name !== '') return `an object of class ${name}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object of ${shortText(keys.join(', '), 100)}`;
}

/** Whether an `await` was forgotten. */
export const isPromise = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/**
 * Checks that a caller's options are an object of known keys.
 *
 * @param where e.g. `loadTagger`
 * @throws {JetError} BAD_ARGUMENT naming the key that is not known, and the one it resembles most
 */
export function requireOptions(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || isPromise(options))
    throw new JetError(
      'BAD_ARGUMENT',
      `${where}: options are ${argumentText(options)}; expected an object of ${known.join(', ')}`,
    );
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new JetError(
        'BAD_ARGUMENT',
        `${where}: no option ${shortText(key, 60)}; expected ${known.join(', ')}; did you mean ${nearestName(key, known)}?`,
        { option: key },
      );
}

/**
 * Checks that an argument is an object that has some members, and nothing that is to become one.
 *
 * @param where e.g. `exportModel`
 * @param expected what it should be, and how to come by it
 * @throws {JetError} BAD_ARGUMENT
 */
export function requireMembers(where: string, value: unknown, members: readonly string[], expected: string): void {
  if (typeof value !== 'object' || value === null || members.some((member) => !(member in value)))
    refuse(where, value, expected);
}

/** Checks that an argument is a list. @throws {JetError} BAD_ARGUMENT */
export function requireList(where: string, value: unknown, expected: string): void {
  if (!Array.isArray(value)) refuse(where, value, expected);
}

/** Checks that an argument is a text, such as a path or a name. @throws {JetError} BAD_ARGUMENT */
export function requireText(where: string, value: unknown, expected: string): void {
  if (typeof value !== 'string' || value === '') refuse(where, value, expected);
}

/** Checks that an argument is bytes. @throws {JetError} BAD_ARGUMENT */
export function requireBytes(where: string, value: unknown, expected: string): void {
  if (!(value instanceof Uint8Array)) refuse(where, value, expected);
}

function refuse(where: string, value: unknown, expected: string): never {
  throw new JetError(
    'BAD_ARGUMENT',
    `${where}: got ${argumentText(value)}; expected ${expected}${isPromise(value) ? '; await it' : ''}`,
  );
}
