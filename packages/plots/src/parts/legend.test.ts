import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elements, readXml, textOf } from '../picture.testing.js';
import { histogram } from '../pictures/histogram.js';
import { history } from '../pictures/history.js';
import { rocCurve } from '../pictures/rocCurve.js';
import { freePlace, type Place } from './legend.js';
import { fontSize } from './style.js';
import { textWidth } from './svg.js';

/** Points along a path of straight pieces, close to each other. */
function walk(d: string): Place[] {
  const points: Place[] = [];
  let [x, y] = [0, 0];
  for (const [, command, numbers] of d.matchAll(/([MLHVZ])([^MLHVZ]*)/g)) {
    const values = numbers
      .split(/[ ,]/)
      .filter((text) => text !== '')
      .map(Number);
    const steps = command === 'H' ? values.map((to) => [to, y]) : command === 'V' ? values.map((to) => [x, to]) : [];
    if (command === 'M' || command === 'L')
      for (let i = 0; i < values.length; i += 2) steps.push([values[i], values[i + 1]]);
    for (const [toX, toY] of steps) {
      if (command !== 'M')
        for (let part = 0; part < 50; part++) points.push([x + ((toX - x) * part) / 50, y + ((toY - y) * part) / 50]);
      [x, y] = [toX, toY];
    }
  }
  return points;
}

/** How many points of drawn lines lie under the legend's letters. */
function covered(svg: string): number {
  let found = 0;
  for (const panel of elements(readXml(svg), 'svg').slice(1)) {
    const legend = elements(panel, 'g').find(({ attributes }) => attributes['class'] === 'jet-legend');
    if (legend === undefined) continue;
    const boxes = elements(legend, 'text').map((text) => {
      const width = textWidth(textOf(text), fontSize) * 0.85;
      const [x, y] = [Number(text.attributes['x']), Number(text.attributes['y'])];
      const left = text.attributes['text-anchor'] === 'end' ? x - width : x;
      return [left, y - fontSize * 0.8, left + width, y + 2];
    });
    for (const { attributes } of elements(panel, 'path')) {
      const path = attributes['d'] ?? '';
      const isFrame = /^M[\d.]+,[\d.]+H[\d.]+V/.test(path);
      if (isFrame) continue;
      for (const [x, y] of walk(path))
        if (boxes.some(([left, top, right, bottom]) => x > left && x < right && y > top && y < bottom)) found++;
    }
  }
  return found;
}

/** ROC curves that bend as a power, more or less steep. */
const curve = (power: number, name: string) => {
  const signalEfficiency = Float64Array.from({ length: 400 }, (_, i) => (i + 1) / 400);
  return { name, auc: 0.9, signalEfficiency, backgroundEfficiency: signalEfficiency.map((s) => s ** power) };
};

describe('legends', () => {
  it('lie on no curve of a ROC picture, however the curves run and however narrow it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.2, max: 12, noNaN: true }), { minLength: 1, maxLength: 7 }),
        fc.constantFrom('landscape' as const, 'classic' as const),
        fc.integer({ min: 280, max: 700 }),
        (powers, axes, width) => {
          const curves = powers.map((power, i) => curve(power, `a network of group ${i}`));
          expect(covered(rocCurve(curves, { axes, width, heading: 'ROC' }))).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lie on no curve of a training, also where the loss rises', () => {
    const epochs = Array.from({ length: 30 }, (_, i) => i);
    for (const loss of [
      epochs.map((i) => i),
      epochs.map((i) => -i),
      epochs.map((i) => (i % 2) * 5),
      epochs.map(() => 1),
    ])
      expect(covered(history({ loss, valLoss: loss.map((value) => value + 1) }, { width: 390, heading: 'x' }))).toBe(0);
  });

  it('lie on no outline of a histogram, wherever its peak is', () => {
    for (const log of [false, true])
      for (const at of [0.05, 0.5, 0.95]) {
        const values = Float64Array.from({ length: 900 }, (_, i) => at + 0.04 * (i / 900));
        const classes = ['QCD', 'top', 'W'].map((name) => ({ name, values }));
        expect(covered(histogram(classes, { range: [0, 1], log, width: 320 }))).toBe(0);
      }
  });

  it('are found by this test where they do lie on a curve', () => {
    const svg = rocCurve([curve(1, 'a')], { axes: 'classic', width: 520 });
    expect(covered(svg)).toBe(0);
    const onTheDiagonal = '$1x="270" y="225"';
    const moved = svg.replace(/(<g class="jet-legend">.*?<text [^>]*?)x="[\d.]+" y="[\d.]+"/, onTheDiagonal);
    expect(moved).not.toBe(svg);
    expect(covered(moved)).toBeGreaterThan(0);
  });
});

describe('freePlace', () => {
  it('is the corner asked for where that is free, and none where curves are everywhere', () => {
    expect(freePlace([50, 20], [200, 100], [], 'top-right')).toEqual([134, 12]);
    expect(freePlace([50, 20], [200, 100], [], 'bottom-right')).toEqual([134, 68]);
    const grid = Array.from({ length: 40 }, (_, i): Place[] => [
      [0, i * 2.5],
      [200, i * 2.5],
    ]);
    expect(freePlace([50, 20], [200, 100], grid, 'top-left')).toBeUndefined();
    expect(freePlace([250, 20], [200, 100], [], 'top-left')).toBeUndefined();
  });
});
