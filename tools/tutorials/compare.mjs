// Whether a page is what its script makes: the same words, and figures that a training may repeat on another machine.
import { partsOf } from './page.mjs';

/** A training on another processor ends with other roundings: figures of one part in ten, or of this size, are the same. */
const RELATIVE = 0.1;
const ABSOLUTE = 0.02;

const NUMBER = /(?<![\w.])[−-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w])/g;
const numberOf = (text) => Number(text.replaceAll(',', '').replace('−', '-'));
const words = (text) => text.replaceAll(NUMBER, '#').replaceAll(/[─ ]+/g, ' ');

/** Columns of tables that tell how fast a machine was. */
const CLOCK = /^(s an epoch|jets\/s here|each took)$/;

/** The lines of a text without the columns of its tables that depend on the machine's speed. */
function linesOf(text) {
  let clocks = [];
  return text
    .trim()
    .split('\n')
    .map((line, i, lines) => {
      if (/^─[─ ]*$/.test(line)) {
        const columns = [...line.matchAll(/─+/g)].map(({ index, 0: { length } }) => [index, index + length]);
        clocks = columns.filter(([from, to]) => CLOCK.test(lines[i - 1].slice(from, to).trim()));
      } else if (line === '') clocks = [];
      return clocks.reduce((kept, [from, to]) => kept.slice(0, from).padEnd(to) + kept.slice(to), line);
    });
}

/** The first difference of two texts that is more than rounding; undefined where there is none. */
export function difference(expected, found) {
  const [a, b] = [expected, found].map(linesOf);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one = '', other = ''] = [a[i], b[i]];
    const figures = [one, other].map((line) => [...line.matchAll(NUMBER)].map(([text]) => numberOf(text)));
    const close = (x, k) => Math.abs(x - figures[1][k]) <= Math.max(ABSOLUTE, RELATIVE * Math.abs(x));
    if (words(one) !== words(other) || !figures[0].every(close)) return `expected: ${one}\nfound:    ${other}`;
  }
  return undefined;
}

/** What a picture says in words and figures. */
export const textOf = (svg) =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs)].map(([, text]) => text.replaceAll(/<[^>]*>/g, '')).join('\n');

/**
 * Figures of the prose that are in no output of the page. Quotations and links are others' figures, and whole numbers and
 * the numbers of code are not looked at.
 */
export function figuresWithoutSource(page) {
  const parts = partsOf(page);
  const said = parts.map(({ output = '' }) => output).join('\n');
  const prose = parts
    .flatMap(({ text = '' }) => text.split('\n'))
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .replaceAll(/`[^`]*`|\]\([^)]*\)/g, '');
  const known = new Set([...said.matchAll(NUMBER)].map(([text]) => text.replace(/^[−-]/, '')));
  return [...prose.matchAll(/(?<![\w.:/])\d+\.\d+(?!\w|\.\d)/g)]
    .map(([figure]) => figure)
    .filter((figure) => !known.has(figure));
}
