/** @file Two samples of one quantity, and below them how the second stands to the first. */
import { ruleX, ruleY } from '@observablehq/plot';
import { binValues, type ClassValues, totalOf } from '../counts/binned.js';
import { checkFinite, checkSome } from '../parts/check.js';
import { brush, panel, sheet } from '../parts/figure.js';
import { axisTitle } from '../parts/formatNumber.js';
import { legend } from '../parts/legend.js';
import { classColour, type PlotOptions } from '../parts/style.js';
import { linearTicks } from '../parts/ticks.js';
import { curves, legendShare, span, spoken } from './histogram.js';

export interface RatioHistogramOptions extends PlotOptions {
  /** x axis title, without unit; `_{…}` makes a subscript */
  readonly label?: string;
  /** of the values, e.g. `MeV` */
  readonly unit?: string | undefined;
  /** what a value is of, in the y axis title; default showers */
  readonly things?: string;
  /** default 30 */
  readonly bins?: number;
  /** above the frame, right */
  readonly note?: string;
}

/** Ratios are drawn from 0 to this. */
const MOST = 2;

/**
 * Draws the shares of two samples per bin, and below the ratio of the second to the first with the standard error of its
 * counts; bins that one of them leaves empty have none.
 *
 * @param reference @param other not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE; BAD_ARGUMENT without values
 */
export function ratioHistogram(
  reference: ClassValues,
  other: ClassValues,
  { label: quantity = 'Value', unit, things = 'showers', bins = 30, note, ...options }: RatioHistogramOptions = {},
): string {
  const label = axisTitle(quantity, unit);
  const both = [reference, other];
  for (const { name, values } of both) {
    checkSome('ratioHistogram', `values of ${name}`, values.length);
    checkFinite('ratioHistogram', `values of ${name}`, values);
  }
  const tools = brush(options);
  const range = span(both);
  const binned = binValues(both, bins, range);
  const width = options.width ?? 520;
  const tall = Math.round(width * 0.5);
  const low = Math.round(width * 0.22);
  const margins = { top: 34, right: 16, left: 72 };
  const { marks, domain, entries } = curves(binned, false, legendShare(2, tall), tools);
  const [first, second] = binned.classes;
  const step = (range[1] - range[0]) / bins;
  const ratios = Array.from(first.counts).flatMap((count, i) => {
    const theirs = second.counts[i];
    if (count === 0 || theirs === 0) return [];
    const ratio = theirs / totalOf(second) / (count / totalOf(first));
    const error = ratio * Math.sqrt(1 / count + 1 / theirs);
    const x = range[0] + (i + 0.5) * step;
    return [{ x, ratio, least: Math.max(0, ratio - error), most: Math.min(MOST, ratio + error) }];
  });
  const inside = ratios.filter(({ ratio }) => ratio <= MOST);
  const colour = classColour(tools.palette, 1);
  const shares = panel(
    {
      width,
      height: margins.top + tall + 2,
      margins: { ...margins, bottom: 2 },
      x: { domain: range, numbers: false },
      y: { label: `Fraction of ${things}`, domain },
      marks: [...marks, legend(entries, 'top-right', tools)],
      ...(note !== undefined && { note }),
    },
    tools,
  );
  const below = panel(
    {
      width,
      height: low + 62,
      margins: { ...margins, top: 8, bottom: 54 },
      x: { label, domain: range },
      y: {
        label: 'Ratio',
        domain: [0, MOST],
        ticks: { ...linearTicks([0, MOST], 2), format: (value) => (value === MOST ? '' : String(value)) },
      },
      marks: [
        ruleY([1], { stroke: tools.palette.ink, strokeDasharray: '4 3' }),
        ruleX(
          ratios.filter(({ least }) => least < MOST),
          { x: 'x', y1: 'least', y2: 'most', stroke: colour, strokeWidth: 1.5 },
        ),
        ruleY(inside, {
          x1: ({ x }) => x - step / 2,
          x2: ({ x }) => x + step / 2,
          y: 'ratio',
          stroke: colour,
          strokeWidth: 2,
        }),
      ],
    },
    tools,
  );
  return sheet(
    {
      name: 'ratio',
      width,
      height: margins.top + tall + 2 + low + 62,
      title: `${label}: fraction of the ${things} per bin and the ratio of both, ${binned.classes.map((one) => spoken(one, things)).join(', ')}`,
      parts: [
        { ...shares, x: 0, y: 0 },
        { ...below, x: 0, y: margins.top + tall + 2 },
      ],
    },
    options,
    tools,
  );
}
