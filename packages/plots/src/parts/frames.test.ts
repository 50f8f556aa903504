import { describe, expect, it } from 'vitest';
import { elements, readXml, smallImage, twoClasses, type Xml } from '../picture.testing.js';
import { histogram } from '../pictures/histogram.js';
import { jetImageGrid } from '../pictures/jetImage.js';
import { scoreDistribution } from '../pictures/scoreDistribution.js';
import { framesOf } from './frames.js';

/** Frames as they are drawn: a path that begins with a closed rectangle, in a panel at its place on the sheet. */
function drawnFrames(svg: string): number[][] {
  const root = readXml(svg);
  const [, , width, height] = root.attributes['viewBox'].split(' ').map(Number);
  const panels = root.children.filter((child): child is Xml => typeof child !== 'string' && child.name === 'svg');
  return panels.flatMap((panel) => {
    const rectangle = elements(panel, 'path')
      .map(({ attributes: { d = '' } }) => /^M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H\1Z/.exec(d))
      .find((found) => found !== null);
    if (rectangle === undefined) return [];
    const [left, top, right, bottom] = rectangle.slice(1).map(Number);
    const [x, y] = [Number(panel.attributes['x']), Number(panel.attributes['y'])];
    return [[(x + left) / width, (y + top) / height, (right - left) / width, (bottom - top) / height]];
  });
}

const told = (svg: string): number[][] =>
  framesOf(svg).map(({ left, top, width, height }) => [left, top, width, height]);

/** Equal to a twentieth of a pixel of a picture of 1000. */
function expectSame(a: number[][], b: number[][]): void {
  expect(a).toHaveLength(b.length);
  a.flat().forEach((value, i) => {
    expect(Math.abs(value - b.flat()[i])).toBeLessThan(5e-5);
  });
}

describe('framesOf', () => {
  it('tells where the frame of a plot is drawn', () => {
    const svg = scoreDistribution(twoClasses, { width: 500, range: [0, 1], threshold: 0.5, heading: 'a' });
    expectSame(told(svg), drawnFrames(svg));
    const [frame] = framesOf(svg);
    const line = /stroke-dasharray="4 3"[^>]*><line x1="([\d.]+)"/.exec(svg);
    expect(500 * (frame.left + frame.width / 2)).toBeCloseTo(Number(line?.[1]), 2);
  });

  it('tells every panel of a sheet, in order, without the colour bar', () => {
    const svg = jetImageGrid(
      Array.from({ length: 5 }, () => smallImage),
      { columns: 3, width: 777 },
    );
    expect(framesOf(svg)).toHaveLength(5);
    const [first, second, third, fourth] = framesOf(svg);
    expect([first.left < second.left, second.left < third.left, fourth.top > first.top]).toEqual([true, true, true]);
    const drawn = drawnFrames(svg);
    expectSame(
      told(svg),
      drawn.filter(([, , width]) => width > 0.1),
    );
  });

  it('finds none in other SVG, nor in a text that speaks of them', () => {
    expect(framesOf('<svg viewBox="0 0 10 10"></svg>')).toEqual([]);
    expect(framesOf(histogram(twoClasses).replace(/ data-frames="[^"]*"/, ''))).toEqual([]);
    expect(framesOf('<svg><text data-frames="0 0 1 1"/></svg>')).toEqual([]);
  });
});
