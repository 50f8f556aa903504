/** @file Histograms per class as outlines: jet mass, jet pT, scores. */
import { areaY, line, type Markish, ruleX } from '@observablehq/plot';
import {
  type Binned,
  type BinnedClass,
  binValues,
  type ClassValues,
  checkBins,
  outsideNote,
  totalOf,
} from '../counts/binned.js';
import { checkFinite, checkLength, checkSome } from '../parts/check.js';
import { type Axis, type Brush, brush, figure, panel, sheet } from '../parts/figure.js';
import { axisTitle, formatCount } from '../parts/formatNumber.js';
import { type LegendEntry, legend, legendHeight } from '../parts/legend.js';
import { classColour, type PlotOptions } from '../parts/style.js';
import { linearTicks, niceDomain, type Ticks } from '../parts/ticks.js';

/** What a histogram of counts says. */
export interface BinnedHistogramOptions extends PlotOptions {
  /** x axis title, without unit; `_{…}` makes a subscript */
  readonly label?: string;
  /** of the values, e.g. `GeV`: in the titles of both axes */
  readonly unit?: string | undefined;
  /** logarithmic y axis; default false */
  readonly log?: boolean;
  /** draws a vertical line here */
  readonly threshold?: number;
  readonly heading?: string;
  /** above the frame, right; default: the share of each class outside the range */
  readonly note?: string;
}

export interface HistogramOptions extends BinnedHistogramOptions {
  /** default 50 */
  readonly bins?: number;
  /** default: the span of all values, widened to round numbers */
  readonly range?: readonly [low: number, high: number];
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
  return points.filter((point, i) => i === 0 || points[i - 1].y !== point.y || points[i + 1]?.y !== point.y);
}

export function span(classes: readonly ClassValues[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values } of classes)
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
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

/** `histogram` under another name in messages and class names. */
export function drawHistogram(name: string, classes: readonly ClassValues[], options: HistogramOptions): string {
  checkSome(name, 'classes', classes.length);
  for (const { name: of, values } of classes) {
    checkSome(name, `values of ${of}`, values.length);
    checkFinite(name, `values of ${of}`, values);
  }
  const { bins = 50, range, ...rest } = options;
  const domain = range ?? span(classes);
  checkBins(name, bins, domain);
  return drawBinned(name === 'histogram' ? 'histogram' : 'scores', binValues(classes, bins, domain), rest);
}

/**
 * Draws counts that were taken elsewhere, each class normalised to its own number of values, those outside the range
 * too.
 *
 * @param binned background first, then signal; not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE; BAD_ARGUMENT without a class, a value or a bin; OUT_OF_RANGE for an empty range;
 *   SHAPE_MISMATCH if classes differ in the number of bins
 */
export function binnedHistogram(binned: Binned, options: BinnedHistogramOptions = {}): string {
  return drawBinnedHistogram('binnedHistogram', 'histogram', binned, options);
}

/** `binnedHistogram` under another name in messages, as one of the pictures. */
export function drawBinnedHistogram(
  where: string,
  picture: 'histogram' | 'scores',
  binned: Binned,
  options: BinnedHistogramOptions,
): string {
  checkBinned(where, binned);
  return drawBinned(picture, binned, options);
}

function checkBinned(where: string, { range, classes }: Binned): void {
  checkSome(where, 'classes', classes.length);
  const bins = classes[0].counts.length;
  checkBins(where, bins, range);
  for (const one of classes) {
    checkLength(where, `bins of ${one.name}`, one.counts.length, bins);
    checkFinite(where, `counts of ${one.name}`, one.counts);
    checkFinite(where, `outside of ${one.name}`, [one.below, one.above]);
  }
  checkSome(
    where,
    'values',
    classes.reduce((sum, one) => sum + totalOf(one), 0),
  );
}

/** Free above the peak where there is no legend. */
const SPARE = 0.1;

/** The share of the axis that a legend takes, up to four fifths. @param inner height of the frame in pixels */
export const legendShare = (rows: number, inner: number): number => Math.min(0.8, legendHeight(rows) / inner);

const classOpacity = (index: number): number => (index === 0 ? 0.34 : index === 1 ? 0.1 : 0);
const classDash = (index: number): string | undefined => (index < 2 ? undefined : '6 2.5');

/**
 * Outlines of all classes, a y axis that leaves a share of its length free above the peak, the entries of the legend.
 *
 * @param free in [0, 1)
 */
export function curves(binned: Binned, log: boolean, free: number, { palette }: Brush) {
  const totals = binned.classes.map(totalOf);
  const all = binned.classes.map(({ counts }, i) =>
    Float64Array.from(counts, (count) => count / Math.max(1, totals[i])),
  );
  const peak = Math.max(...all.map((fractions) => fractions.reduce((a, b) => Math.max(a, b), 0)), 1e-12);
  const floor = log ? 10 ** Math.floor(Math.log10(0.8 / Math.max(...totals))) : 0;
  const top = log ? peak * (peak / floor) ** (free / (1 - free)) : peak / (1 - free);
  const domain: [number, number] = log ? [floor, 10 ** (Math.ceil(Math.log10(top) * 4) / 4)] : [0, top];
  const marks: Markish[] = [];
  all.forEach((fractions, i) => {
    const colour = classColour(palette, i);
    const points = outline(fractions, binned.range, floor);
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
  const entries: LegendEntry[] = binned.classes.map(({ name: label }, i) => ({
    label,
    stroke: classColour(palette, i),
    dash: classDash(i),
    fill: { colour: classColour(palette, i), opacity: classOpacity(i) },
  }));
  return { marks, domain, entries };
}

function fractionLabel({ range, classes }: Binned, unit: string | undefined): string {
  const width = Number(((range[1] - range[0]) / classes[0].counts.length).toPrecision(3));
  return `${width}${unit === undefined ? '' : ` ${unit}`}`;
}

export function spoken(one: BinnedClass, things = 'jets'): string {
  const outside = [
    ...(one.below > 0 ? [`${formatCount(one.below)} below`] : []),
    ...(one.above > 0 ? [`${formatCount(one.above)} above`] : []),
  ];
  return `${one.name} (${formatCount(totalOf(one))} ${things}${outside.length === 0 ? '' : `, of these ${outside.join(', ')} the range`})`;
}

function drawBinned(name: 'histogram' | 'scores', binned: Binned, options: BinnedHistogramOptions): string {
  const tools = brush(options);
  const log = options.log ?? false;
  const width = options.width ?? 520;
  const note = options.note ?? outsideNote(binned);
  const margins = { top: (options.heading ?? note) === undefined ? 14 : 34, right: 16, bottom: 52, left: 72 };
  const inner = Math.round(width * 0.72) - margins.top - margins.bottom;
  const free = legendShare(binned.classes.length, inner);
  const { marks, domain, entries } = curves(binned, log, free, tools);
  if (options.threshold !== undefined)
    marks.push(ruleX([options.threshold], { stroke: tools.palette.ink, strokeWidth: 1.3, strokeDasharray: '4 3' }));
  marks.push(legend(entries, 'top-right', tools));
  const label = axisTitle(options.label ?? 'Value', options.unit);
  return figure(
    {
      name,
      title: `${label}: fraction of the jets per bin, ${binned.classes.map((one) => spoken(one)).join(', ')}`,
      width,
      height: Math.round(width * 0.72),
      margins,
      x: { label, domain: binned.range },
      y: {
        label: `Fraction of jets / ${fractionLabel(binned, options.unit)}`,
        type: log ? 'log' : 'linear',
        domain,
      },
      marks,
      ...(options.heading !== undefined && { heading: options.heading }),
      ...(note !== undefined && { note }),
    },
    options,
    tools,
  );
}

/** Room for half of a number at the end of an axis. */
const OVERHANG = 16;

/** One quantity of a row of histograms. */
export interface HistogramPanel {
  readonly binned: Binned;
  /** x axis title, without unit; `_{…}` makes a subscript */
  readonly label: string;
  /** of the values, e.g. `GeV` */
  readonly unit?: string | undefined;
}

export interface HistogramRowOptions extends PlotOptions {
  /** above the row, left */
  readonly heading?: string;
  /** above the row, right; default: the share of each class that a panel leaves out, at most */
  readonly note?: string;
}

/** Few ticks, without a number at the right end, where it would meet the next panel's. */
function sparseTicks([low, high]: readonly [low: number, high: number]): Ticks {
  const ticks = linearTicks([low, high], 3);
  const last = high - 0.05 * (high - low);
  return { ...ticks, format: (value) => (value > last ? '' : ticks.format(value)) };
}

/**
 * Draws several quantities of the same classes side by side, one legend for all; each panel has a scale of its own.
 *
 * @param panels background first, then signal, in each; not modified
 * @returns SVG
 * @throws {JetError} as `binnedHistogram`; BAD_ARGUMENT without a panel
 */
export function histogramRow(panels: readonly HistogramPanel[], options: HistogramRowOptions = {}): string {
  checkSome('histogramRow', 'panels', panels.length);
  for (const { binned } of panels) checkBinned('histogramRow', binned);
  const tools = brush(options);
  const width = options.width ?? 1072;
  const left = 26;
  const gap = 24;
  const each = Math.floor((width - left - 16 - gap * (panels.length - 1)) / panels.length);
  const margins = { top: 34, right: OVERHANG, bottom: 52 };
  const height = margins.top + Math.round(each * 0.86) + margins.bottom;
  const unnumbered: Omit<Axis, 'domain'> = { ticks: { major: [], minor: [], format: String } };
  const parts = panels.map(({ binned, label, unit }, i) => {
    const first = i === 0;
    const last = i === panels.length - 1;
    const free = last ? legendShare(binned.classes.length, Math.round(each * 0.86)) : SPARE;
    const { marks, domain, entries } = curves(binned, false, free, tools);
    const beside = first ? left : OVERHANG;
    return {
      ...panel(
        {
          width: each + beside + OVERHANG,
          height,
          margins: { ...margins, left: beside },
          x: { label: axisTitle(label, unit), domain: binned.range, ticks: sparseTicks(binned.range) },
          y: { ...unnumbered, domain, ...(first && { label: 'Fraction of jets' }) },
          marks: last ? [...marks, legend(entries, 'top-right', tools)] : marks,
          ...(first && options.heading !== undefined && { heading: options.heading }),
          ...(last && options.note !== undefined && { note: options.note }),
        },
        tools,
      ),
      x: left + i * (each + gap) - beside,
      y: 0,
    };
  });
  const spokenPanels = panels.map(
    ({ binned, label, unit }) => `${axisTitle(label, unit)}: ${binned.classes.map((one) => spoken(one)).join(', ')}`,
  );
  return sheet(
    {
      name: 'histogram-row',
      width,
      height,
      title: `${options.heading ?? 'Histograms'}. ${spokenPanels.join('; ')}`,
      parts,
    },
    options,
    tools,
  );
}
