/** @file For tests: a strict reader of what the pictures write, and numbers to draw. */

/** An XML element as the reader saw it. */
export interface Xml {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Xml | string)[];
}

const entity = /&(amp|lt|gt|quot|#39);/g;
const values: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decode(text: string): string {
  if (text.includes('<') || /&(?!(amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`not XML text: ${text}`);
  return text.replace(entity, (_, name: string) => values[name]);
}

/** Reads XML without declarations, comments or CDATA; whatever is not well-formed throws. */
export function readXml(text: string): Xml {
  const tag = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/y;
  const root: { name: string; attributes: Record<string, string>; children: (Xml | string)[] } = {
    name: '',
    attributes: {},
    children: [],
  };
  const open = [root];
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    if (next !== at) {
      open.at(-1)!.children.push(decode(text.slice(at, next < 0 ? text.length : next)));
      if (next < 0) break;
    }
    tag.lastIndex = next;
    const found = tag.exec(text);
    if (found === null) throw new Error(`not a tag at ${next}: ${text.slice(next, next + 60)}`);
    const [, closing, name, list, empty] = found;
    if (closing !== '') {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes another element`);
    } else {
      const attributes: Record<string, string> = {};
      for (const [, key, value] of list!.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        if (key! in attributes) throw new Error(`<${name}> has ${key} twice`);
        attributes[key!] = decode(value!);
      }
      const made = { name: name!, attributes, children: [] };
      open.at(-1)!.children.push(made);
      if (empty === '') open.push(made);
    }
    at = tag.lastIndex;
  }
  const [only, ...others] = root.children;
  if (open.length !== 1 || others.length > 0 || only === undefined || typeof only === 'string')
    throw new Error('expected one root element, closed');
  return only;
}

/** All elements of a name, in the order of the document. */
export function elements(xml: Xml, name: string): Xml[] {
  const found = xml.name === name ? [xml] : [];
  for (const child of xml.children) if (typeof child !== 'string') found.push(...elements(child, name));
  return found;
}

/** The text inside an element. */
export function textOf(xml: Xml): string {
  return xml.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

/** What the text elements of a picture say. */
export function labels(svg: string): string[] {
  return elements(readXml(svg), 'text').map(textOf);
}

/** A tagger whose curve is ε_B = ε_S to a power, with ε_B = 0 below a tenth. */
export function powerCurve(name: string, points: number, power: number) {
  const signalEfficiency = Float64Array.from({ length: points }, (_, i) => i / (points - 1));
  return {
    name,
    signalEfficiency,
    backgroundEfficiency: signalEfficiency.map((s) => (s < 0.1 ? 0 : s ** power)),
  };
}

/** A 6×4 image that is brightest in row 0, column 0. */
export const smallImage = {
  shape: [6, 4] as const,
  pixels: Float32Array.from({ length: 24 }, (_, i) => (i % 5 === 0 ? 100 / (i + 1) : 0)),
  title: 'small',
};

/** Scores of two classes, spread over (0, 1) without chance. */
export const twoClasses = [0.5, 2].map((power, k) => ({
  name: ['QCD', 'top'][k],
  values: Float64Array.from({ length: 200 }, (_, i) => ((i + 0.5) / 200) ** (1 / power)),
}));
