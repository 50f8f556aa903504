/** @file JSON from outside, checked: what is not understood is an error that says where it stands. */
import { JetError, type JetErrorCode } from './errors.js';
import { requireMemory } from './memoryBudget.js';
import { nearestName } from './nearestName.js';
import { quoted, shortText } from './quoted.js';

/** Levels that a JSON value may have. */
export const MAX_JSON_DEPTH = 64;

/** Where a value stands, and the code of the error if it is wrong. */
export interface Place {
  /** e.g. `card.input.shape[1]` */
  readonly where: string;
  readonly code: JetErrorCode;
}

/**
 * Says what a value is, or throws.
 *
 * @throws {JetError} of the place's code
 */
export type Check<T> = (value: unknown, at: Place) => T;

/** The type that a check gives. */
export type Checked<C> = C extends Check<infer T> ? T : never;

/** @throws {JetError} `where: got …; expected …` */
export function refuse({ where, code }: Place, got: unknown, expected: string): never {
  throw new JetError(code, `${where}: got ${quoted(got)}; expected ${expected}`, { where });
}

/** A check by a predicate. @param expected what the value should be, for the message */
export function satisfies<T>(expected: string, is: (value: unknown) => value is T): Check<T> {
  return (value, at) => (is(value) ? value : refuse(at, value, expected));
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = satisfies('a text', (value) => typeof value === 'string');
/** A text of 1 to 200 characters. */
export const name = satisfies(
  'a text of 1 to 200 characters',
  (value): value is string => typeof value === 'string' && value.length >= 1 && value.length <= 200,
);
export const flag = satisfies('true or false', (value) => typeof value === 'boolean');
export const finite = satisfies(
  'a finite number',
  (value): value is number => typeof value === 'number' && Number.isFinite(value),
);
export const positive = satisfies(
  'a number above 0',
  (value): value is number => typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY,
);
/** A whole number of at least 0. */
export const count = whole(0);
/** SHA-256 as 64 hexadecimal digits. */
export const sha256 = satisfies(
  'a SHA-256 of 64 hexadecimal digits',
  (value): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
);

/** A whole number of a range. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Check<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return satisfies(
    `a whole number ${range}`,
    (value): value is number => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

/** One of some texts. */
export function oneOf<const T extends string>(...values: readonly T[]): Check<T> {
  const expected = values.length <= 2 ? values.join(' or ') : `one of ${values.join(', ')}`;
  return satisfies(expected, (value): value is T => values.some((one) => one === value));
}

/** A list of values that each pass a check. */
export function listOf<T>(check: Check<T>, least = 0, most = Number.POSITIVE_INFINITY): Check<readonly T[]> {
  const size =
    most < Number.POSITIVE_INFINITY
      ? ` of ${least} to ${most} entries`
      : (['', ' that is not empty'][least] ?? ` of at least ${least} entries`);
  return (value, at) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) refuse(at, value, `a list${size}`);
    return value.map((item: unknown, i) => check(item, { ...at, where: `${at.where}[${i}]` }));
  };
}

/** A check and a condition on what it gives. @param expected for the message */
export function suchThat<T>(check: Check<T>, expected: string, holds: (value: T) => boolean): Check<T> {
  return (value, at) => {
    const checked = check(value, at);
    return holds(checked) ? checked : refuse(at, value, expected);
  };
}

/** A list of some texts, at least one and none twice. */
export function someOf<const T extends string>(...values: readonly T[]): Check<readonly T[]> {
  return suchThat(listOf(oneOf(...values), 1), 'no entry twice', (list) => new Set(list).size === list.length);
}

/** Two numbers that each pass a check, the second above the first. */
export function rising(check: Check<number>): Check<readonly [number, number]> {
  const two = listOf(check, 2, 2);
  return (value, at) => {
    const [low, high] = two(value, at);
    return low < high ? [low, high] : refuse(at, value, 'two numbers, rising');
  };
}

const OPTIONAL = Symbol('optional');

/** The check of a key that may be absent. */
export interface OptionalCheck<T> extends Check<T> {
  readonly [OPTIONAL]: true;
}

/** A key that may be absent. */
export function optional<T>(check: Check<T>): OptionalCheck<T> {
  return Object.assign((value: unknown, at: Place) => check(value, at), { [OPTIONAL]: true } as const);
}

/** A key that may be absent, or null, which then is the same. */
export function orNull<T>(check: Check<T>): OptionalCheck<T | undefined> {
  return optional((value, at) => (value === null ? undefined : check(value, at)));
}

type Fields = Readonly<Record<string, Check<unknown>>>;
type OptionalKey<F> = { [K in keyof F]: F[K] extends { readonly [OPTIONAL]: true } ? K : never }[keyof F];

/** What `object` gives for its fields. */
export type ObjectOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKey<F>>]: Checked<F[K]>;
} & { readonly [K in OptionalKey<F>]?: Checked<F[K]> };

/**
 * An object with some keys.
 *
 * @param others what becomes of keys that are not among `fields`: refused, kept as they are, or left out
 */
export function object<const F extends Fields>(
  fields: F,
  others: 'refused' | 'kept' | 'dropped' = 'refused',
): Check<ObjectOf<F>> {
  return (value, at) => {
    if (!isObject(value)) refuse(at, value, 'an object');
    const checked: Record<string, unknown> = others === 'kept' ? { ...value } : {};
    if (others === 'refused')
      for (const key of Object.keys(value))
        if (!Object.hasOwn(fields, key)) refuse(placeOf(at, key), value[key], onlyKeys(Object.keys(fields), key));
    for (const [key, check] of Object.entries(fields)) {
      const item = Object.hasOwn(value, key) ? value[key] : undefined;
      if (item === undefined && OPTIONAL in check) continue;
      checked[key] = check(item, placeOf(at, key));
    }
    return checked as ObjectOf<F>;
  };
}

/** An object whose values, of any keys, each pass a check. */
export function recordOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, at) => {
    if (!isObject(value)) refuse(at, value, 'an object');
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, check(item, placeOf(at, key))]));
  };
}

function onlyKeys(keys: readonly string[], key: string): string {
  const near = nearestName(key, keys);
  return `only the keys ${keys.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** The place of a key of a value. */
export function placeOf({ where, code }: Place, key: string): Place {
  return { code, where: `${where}.${shortText(key, 60)}` };
}

/**
 * Reads JSON of at most 64 levels.
 *
 * @param where for messages
 * @param code of the errors
 * @throws {JetError} of that code if it is no JSON or nested deeper; LIMIT_EXCEEDED above a 64th of the budget of memory
 */
export function parseJson(source: string | Uint8Array, where: string, code: JetErrorCode = 'BAD_FILE'): unknown {
  requireMemory('json', source.length, `${where}: its texts`, 'shorten it');
  const json = typeof source === 'string' ? source : new TextDecoder().decode(source);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new JetError(code, `${where}: not JSON, got ${quoted(json.slice(0, 60))}`, { where }, { cause });
  }
  requireDepth(value, { where, code });
  return value;
}

/** @throws {JetError} if a value that was JSON is nested deeper than 64 levels */
export function requireDepth(value: unknown, { where, code }: Place): void {
  if (isTooDeep(value))
    throw new JetError(code, `${where}: nested more than ${MAX_JSON_DEPTH} levels deep; expected a flatter value`, {
      where,
    });
}

/** Whether a value that was JSON is nested deeper than some levels. */
export function isTooDeep(value: unknown, levels = MAX_JSON_DEPTH): boolean {
  if (levels < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  const children: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return children.some((child) => isTooDeep(child, levels - 1));
}
