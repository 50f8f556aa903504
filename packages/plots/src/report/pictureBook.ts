/** @file One self-contained HTML page of pictures and tables. */
import { checkLength, checkSome } from '../parts/check.js';
import type { PlotOptions } from '../parts/style.js';
import { type Html, html, richHtml } from './html.js';
import { figure, figures, type Making, madeSection, page, type Section } from './page.js';
import { table } from './tables.js';

/** A picture that is drawn where it is needed: in a page that follows the reader's theme, or as a file. */
export interface BookPicture {
  /** short, unique in the book, fit for a file name: `mean-images` */
  readonly name: string;
  readonly caption: string;
  /** keeps its size and scrolls sideways where the page is narrow, in a row of its own; default false */
  readonly wide?: boolean;
  /** @returns SVG, as the pictures of this package write it */
  draw(options: PlotOptions): string;
}

/** Text in columns; the first column names the row. */
export interface BookTable {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** below the table */
  readonly note?: string;
}

export interface BookSection {
  /** short, unique in the book; links lead there */
  readonly id: string;
  readonly heading: string;
  /** under the heading */
  readonly text?: string;
  readonly pictures?: readonly BookPicture[];
  readonly tables?: readonly BookTable[];
}

/** What a picture book shows. Text may hold anything, it is escaped; `_{…}` makes a subscript. */
export interface PictureBook extends Making {
  readonly title: string;
  readonly summary?: string;
  readonly sections: readonly BookSection[];
}

/**
 * Writes pictures and tables as one HTML file with everything inside, no script, nothing from the net.
 *
 * @param book not modified
 * @returns HTML
 * @throws {JetError} as the pictures do; BAD_ARGUMENT without a title; SHAPE_MISMATCH for a row longer or shorter than
 *   the head of its table
 */
export function pictureBook(book: PictureBook, options: Pick<PlotOptions, 'document'> = {}): string {
  checkSome('pictureBook', 'letters of the title', book.title.trim().length);
  const made = madeSection(book);
  const sections = book.sections.map((section) => sectionOf(section, options));
  return page({ ...book, sections: made === undefined ? sections : [...sections, made] });
}

function sectionOf(
  { id, heading, text, pictures = [], tables = [] }: BookSection,
  options: Pick<PlotOptions, 'document'>,
): Section {
  const rows: { wide: boolean; drawn: Html[] }[] = [];
  for (const { draw, caption, name, wide = false } of pictures) {
    const drawn = figure(draw(options), caption, wide ? name.replaceAll('-', ' ') : undefined);
    const last = rows.at(-1);
    if (last === undefined || last.wide || wide) rows.push({ wide, drawn: [drawn] });
    else last.drawn.push(drawn);
  }
  return {
    id,
    heading,
    body: html`${text === undefined ? undefined : html`<p>${richHtml(text)}</p>`}${rows.map(({ wide, drawn }) =>
      figures(drawn, wide ? 'one' : ''),
    )}${tables.map(tableOf)}`,
  };
}

function tableOf({ label, head, rows, note }: BookTable): Html {
  for (const row of rows) checkLength('pictureBook', `a row of ${label}`, row.length, head.length);
  return html`<h3>${richHtml(label)}</h3>${table(
    label,
    head.map((cell) => ({ title: richHtml(cell) })),
    rows.map((cells) => cells.map(richHtml)),
    html`${note === undefined ? undefined : richHtml(note)}`,
  )}`;
}
