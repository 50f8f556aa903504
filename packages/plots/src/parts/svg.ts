/** @file Making SVG elements and writing them down as XML. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const namespace = 'http://www.w3.org/2000/svg';

/** Rounded to a hundredth of a pixel. */
export function px(value: number): number {
  return Math.round(value * 100) / 100;
}

/** An SVG element; numbers are rounded, undefined attributes left out. */
export function element(
  document: Document,
  name: string,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElement {
  const made: SVGElement = document.createElementNS(namespace, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(key, String(typeof value === 'number' ? px(value) : value));
  for (const child of children)
    made.appendChild(typeof child === 'string' ? document.createTextNode(cut(child)) : child);
  return made;
}

/** Characters of one text in a picture; what is longer, no picture has room for. */
const LONGEST = 1000;

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** Text in which `_{…}` is lowered and `^{…}` raised, in parts. */
export function markup(text: string): { text: string; shift: '' | '_' | '^' }[] {
  return cut(text)
    .split(/([_^]\{[^}]*\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const shifted = /^([_^])\{(.*)\}$/.exec(part);
      return shifted === null ? { text: part, shift: '' } : { text: shifted[2], shift: shifted[1] as '_' | '^' };
    });
}

/** The same text as one reads it aloud, for titles. */
export function plainText(text: string): string {
  return markup(text)
    .map((part) => part.text)
    .join('');
}

/** A text element whose `_{…}` and `^{…}` are set as sub- and superscripts. */
export function richText(document: Document, text: string, attributes: Attributes): SVGElement {
  const made = element(document, 'text', attributes);
  let level = 0;
  for (const { text: part, shift } of markup(text)) {
    const wanted = shift === '_' ? 0.25 : shift === '^' ? -0.42 : 0;
    const size = shift === '' ? 1 : 0.72;
    const dy = wanted - level;
    level = wanted;
    made.appendChild(
      size === 1 && dy === 0
        ? document.createTextNode(part)
        : element(
            document,
            'tspan',
            // dy is in units of the tspan's own font size
            { dy: `${px(dy / size)}em`, 'font-size': size === 1 ? undefined : `${size * 100}%` },
            part,
          ),
    );
  }
  return made;
}

const narrow = /[ iljtfrI.,:;|!'()[\]·]/;
const wide = /[mwMW@%—]/;

/** Width of a text in pixels as most sans-serif faces set it; on the generous side. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const { text: part, shift } of markup(text))
    for (const character of part)
      ems += (narrow.test(character) ? 0.34 : wide.test(character) ? 0.92 : 0.62) * (shift === '' ? 1 : 0.72);
  return ems * size;
}

/** A text cut so that it is at most `width` wide, with … where something is missing. */
export function shorten(text: string, width: number, size: number): string {
  if (text.length <= LONGEST && textWidth(text, size) <= width) return text;
  const characters = [...text.slice(0, LONGEST)];
  const first = (count: number): string => `${characters.slice(0, count).join('').trimEnd()}…`;
  let fitting = 1;
  for (let over = characters.length; over - fitting > 1; ) {
    const middle = (fitting + over) >> 1;
    if (textWidth(first(middle), size) <= width) fitting = middle;
    else over = middle;
  }
  return first(fitting);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe inside XML and HTML, in elements and in quoted attributes; characters that XML forbids are dropped. */
export function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => escapes[character]);
}

function write(node: Node): string {
  if (node.nodeType === 3) return escapeText(node.nodeValue ?? '');
  const tag = node as Element;
  const attributes = Array.from(tag.attributes, ({ name, value }): [string, string] => [name, value])
    .filter(([name]) => !name.startsWith('xmlns') && !name.startsWith('aria-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` ${name}="${escapeText(value)}"`)
    .join('');
  const inner = Array.from(tag.childNodes, write).join('');
  return inner === ''
    ? `<${tag.localName}${attributes}/>`
    : `<${tag.localName}${attributes}>${inner}</${tag.localName}>`;
}

/** The element as XML: the same string from every DOM, attributes in the order of their names. */
export function serialise(svg: SVGElement): string {
  return write(svg).replace('<svg', `<svg xmlns="${namespace}"`);
}
