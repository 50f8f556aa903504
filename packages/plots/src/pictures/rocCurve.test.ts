import { describe, expect, it } from 'vitest';
import { elements, labels, powerCurve, readXml, textOf } from '../picture.testing.js';
import { rocCurve } from './rocCurve.js';

const two = [
  { ...powerCurve('network', 400, 4), auc: 0.98234 },
  { ...powerCurve('mass cut', 300, 2), auc: 0.9 },
];

/** The points of the line that is drawn in a colour. */
function drawnPoints(svg: string, stroke: string): [x: number, y: number][] {
  const group = elements(readXml(svg), 'g').find((g) => g.attributes.stroke === stroke && g.attributes.fill === 'none');
  const d = elements(group!, 'path')[0].attributes.d!;
  return d
    .slice(1)
    .split('L')
    .map((pair) => pair.split(',').map(Number) as [number, number]);
}

const blue = '#5790fc';

describe('rocCurve', () => {
  it('is an image with a title, both axis titles and a legend with the AUC', () => {
    const svg = rocCurve(two, { heading: 'Top tagging', note: 'test' });
    const xml = readXml(svg);
    expect(xml.name).toBe('svg');
    expect(xml.attributes.role).toBe('img');
    expect(xml.attributes.class).toBe('jet-plot jet-plot-roc');
    expect(textOf(elements(xml, 'title')[0])).toBe(
      'Background rejection against signal efficiency: network (AUC 0.9823), mass cut (AUC 0.9000)',
    );
    for (const label of [
      'Signal efficiency εS',
      'Background rejection 1/εB',
      'network',
      'mass cut',
      '0.9823',
      '0.9000',
    ])
      expect(labels(svg)).toContain(label);
    for (const label of ['Top tagging', 'test', 'random choice']) expect(labels(svg)).toContain(label);
  });

  it('puts 1/ε_B on a logarithmic axis up to the decade above the largest', () => {
    expect(labels(rocCurve(two))).toEqual(expect.arrayContaining(['1', '10', '102', '103', '104']));
    expect(labels(rocCurve(two))).not.toContain('105');
  });

  it('leaves out points that no background passes', () => {
    const points = drawnPoints(rocCurve([two[0]], { theme: 'light' }), blue);
    const left = 66;
    const right = 520 - 16;
    expect(points[0][0]).toBeGreaterThan(left + 0.09 * (right - left));
    expect(points.flat().every(Number.isFinite)).toBe(true);
  });

  it('bends the line between tied scores as 1/ε_B does', () => {
    const hard = { name: 'hard', signalEfficiency: [0, 0.8, 1], backgroundEfficiency: [0, 0.1, 1] };
    const points = drawnPoints(rocCurve([hard], { theme: 'light' }), blue);
    const x = (s: number): number => 66 + s * (520 - 16 - 66);
    const bottom = Math.round(520 * 0.86) - 52;
    const y = (rejection: number): number => bottom - (Math.log10(rejection) / 2) * (bottom - 14);
    // half-way between (0.8, 0.1) and (1, 1) in (ε_S, ε_B)
    const near = points.reduce((a, b) => (Math.abs(b[0] - x(0.9)) < Math.abs(a[0] - x(0.9)) ? b : a));
    const s = 0.8 + ((near[0] - x(0.8)) / (x(1) - x(0.8))) * 0.2;
    expect(Math.abs(near[0] - x(0.9))).toBeLessThan(6);
    expect(near[1]).toBeCloseTo(y(1 / (0.1 + ((s - 0.8) / 0.2) * 0.9)), 0);
  });

  it('draws thousands of points with hundreds', () => {
    const svg = rocCurve([powerCurve('long', 200_000, 3)]);
    expect(svg.length).toBeLessThan(20_000);
  });

  it('draws true against false positive rate when asked to', () => {
    const svg = rocCurve(two, { axes: 'classic', theme: 'light' });
    expect(labels(svg)).toContain('Background efficiency εB');
    expect(drawnPoints(svg, blue)[0]).toEqual([66, Math.round(520 * 0.86) - 52]);
  });

  it('draws bands and working points with their error bars', () => {
    const curve = two[0];
    const svg = rocCurve(
      [
        {
          ...curve,
          band: {
            low: curve.backgroundEfficiency.map((b) => b * 0.8),
            high: curve.backgroundEfficiency.map((b) => Math.min(1, b * 1.2)),
          },
          workingPoints: [{ signalEfficiency: 0.3, rejection: 123, interval: { low: 100, high: 150 } }],
        },
      ],
      { theme: 'light' },
    );
    const xml = readXml(svg);
    expect(elements(xml, 'circle')).toHaveLength(1);
    expect(elements(xml, 'g').filter((g) => g.attributes['fill-opacity'] === '0.22')).toHaveLength(1);
    const bar = elements(xml, 'line').find(({ attributes }) => attributes.x1 === attributes.x2);
    expect(Number(bar!.attributes.y2) - Number(bar!.attributes.y1)).not.toBe(0);
  });

  it('is the same string each time, and follows the theme', () => {
    expect(rocCurve(two)).toBe(rocCurve(two));
    expect(rocCurve(two)).toContain('prefers-color-scheme:dark');
    expect(rocCurve(two, { theme: 'light' })).not.toContain('var(');
    expect(rocCurve(two, { theme: 'dark' })).toContain('#14171c');
  });

  it('holds no identifiers, so that many pictures can share a page', () => {
    for (const { attributes } of elements(readXml(rocCurve(two)), 'g')) expect(attributes).not.toHaveProperty('id');
    expect(rocCurve(two)).not.toMatch(/url\(#/);
  });

  it('tells curves apart without colour', () => {
    const dashes = elements(readXml(rocCurve(two, { theme: 'light' })), 'g')
      .filter(({ attributes }) => attributes.stroke !== undefined && attributes['stroke-width'] === '2')
      .map(({ attributes }) => attributes['stroke-dasharray']);
    expect(new Set(dashes).size).toBe(2);
  });

  it.each([
    ['NOT_FINITE', [{ ...two[0], backgroundEfficiency: two[0].signalEfficiency.map(() => Number.NaN) }]],
    ['SHAPE_MISMATCH', [{ ...two[0], backgroundEfficiency: [0, 1] }]],
    ['BAD_ARGUMENT', []],
    ['BAD_ARGUMENT', [{ name: 'none', signalEfficiency: [], backgroundEfficiency: [] }]],
  ])('throws %s for what cannot be drawn', (code, curves) => {
    expect(() => rocCurve(curves)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});
