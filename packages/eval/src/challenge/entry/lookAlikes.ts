/** @file Names of groups that look alike without being the same. */
import { groupKey } from './entryName.js';

/**
 * Letters of other alphabets, signs and digits, and the Latin letter that they look like.
 *
 * @see https://www.unicode.org/reports/tr39/ whose table this is, without what decomposes to Latin letters anyway, and with
 *   small capitals and the digits that people mistake
 */
const LOOKS_LIKE = new Map(
  Object.entries({
    a: 'аαɑᴀ⍺ꭺᗅꓮ𖽀𐊠⍶',
    b: 'ьƅʙꮟᖯꞵβвᏼᗷꓐ𐊂𐊡𐌁ɓƃбƀҍѣ',
    c: 'сϲᴄςⲥꮯ𐐽🝌𑣲𑣩ꓚ𐊢𐌂𐔜¢ȼ₡ҫ',
    d: 'ԁᴅꮷᑯꓒꭰᗞᗪꓓɗɖƌđð₫',
    e: 'еҽᴇ℮ꬲ⋿εⴹꭼꓰ𑣆𑣎𐊆ɇҿ',
    f: 'ꜰꬵꞙẝք𝈓ϝᖴꓝ𑣂𐊇𐊥𐔥ƒᵮ',
    g: 'ɡցɢᶃƍԍꮐᏻꓖɠǥ',
    h: 'һհʜꮒⲏнꮋᕼꓧ𐋏ɦꚕᏺⱨңħћӊӈ',
    i: 'іιı1|lӏɪʟ⍳ɩꙇꭵ𑣃⍸ɨᵻᵼ∣⏽│𐌠𞣇ǀⲓⵏᛁꓲ𖼨𐊊𐌉𝈪ⳑꮮᒪꓡ𖼖𑣒𐑃𐔦łɭƚɫ',
    j: 'јϳᴊʝꭻᒍꓙɉ',
    k: 'кκᴋⲕꮶᛕꓗ𐔘ƙⱪқ₭ꝁҟ',
    m: 'мᴍμϻⲙꮇᗰᛖꓟ𐊰𐌑ӎ',
    n: 'пոηɴռⲛꓠ𐔓𐆎ɳƞɲᵰ',
    o: 'оοσօ0ᴏ०੦૦௦౦೦൦๐໐၀ᴑꬽⲟჿഠဝ𐓪𑣈𑣗𐐬০୦〇𑓐𑣠ⵔዐଠꓳ𑣕𐊒𐊫𐔖øꬾⵁɵꝋөѳꮎꮻ⊖⊝⍬𝈚🜔θⴱꭴတ',
    p: 'рρᴘ⍴ⲣꮲᑭꓑ𐊕ƥᵽ',
    q: 'ԛգզⵕʠ',
    r: 'ʀꭇꭈᴦⲅгꮁ𝈖ꭱꮢ𐓜ᖇꓣ𖼵ɽɼɍғᵲ',
    s: 'ѕꜱ5ƽꮪ𑣁𐑈տꮥꓢ𖼺𐊖ʂᵴ',
    t: 'тτᴛ⊤⟙🝨ⲧꭲꓔ𖼊𑣜𐊗𐊱𐌕ƭ⍡ⱦʈҭ₮ŧᵵ',
    u: 'υսцᴜꞟꭎꭒʋ𐓶𑣘∪⋃ሀᑌꓴ𖽂ᵾꮜʉ',
    v: 'νѵᴠ∨⋁𑜆ꮩ𑣀𝈍ⴸᐯꛟꓦ𖼈𐔝𐆗🜈',
    w: 'ԝшωᴡɯѡա𑜊𑜎𑜏ꮃ𑣯𑣦ꮤꓪѽ𑓅₩ꝡ',
    x: 'хχ×⤫⤬⨯ᕁᕽ᙭╳𐌢𑣬ꭓⲭⵝᚷꓫ𐊐𐊴𐌗𐔧⨰ҳ𐆖',
    y: 'уγүʏɣᶌỿꭚყⲩꭹꮍꓬ𖽃𑣄𐊲ƴɏұ¥',
    z: 'ᴢ2ꮓ𐋵𑣥ζꓜ𑣉ʐƶȥᵶ',
  }).flatMap(([letter, others]) => [...others].map((other) => [other, letter] as const)),
);

/** Letters side by side that look like one. */
const PAIRS: readonly (readonly [pair: RegExp, letter: string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
];

/** A name as it looks: names of one look may be mistaken for one another. */
export function lookOf(group: string): string {
  const plain = groupKey(group)
    .normalize('NFKD')
    .replace(/[\p{M}\p{P}\p{Sk}\u02b0-\u02ff]/gu, '');
  const latin = [...plain].map((letter) => LOOKS_LIKE.get(letter) ?? letter).join('');
  return PAIRS.reduce((text, [pair, letter]) => text.replace(pair, letter), latin);
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
