import { describe, expect, it } from 'vitest';
import type { PlotOptions } from '../parts/style.js';
import { readXml, twoClasses } from '../picture.testing.js';
import { histogram } from '../pictures/histogram.js';
import { type BookPicture, type PictureBook, pictureBook } from './pictureBook.js';

const picture = (name: string, wide = false): BookPicture => ({
  name,
  caption: `${name} in p_{T}`,
  wide,
  draw: (options) => histogram(twoClasses, options),
});

const book: PictureBook = {
  title: 'Jets',
  summary: 'Two classes.',
  sections: [
    {
      id: 'first',
      heading: 'First',
      text: 'All of it.',
      pictures: [picture('one'), picture('two'), picture('broad-one', true), picture('three')],
    },
    {
      id: 'second',
      heading: 'Second',
      tables: [{ label: 'Masses', head: ['Step', 'm'], rows: [['centred', '173.2']], note: 'in GeV' }],
    },
  ],
  facts: [{ label: 'File', value: 'test.h5' }],
  command: 'jetsdk data pictures test.h5',
};

const text = pictureBook(book);

describe('pictureBook', () => {
  it('is one well-formed page with its sections, how it was made, and nothing from elsewhere', () => {
    for (const id of ['first', 'second', 'made']) expect(text).toContain(`<section id="${id}"`);
    expect(text).not.toMatch(/<script|<link|<img|@import|url\(|\ssrc=/);
    const body = text.replace('<!doctype html>\n', '').replace(/<meta [^>]*>/g, '');
    expect(readXml(body.trim()).name).toBe('html');
    expect(pictureBook(book)).toBe(text);
  });

  it('draws with the theme of the reader, wide pictures in rows of their own that scroll', () => {
    const seen: PlotOptions[] = [];
    const draw = (options: PlotOptions): string => {
      seen.push(options);
      return '<svg/>';
    };
    pictureBook({ title: 'Jets', sections: [{ id: 'a', heading: 'A', pictures: [{ ...picture('x'), draw }] }] });
    expect(seen).toEqual([{}]);
    expect(text.match(/<div class="figures ">/g)).toHaveLength(2);
    expect(text.match(/<div class="figures one">/g)).toHaveLength(1);
    expect(text).toContain('aria-label="broad one"');
  });

  it('writes tables with the name of each row as its header', () => {
    expect(text).toContain('<th scope="row">centred</th><td><span class="of" aria-hidden="true">m</span> 173.2</td>');
    expect(text).toContain('<figcaption>in GeV</figcaption>');
  });

  it('escapes every text, and sets indices', () => {
    const hostile = '<script>alert("x")</script>&';
    const written = pictureBook({
      title: hostile,
      summary: hostile,
      sections: [
        {
          id: 'a',
          heading: hostile,
          text: hostile,
          pictures: [{ ...picture('x'), name: hostile, caption: hostile, wide: true }],
          tables: [{ label: hostile, head: [hostile], rows: [[hostile]], note: hostile }],
        },
      ],
      facts: [{ label: hostile, value: hostile }],
      command: hostile,
    });
    expect(written).not.toContain('<script');
    expect(text).toContain('one in p<sub>T</sub>');
  });

  it.each([
    ['BAD_ARGUMENT', { ...book, title: ' ' }],
    [
      'SHAPE_MISMATCH',
      { ...book, sections: [{ id: 'a', heading: 'A', tables: [{ label: 't', head: ['a', 'b'], rows: [['1']] }] }] },
    ],
  ])('throws %s for what cannot be shown', (code, broken) => {
    expect(() => pictureBook(broken)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});
