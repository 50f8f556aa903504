import { expect, it } from 'vitest';
import { quoted, shortText } from './quoted.js';

it('a value is quoted as JSON where it is short', () => {
  expect(quoted({ a: [1, 'x', null], b: true })).toBe('{"a":[1,"x",null],"b":true}');
  expect(quoted(undefined)).toBe('undefined');
  expect(quoted(Number.NaN)).toBe('NaN');
});

it('a value of any size and depth takes 200 characters', () => {
  let nested: unknown = 1;
  for (let i = 0; i < 100_000; i++) nested = [nested];
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i]));
  for (const value of [nested, wide, 'x'.repeat(10 ** 7), { ['k'.repeat(10 ** 6)]: 1 }])
    expect(quoted(value).length).toBeLessThanOrEqual(200);
});

it('what a terminal would obey is replaced', () => {
  expect(shortText('a\u001b[2Jb\u202ec\nd')).toBe('a\uFFFD[2Jb\uFFFDc d');
});
