import { describe, expect, it } from 'vitest';
import { isJetError } from './errors.js';
import { count, finite, listOf, object, oneOf, optional, type Place, parseJson, text } from './json.js';

const place: Place = { where: 'thing', code: 'BAD_FILE' };
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (isJetError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no error';
};
const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

describe('object', () => {
  const check = object({ name: text, size: optional(count), kind: oneOf('a', 'b'), list: listOf(finite) });

  it('gives what it checked, without what is absent', () => {
    const value = check({ name: 'x', kind: 'a', list: [1, 2.5] }, place);
    const { name, size }: { readonly name: string; readonly size?: number } = value;
    expect([name, size, value]).toEqual(['x', undefined, { name: 'x', kind: 'a', list: [1, 2.5] }]);
  });

  it('names the place, what is there and what is expected', () => {
    expect(message(() => check({ name: 'x', kind: 'c', list: [] }, place))).toBe(
      'BAD_FILE thing.kind: got "c"; expected a or b',
    );
    expect(message(() => check({ name: 'x', kind: 'a', list: [1, null] }, place))).toBe(
      'BAD_FILE thing.list[1]: got null; expected a finite number',
    );
    expect(message(() => check({ kind: 'a', list: [] }, place))).toBe(
      'BAD_FILE thing.name: got undefined; expected a text',
    );
  });

  it('refuses, keeps or drops other keys', () => {
    const value = { name: 'x', nmae: 1 };
    expect(message(() => object({ name: text, kind: optional(text) })(value, place))).toBe(
      'BAD_FILE thing.nmae: got 1; expected only the keys name, kind; did you mean name?',
    );
    expect(object({ name: text }, 'kept')(value, place)).toEqual(value);
    expect(object({ name: text }, 'dropped')(value, place)).toEqual({ name: 'x' });
  });

  it('takes nothing from the prototype', () => {
    expect(message(() => object({ constructor: text })({}, place))).toContain('got undefined');
  });
});

describe('parseJson', () => {
  it('refuses what is nested deeper than 64 levels, whatever the depth', () => {
    expect(parseJson(deep(64), 'x')).toBeDefined();
    for (const levels of [65, 100_000])
      expect(message(() => parseJson(deep(levels), 'x'))).toBe(
        'BAD_FILE x: nested more than 64 levels deep; expected a flatter value',
      );
  });

  it('says that a text is no JSON, in a short message', () => {
    expect(message(() => parseJson('{'.repeat(100_000), 'x.json', 'BAD_MODEL')).length).toBeLessThan(150);
  });
});
