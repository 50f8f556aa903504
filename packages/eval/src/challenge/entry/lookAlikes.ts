/** @file Names of groups that look alike without being the same. */
import { groupKey } from './entryName.js';

/** Letters of other alphabets and digits, and the Latin letter that they look like. */
const LOOKS_LIKE = new Map(
  Object.entries({
    a: 'аαɑ',
    b: 'ьƅ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еҽ',
    g: 'ɡց',
    h: 'һհ',
    i: 'іιı1|lӏ',
    j: 'јϳ',
    k: 'кκ',
    m: 'м',
    n: 'пոη',
    o: 'оοσօ0',
    p: 'рρ',
    q: 'ԛ',
    s: 'ѕꜱ5',
    t: 'тτ',
    u: 'υսц',
    v: 'νѵ',
    w: 'ԝшω',
    x: 'хχ×',
    y: 'уγү',
    z: 'ᴢ2',
  }).flatMap(([letter, others]) => [...others].map((other) => [other, letter] as const)),
);

/** A name as it looks: names of one look may be mistaken for one another. */
export function lookOf(group: string): string {
  const plain = groupKey(group)
    .normalize('NFKD')
    .replace(/\p{M}|[-_.]/gu, '');
  return [...plain].map((letter) => LOOKS_LIKE.get(letter) ?? letter).join('');
}

/**
 * For each group that looks like another one, the names of the others.
 *
 * @param groups names as they were sent
 */
export function lookAlikes(groups: readonly string[]): Map<string, readonly string[]> {
  const byLook = new Map<string, Map<string, string>>();
  for (const group of groups) {
    const look = lookOf(group);
    byLook.set(look, (byLook.get(look) ?? new Map()).set(groupKey(group), group));
  }
  const found = new Map<string, readonly string[]>();
  for (const same of byLook.values())
    if (same.size > 1)
      for (const key of same.keys())
        found.set(
          key,
          [...same].filter(([other]) => other !== key).map(([, name]) => name),
        );
  return found;
}
