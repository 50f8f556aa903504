import { describe, expect, it } from 'vitest';
import { elements, readXml, textOf } from '../picture.testing.js';
import { plotDocument } from './document.js';
import { element, escapeText, plainText, richText, serialise, shorten, textWidth } from './svg.js';

const document = plotDocument();

describe('svg', () => {
  it('escapes text and attributes so that XML gives them back', () => {
    const hostile = `</text><script>alert("1")</script>&amp; '<`;
    const xml = readXml(
      serialise(element(document, 'svg', { class: hostile }, element(document, 'text', {}, hostile))),
    );
    expect(xml.attributes.class).toBe(hostile);
    expect(textOf(xml)).toBe(hostile);
    expect(elements(xml, 'script')).toEqual([]);
  });

  it('drops characters that XML forbids and keeps all others', () => {
    expect(escapeText('a\u0000b\u0008c\ud800d\tε𝛆')).toBe('abcd\tε𝛆');
  });

  it('writes attributes in the order of their names, whatever order they were set in', () => {
    const one = serialise(element(document, 'svg', { width: 1, height: 2, class: 'c' }));
    const two = serialise(element(document, 'svg', { class: 'c', height: 2, width: 1 }));
    expect(one).toBe(two);
  });

  it('leaves out undefined attributes and rounds numbers', () => {
    expect(readXml(serialise(element(document, 'svg', { x: 1 / 3, y: undefined }))).attributes).toEqual({
      xmlns: 'http://www.w3.org/2000/svg',
      x: '0.33',
    });
  });

  it('shortens text to a width and marks the cut', () => {
    expect(shorten('short', 500, 13)).toBe('short');
    const cut = shorten('a very long name of a tagger', 100, 13);
    expect(cut.endsWith('…')).toBe(true);
    expect(textWidth(cut, 13)).toBeLessThanOrEqual(100);
  });

  it('shortens text of any length at once, to as much as fits', () => {
    const started = performance.now();
    for (const text of ['x', '_{', 'i', '^{a}'].map((part) => part.repeat(500_000))) {
      const cut = shorten(text, 100, 13);
      expect(textWidth(cut, 13)).toBeLessThanOrEqual(100);
      expect(element(document, 'text', {}, text).textContent).toHaveLength(1000);
      expect(richText(document, text, {}).textContent!.length).toBeLessThanOrEqual(1000);
    }
    expect(performance.now() - started).toBeLessThan(2000);
    expect(textWidth(`${shorten('x'.repeat(5000), 100, 13)}x`, 13)).toBeGreaterThan(100);
  });

  it('lowers and raises parts of rich text and returns to the line after them', () => {
    const text = readXml(serialise(richText(document, 'a_{B}c^{2}', {})));
    const shifts = elements(text, 'tspan').map((tspan) => {
      const size =
        tspan.attributes['font-size'] === undefined ? 1 : Number.parseFloat(tspan.attributes['font-size']) / 100;
      return Number.parseFloat(tspan.attributes.dy!) * size;
    });
    expect(textOf(text)).toBe('aBc2');
    expect(shifts[0]).toBeGreaterThan(0);
    expect(shifts[0] + shifts[1]).toBeCloseTo(0, 1);
    expect(shifts[2]).toBeLessThan(0);
    expect(plainText('1/ε_{B}')).toBe('1/εB');
  });
});
