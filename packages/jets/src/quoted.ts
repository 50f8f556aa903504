/** @file Values from outside as they stand in messages, labels and pictures: short, and safe for a terminal. */

/** Characters of a value that a message shows. */
export const QUOTED_LENGTH = 200;

/** Levels of a value that a message shows. */
const QUOTED_DEPTH = 4;

/**
 * A text of at most `length` characters without control characters, which a terminal would obey.
 *
 * @returns what was cut stands as one `…`
 */
export function shortText(text: string, length = QUOTED_LENGTH): string {
  const part = text.length > length ? `${text.slice(0, length - 1)}…` : text;
  return part.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) =>
    character === '\n' || character === '\t' ? ' ' : '\uFFFD',
  );
}

/** A value as JSON, of at most 200 characters whatever its size and depth. */
export function quoted(value: unknown): string {
  return shortText(print(value, QUOTED_DEPTH));
}

function print(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, QUOTED_LENGTH));
  if (typeof value !== 'object' || value === null) return String(value);
  const list = Array.isArray(value);
  if (depth === 0) return list ? '[…]' : '{…}';
  const parts: string[] = [];
  let room = QUOTED_LENGTH;
  for (const key in value) {
    const item = print(Reflect.get(value, key), depth - 1);
    parts.push(list ? item : `${JSON.stringify(key.slice(0, QUOTED_LENGTH))}:${item}`);
    room -= parts.at(-1)?.length ?? 0;
    if (room <= 0) break;
  }
  return list ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}
