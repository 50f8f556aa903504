/** @file Writing HTML by hand, all text escaped. */
import { escapeText, markup } from '../parts/svg.js';

/** HTML that is already safe. */
export interface Html {
  readonly html: string;
}

/** Marks a string as HTML; only for what this package wrote itself. */
export const raw = (html: string): Html => ({ html });

/** No line ends between a number and its percent sign. */
const unbroken = (text: string): string => text.replaceAll(/(\d) %/g, '$1\u00a0%');

type Part = Html | string | number | undefined | readonly (Html | string)[];

const write = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeText(unbroken(part));
  if (typeof part === 'number') return String(part);
  if ('html' in part) return part.html;
  return part.map(write).join('');
};

/** Template tag: every value is escaped unless it is `Html`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return raw(strings.reduce((all, string, i) => all + write(parts[i - 1]) + string));
}

/** Text whose `_{…}` and `^{…}` become `<sub>` and `<sup>`, as does the index of a plain ε_S or ε_B. */
export function richHtml(text: string): Html {
  return raw(
    markup(unbroken(text).replace(/ε_([SB])\b/g, 'ε_{$1}'))
      .map(({ text: part, shift }) => {
        const safe = escapeText(part);
        return shift === '_' ? `<sub>${safe}</sub>` : shift === '^' ? `<sup>${safe}</sup>` : safe;
      })
      .join(''),
  );
}
