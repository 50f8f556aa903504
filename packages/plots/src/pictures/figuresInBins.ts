/** @file One figure of several samples in bins of a quantity: response against truth, resolution against pile-up. */
import { dot, line, type Markish, ruleX, ruleY } from '@observablehq/plot';
import { checkFinite, checkSome } from '../parts/check.js';
import { brush, figure } from '../parts/figure.js';
import { legend, legendRoom, type Place } from '../parts/legend.js';
import { classColour, type PlotOptions, seriesDash } from '../parts/style.js';
import { niceDomain } from '../parts/ticks.js';

/** A figure of the jets of one bin. */
export interface BinFigure {
  readonly low: number;
  readonly high: number;
  /** where it is drawn; default: the middle */
  readonly at?: number;
  readonly value: number;
  /** half the length of the bar: an error, or a spread */
  readonly bar: number;
}

/** Figures of one sample, or of one way of treating it. */
export interface FiguresInBins {
  readonly name: string;
  /** bins without a figure are left out */
  readonly bins: readonly BinFigure[];
}

export interface FiguresInBinsOptions extends PlotOptions {
  /** titles of the axes, with unit; `_{…}` makes a subscript */
  readonly x: string;
  readonly y: string;
  /** draws a horizontal line here, as of a perfect sample */
  readonly perfect?: number;
  /** where the axis of values begins; default: below the lowest bar */
  readonly from?: number;
  readonly heading?: string;
  readonly note?: string;
}

/** Samples of a bin stand side by side, so far apart: a share of its width, and at most one of the axis. */
const APART = { bin: 0.1, axis: 0.012 };

/**
 * Draws a figure in bins for each sample, with bars, in each bin, samples side by side.
 *
 * @param samples not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE for NaN or infinity; BAD_ARGUMENT without a sample or a bin
 */
export function figuresInBins(samples: readonly FiguresInBins[], options: FiguresInBinsOptions): string {
  checkSome('figuresInBins', 'samples', samples.length);
  for (const { name, bins } of samples) {
    checkSome('figuresInBins', `bins of ${name}`, bins.length);
    checkFinite(
      'figuresInBins',
      `bins of ${name}`,
      bins.flatMap(({ low, high, value, bar, at = low }) => [low, high, value, bar, at]),
    );
  }
  const tools = brush(options);
  const { palette } = tools;
  const all = samples.flatMap(({ bins }) => bins);
  const x = niceDomain([Math.min(...all.map(({ low }) => low)), Math.max(...all.map(({ high }) => high))], 10);
  const lowest = options.from ?? Math.min(options.perfect ?? Infinity, ...all.map(({ value, bar }) => value - bar));
  const highest = Math.max(options.perfect ?? -Infinity, ...all.map(({ value, bar }) => value + bar));
  const margin = (highest - lowest || 1) * 0.05;
  const y = niceDomain([options.from ?? lowest - margin, highest + margin], 10);
  const series = samples.map(({ name, bins }, i) => ({
    name,
    stroke: classColour(palette, i),
    dash: seriesDash(i),
    points: bins.map(({ low, high, at = (low + high) / 2, value, bar }) => ({
      x: at + (i - (samples.length - 1) / 2) * Math.min(APART.bin * (high - low), APART.axis * (x[1] - x[0])),
      y: value,
      low: Math.max(y[0], value - bar),
      high: value + bar,
    })),
  }));
  const marks: Markish[] = [];
  if (options.perfect !== undefined)
    marks.push(ruleY([options.perfect], { stroke: palette.muted, strokeDasharray: '1.5 3.5', strokeWidth: 1.2 }));
  for (const { points, stroke, dash } of series)
    marks.push(
      line(points, { x: 'x', y: 'y', stroke, strokeWidth: 1.4, ...(dash && { strokeDasharray: dash }) }),
      ruleX(points, { x: 'x', y1: 'low', y2: 'high', stroke, strokeWidth: 1.6 }),
      dot(points, { x: 'x', y: 'y', r: 3.4, fill: palette.paper, stroke, strokeWidth: 1.8 }),
    );
  const width = options.width ?? 520;
  const margins = { top: (options.heading ?? options.note) ? 34 : 14, right: 16, bottom: 52, left: 66 };
  const height = Math.round(width * 0.72);
  const frame = [width - margins.left - margins.right, height - margins.top - margins.bottom] as const;
  const onFrame = (px: number, py: number): Place => [
    ((px - x[0]) / (x[1] - x[0])) * frame[0],
    ((y[1] - py) / (y[1] - y[0])) * frame[1],
  ];
  const entries = series.map(({ name: label, stroke, dash }) => ({ label, stroke, dash }));
  const covered = series.flatMap(({ points }) => [
    points.map((point) => onFrame(point.x, point.y)),
    ...points.map((point) => [onFrame(point.x, point.low), onFrame(point.x, point.high)]),
  ]);
  const { place, above } = legendRoom(entries, undefined, frame, covered, 'top-right', margins.top);
  marks.push(legend(entries, place, tools));
  return figure(
    {
      name: 'figures-in-bins',
      title: `${options.y} against ${options.x}: ${samples.map(({ name }) => name).join(', ')}`,
      width,
      height: height + above,
      margins: { ...margins, top: margins.top + above },
      x: { label: options.x, domain: x },
      y: { label: options.y, domain: y },
      marks,
      ...(options.heading !== undefined && { heading: options.heading }),
      ...(options.note !== undefined && { note: options.note }),
    },
    options,
    tools,
  );
}
