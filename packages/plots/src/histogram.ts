/** @file Histograms per class as outlines: jet mass, jet pT, scores. */

import { JetError } from '@jetsdk/jets';
import { areaY, line, type Markish, ruleX } from '@observablehq/plot';
import { checkFinite, checkSome } from './check.js';
import { brush, figure } from './figure.js';
import { legend } from './legend.js';
import { classColour, type PlotOptions } from './style.js';
import { niceDomain } from './ticks.js';

/** The values of one class; background first, then signal. */
export interface ClassValues {
  readonly name: string;
  /** (n,) finite; not modified */
  readonly values: ArrayLike<number>;
}

export interface HistogramOptions extends PlotOptions {
  /** x axis title, with unit; `_{…}` makes a subscript */
  readonly label?: string;
  /** appended to the bin width in the y axis title, e.g. `GeV` */
  readonly unit?: string;
  /** default 50 */
  readonly bins?: number;
  /** default: the span of all values, widened to round numbers */
  readonly range?: readonly [low: number, high: number];
  /** logarithmic y axis; default false */
  readonly log?: boolean;
  /** draws a vertical line here */
  readonly threshold?: number;
  readonly heading?: string;
  readonly note?: string;
}

/**
 * Fraction of the jets in each bin; a value at the upper end counts in the last bin, values outside count in none.
 *
 * @returns (bins,) fractions of `values.length`
 */
export function binFractions(
  values: ArrayLike<number>,
  bins: number,
  [low, high]: readonly [number, number],
): Float64Array {
  const counts = new Float64Array(bins);
  const scale = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low || value > high) continue;
    counts[Math.min(bins - 1, Math.floor((value - low) * scale))]!++;
  }
  return counts.map((count) => count / values.length);
}

/** The outline of a histogram from the left end of the axis to the right, never below `floor`. */
function outline(
  fractions: Float64Array,
  [low, high]: readonly [number, number],
  floor: number,
): { x: number; y: number }[] {
  const points = [{ x: low, y: floor }];
  const width = (high - low) / fractions.length;
  fractions.forEach((fraction, i) => {
    const y = Math.max(fraction, floor);
    points.push({ x: low + i * width, y }, { x: low + (i + 1) * width, y });
  });
  points.push({ x: high, y: floor });
  // within a flat stretch only its ends are needed
  return points.filter((point, i) => i === 0 || points[i - 1]!.y !== point.y || points[i + 1]?.y !== point.y);
}

function span(classes: readonly ClassValues[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values } of classes)
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
  return niceDomain([low, high], 10);
}

/**
 * Draws one quantity for each class, each class normalised to its own number of jets.
 *
 * @param classes background first, then signal
 * @returns SVG
 * @throws {JetError} NOT_FINITE for NaN or infinity; BAD_ARGUMENT without a class, jets or bins; OUT_OF_RANGE for an
 *   empty range
 */
export function histogram(classes: readonly ClassValues[], options: HistogramOptions = {}): string {
  return drawHistogram('histogram', classes, options);
}

const classOpacity = (index: number): number => (index === 0 ? 0.34 : index === 1 ? 0.1 : 0);
const classDash = (index: number): string | undefined => (index < 2 ? undefined : '6 2.5');

/** `histogram` under another name in messages and class names. */
export function drawHistogram(name: string, classes: readonly ClassValues[], options: HistogramOptions): string {
  checkSome(name, 'classes', classes.length);
  for (const { name: of, values } of classes) {
    checkSome(name, `values of ${of}`, values.length);
    checkFinite(name, `values of ${of}`, values);
  }
  const bins = options.bins ?? 50;
  if (!Number.isInteger(bins) || bins < 1)
    throw new JetError('BAD_ARGUMENT', `${name}: bins, got ${bins}; expected an integer of 1 or more`, { bins });
  const range = options.range ?? span(classes);
  if (!(range[0] < range[1]))
    throw new JetError('OUT_OF_RANGE', `${name}: range, got ${range[0]} to ${range[1]}; expected a rising pair`, {
      range,
    });

  const tools = brush(options);
  const log = options.log ?? false;
  const all = classes.map(({ values }) => binFractions(values, bins, range));
  const peak = Math.max(...all.map((fractions) => fractions.reduce((a, b) => Math.max(a, b), 0)), 1e-12);
  const jets = Math.max(...classes.map(({ values }) => values.length));
  const floor = log ? 10 ** Math.floor(Math.log10(0.8 / jets)) : 0;
  // head room for the legend
  const top = log ? peak * (peak / floor) ** 0.26 : peak * (1.12 + 0.11 * classes.length);
  const domain: [number, number] = log ? [floor, 10 ** (Math.ceil(Math.log10(top) * 4) / 4)] : [0, top];
  const marks: Markish[] = [];
  all.forEach((fractions, i) => {
    const colour = classColour(tools.palette, i);
    const points = outline(fractions, range, floor);
    const dash = classDash(i);
    marks.push(
      areaY(points, { x: 'x', y1: floor, y2: 'y', fill: colour, fillOpacity: classOpacity(i) }),
      line(points.slice(1, -1), {
        x: 'x',
        y: 'y',
        stroke: colour,
        strokeWidth: 1.9,
        strokeLinejoin: 'miter',
        ...(dash && { strokeDasharray: dash }),
      }),
    );
  });
  if (options.threshold !== undefined)
    marks.push(ruleX([options.threshold], { stroke: tools.palette.ink, strokeWidth: 1.3, strokeDasharray: '4 3' }));
  marks.push(
    legend(
      classes.map(({ name: label }, i) => ({
        label,
        stroke: classColour(tools.palette, i),
        dash: classDash(i),
        fill: { colour: classColour(tools.palette, i), opacity: classOpacity(i) },
      })),
      'top-right',
      tools,
    ),
  );
  const width = options.width ?? 520;
  const label = options.label ?? 'Value';
  const binWidth = Number(((range[1] - range[0]) / bins).toPrecision(3));
  return figure(
    {
      name: name === 'histogram' ? 'histogram' : 'scores',
      title: `${label}: fraction of the jets per bin, ${classes.map(({ name: of, values }) => `${of} (${values.length} jets)`).join(', ')}`,
      width,
      height: Math.round(width * 0.72),
      margins: { top: (options.heading ?? options.note) ? 34 : 14, right: 16, bottom: 52, left: 72 },
      x: { label, domain: range },
      y: {
        label: `Fraction of jets / ${binWidth}${options.unit === undefined ? '' : ` ${options.unit}`}`,
        type: log ? 'log' : 'linear',
        domain,
      },
      marks,
      ...(options.heading !== undefined && { heading: options.heading }),
      ...(options.note !== undefined && { note: options.note }),
    },
    options,
    tools,
  );
}
