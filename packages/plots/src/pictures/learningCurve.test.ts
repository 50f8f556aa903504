import { describe, expect, it } from 'vitest';
import { elements, labels, readXml } from '../picture.testing.js';
import { type LearningFigure, learningCurve } from './learningCurve.js';

const curve = (name: string, values: readonly number[], error: number) => ({
  name,
  points: values.map((value, i) => ({
    jets: 10_000 * 2 ** i,
    value,
    low: value - error * value,
    high: value + error * value,
  })),
});
const figures: LearningFigure[] = [
  {
    label: 'AUC',
    curves: [curve('course-cnn', [0.96, 0.97, 0.975], 0.001), curve('tutorial-cnn', [0.95, 0.96], 0.001)],
  },
  { label: '1/ε_{B} at ε_{S} = 0.5', scale: 'log', curves: [curve('course-cnn', [60, 90, 180], 0.1)] },
];

describe('learningCurve', () => {
  it('draws a panel a figure over one axis of the jets that there are, and names each network once', () => {
    const all = labels(learningCurve(figures, { heading: 'top against QCD' }));
    for (const label of [
      'AUC',
      '1/εB at εS = 0.5',
      'Jets to learn from',
      '10,000',
      '20,000',
      '40,000',
      '50',
      '100',
      '200',
    ])
      expect(all).toContain(label);
    for (const name of ['course-cnn', 'tutorial-cnn', 'top against QCD', '20,000'])
      expect(all.filter((label) => label === name)).toHaveLength(1);
  });

  it('draws each point with its interval, in whatever order they come', () => {
    const [one] = figures;
    const turned = { ...one!, curves: one!.curves.map((each) => ({ ...each, points: [...each.points].reverse() })) };
    const svg = learningCurve([one!]);
    expect(elements(readXml(svg), 'circle')).toHaveLength(5);
    const [forth, back] = [svg, learningCurve([turned])].map((text) => elements(readXml(text), 'circle').length);
    expect(forth).toBe(back);
    expect(learningCurve([turned])).toBe(svg);
  });

  it('draws one point, and has round ticks where there are many', () => {
    const many = {
      name: 'many',
      points: Array.from({ length: 9 }, (_, i) => ({ jets: 3 ** (i + 1), value: 1, low: 1, high: 1 })),
    };
    expect(labels(learningCurve([{ label: 'AUC', curves: [many] }]))).toContain('103');
    const single = { name: 'one', points: [{ jets: 7, value: 0.5, low: 0.4, high: 0.6 }] };
    const svg = learningCurve([{ label: 'AUC', curves: [single] }]);
    expect(labels(svg)).toContain('7');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it.each([
    ['NOT_FINITE', 'linear', { jets: 10, value: Number.NaN, low: 0, high: 1 }],
    ['OUT_OF_RANGE', 'linear', { jets: 0, value: 0.5, low: 0, high: 1 }],
    ['OUT_OF_RANGE', 'linear', { jets: 10, value: 2, low: 0, high: 1 }],
    ['OUT_OF_RANGE', 'log', { jets: 10, value: 2, low: 0, high: 3 }],
  ] as const)('throws %s for what cannot be drawn (%s)', (code, scale, point) => {
    const broken = { label: 'AUC', scale, curves: [{ name: 'broken', points: [point] }] };
    expect(() => learningCurve([broken])).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });

  it('throws BAD_ARGUMENT without a figure, a curve or a point', () => {
    for (const nothing of [[], [{ label: 'AUC', curves: [] }], [{ label: 'AUC', curves: [{ name: 'a', points: [] }] }]])
      expect(() => learningCurve(nothing)).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});
