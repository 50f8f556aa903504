/** @file ROC curves: background rejection against signal efficiency, or true against false positive rate. */
import { areaX, areaY, dot, line, type Markish, ruleX } from '@observablehq/plot';
import { checkFinite, checkLength, checkSome } from '../parts/check.js';
import { type Brush, brush, figure } from '../parts/figure.js';
import { legend, legendRoom, type Place } from '../parts/legend.js';
import { type PlotOptions, seriesColour, seriesDash } from '../parts/style.js';
import { thin } from '../parts/thin.js';

/** One tagger's curve; `roc` of @jetsdk/eval makes one. */
export interface RocCurve {
  readonly name: string;
  /** (n,) ε_S in [0, 1], rising */
  readonly signalEfficiency: ArrayLike<number>;
  /** (n,) ε_B in [0, 1], rising */
  readonly backgroundEfficiency: ArrayLike<number>;
  /** (n,) interval around `backgroundEfficiency` */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
  /** shown in the legend */
  readonly auc?: number;
  readonly workingPoints?: readonly WorkingPoint[];
}

export interface WorkingPoint {
  readonly signalEfficiency: number;
  /** 1/ε_B */
  readonly rejection: number;
  readonly interval?: { readonly low: number; readonly high: number };
}

export interface RocOptions extends PlotOptions {
  /** `landscape` (default): 1/ε_B, logarithmic, against ε_S; `classic`: ε_S against ε_B */
  readonly axes?: 'landscape' | 'classic';
  /** above the frame, left */
  readonly heading?: string;
  /** above the frame, right */
  readonly note?: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Asks that a curve can be drawn.
 *
 * @throws {JetError} NOT_FINITE, SHAPE_MISMATCH, BAD_ARGUMENT as `rocCurve`
 */
export function checkCurve(where: string, curve: RocCurve): void {
  const { name, signalEfficiency, backgroundEfficiency, band, workingPoints = [] } = curve;
  const points = signalEfficiency.length;
  checkSome(where, `points of ${name}`, points);
  checkFinite(where, `ε_S of ${name}`, signalEfficiency);
  for (const [what, values] of [
    ['ε_B', backgroundEfficiency],
    ['lower band', band?.low],
    ['upper band', band?.high],
  ] as const) {
    if (values === undefined) continue;
    checkLength(where, `${what} of ${name}`, values.length, points);
    checkFinite(where, `${what} of ${name}`, values);
  }
  for (const { signalEfficiency: at, rejection, interval } of workingPoints)
    checkFinite(where, `working point of ${name}`, [at, rejection, ...(interval ? [interval.low, interval.high] : [])]);
}

/**
 * The points (ε_S, ε_B, band) with ε_B ≥ `floor`. Between corners where both efficiencies rise (tied scores) the curve
 * is straight in (ε_S, ε_B) and bent on a logarithmic axis: points are put in between.
 */
function landscapeColumns(curve: RocCurve, floor: number): [s: number, b: number, low: number, high: number][] {
  const { signalEfficiency: s, backgroundEfficiency: b } = curve;
  const low = curve.band?.low ?? b;
  const high = curve.band?.high ?? b;
  const columns: [number, number, number, number][] = [];
  for (let i = 0; i < s.length; i++) {
    const rise = i > 0 ? b[i] - b[i - 1] : 0;
    if (rise > 0 && s[i] > s[i - 1]) {
      const decades = Math.log10(b[i] / Math.max(b[i - 1], floor));
      const steps = Math.ceil(decades * 20);
      for (let k = steps - 1; k > 0; k--) {
        const at = (b[i] / 10 ** ((decades * k) / steps) - b[i - 1]) / rise;
        const between = (of: ArrayLike<number>): number => of[i - 1] + at * (of[i] - of[i - 1]);
        columns.push([between(s), between(b), between(low), between(high)]);
      }
    }
    if (b[i] > 0) columns.push([s[i], b[i], low[i], high[i]]);
  }
  return columns;
}

function landscapePoints(curve: RocCurve, top: number): Point[] {
  const columns = landscapeColumns(curve, 1 / top);
  const x = columns.map(([s]) => s);
  const y = columns.map(([, b]) => -Math.log10(b) / Math.log10(top));
  const rejection = (efficiency: number): number => 1 / Math.min(1, Math.max(efficiency, 1 / top));
  return thin(x, y).map((i) => {
    const [s, b, low, high] = columns[i];
    return { x: s, y: 1 / b, low: rejection(high), high: rejection(low) };
  });
}

function classicPoints({ signalEfficiency: s, backgroundEfficiency: b, band }: RocCurve): Point[] {
  return thin(b, s).map((i) => ({ x: b[i], y: s[i], low: (band?.low ?? b)[i], high: (band?.high ?? b)[i] }));
}

/**
 * The upper end of the axis of 1/ε_B: the decade at or above the largest finite one, at least 100.
 *
 * @param curves with their working points; not modified
 */
export function rejectionTop(curves: readonly RocCurve[]): number {
  let smallest = 0.01;
  for (const { backgroundEfficiency, workingPoints = [] } of curves) {
    for (let i = 0; i < backgroundEfficiency.length; i++) {
      const value = backgroundEfficiency[i];
      if (value > 0 && value < smallest) smallest = value;
    }
    for (const { rejection } of workingPoints) smallest = Math.min(smallest, 1 / rejection);
  }
  return 10 ** Math.ceil(-Math.log10(smallest) - 1e-9);
}

function randomPoints(landscape: boolean, top: number): { x: number; y: number }[] {
  return landscape
    ? Array.from({ length: 101 }, (_, i) => top ** (-i / 100)).map((x) => ({ x, y: 1 / x }))
    : [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ];
}

function randomLine(landscape: boolean, top: number, { palette }: Brush): Markish {
  const shared = { stroke: palette.muted, strokeWidth: 1.2, strokeDasharray: '1.5 3.5' };
  return line(randomPoints(landscape, top), { x: 'x', y: 'y', ...shared });
}

/** A working point from the lower to the upper end of its interval. */
function barOf({ signalEfficiency: x, rejection, interval }: WorkingPoint): { x: number; y: number }[] {
  return [interval?.low ?? rejection, rejection, interval?.high ?? rejection].map((y) => ({ x, y }));
}

/** Working points with their intervals as error bars. */
function workingPointMarks(
  points: readonly WorkingPoint[],
  stroke: string,
  top: number,
  { palette }: Brush,
): Markish[] {
  const bars = points.flatMap(({ signalEfficiency: x, interval }) =>
    interval === undefined ? [] : [{ x, y1: Math.max(1, interval.low), y2: Math.min(top, interval.high) }],
  );
  const dots = points.map(({ signalEfficiency: x, rejection: y }) => ({ x, y }));
  return [
    ruleX(bars, { x: 'x', y1: 'y1', y2: 'y2', stroke, strokeWidth: 1.6 }),
    dot(dots, { x: 'x', y: 'y', r: 3.6, fill: palette.paper, stroke, strokeWidth: 1.8 }),
  ];
}

/**
 * Draws the ROC curves of one or more taggers.
 *
 * Points that no background jet passes (1/ε_B infinite) are left out of the landscape plane; long curves are thinned to
 * what one can see; working points and their intervals are drawn in the landscape plane.
 *
 * @param curves ε_S and ε_B in [0, 1]; not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE for NaN or infinity; SHAPE_MISMATCH if lengths differ; BAD_ARGUMENT without a curve or
 *   without points
 * @see arXiv:1902.09914, figure 4
 */
export function rocCurve(curves: readonly RocCurve[], options: RocOptions = {}): string {
  checkSome('rocCurve', 'curves', curves.length);
  for (const curve of curves) checkCurve('rocCurve', curve);
  const tools = brush(options);
  const landscape = (options.axes ?? 'landscape') === 'landscape';
  const top = rejectionTop(curves);
  const series = curves.map((curve, i) => ({
    curve,
    points: landscape ? landscapePoints(curve, top) : classicPoints(curve),
    stroke: seriesColour(tools.palette, i),
    dash: seriesDash(i),
  }));
  const marks: Markish[] = [randomLine(landscape, top, tools)];
  for (const { curve, points, stroke } of series) {
    if (curve.band === undefined) continue;
    marks.push(
      landscape
        ? areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: stroke, fillOpacity: 0.22 })
        : areaX(points, { y: 'y', x1: 'low', x2: 'high', fill: stroke, fillOpacity: 0.22 }),
    );
  }
  for (const { points, stroke, dash } of series)
    marks.push(
      points.length === 1
        ? dot(points, { x: 'x', y: 'y', r: 4, fill: stroke })
        : line(points, { x: 'x', y: 'y', stroke, strokeWidth: 2, ...(dash && { strokeDasharray: dash }) }),
    );
  if (landscape)
    for (const { curve, stroke } of series)
      marks.push(...workingPointMarks(curve.workingPoints ?? [], stroke, top, tools));
  const entries = series.map(({ curve: { name, auc }, stroke, dash }) => ({
    label: name,
    stroke,
    dash,
    ...(auc !== undefined && { value: auc.toFixed(4) }),
  }));
  const width = options.width ?? 520;
  const margins = { top: (options.heading ?? options.note) ? 34 : 14, right: 16, bottom: 52, left: 66 };
  const height = Math.round(width * 0.86);
  const frame = [width - margins.left - margins.right, height - margins.top - margins.bottom] as const;
  const onFrame = ({ x, y }: { readonly x: number; readonly y: number }): Place => [
    x * frame[0],
    (1 - (landscape ? Math.log10(Math.max(1, y)) / Math.log10(top) : y)) * frame[1],
  ];
  const all = [...entries, { label: 'random choice', stroke: tools.palette.muted, dash: '1.5 3.5' }];
  const heading = curves.some(({ auc }) => auc !== undefined) ? 'AUC' : undefined;
  const lines = [
    ...series.map(({ points }) => points.map(onFrame)),
    randomPoints(landscape, top).map(onFrame),
    ...(landscape ? curves.flatMap(({ workingPoints = [] }) => workingPoints.map((at) => barOf(at).map(onFrame))) : []),
  ];
  const { place, above } = legendRoom(
    all,
    heading,
    frame,
    lines,
    landscape ? 'top-right' : 'bottom-right',
    margins.top,
  );
  marks.push(legend(all, place, tools, heading));
  const named = curves
    .map(({ name, auc }) => (auc === undefined ? name : `${name} (AUC ${auc.toFixed(4)})`))
    .join(', ');
  const signal = { label: 'Signal efficiency ε_{S}', domain: [0, 1] } as const;
  return figure(
    {
      name: 'roc',
      title: landscape
        ? `Background rejection against signal efficiency: ${named}`
        : `Signal efficiency against background efficiency: ${named}`,
      width,
      height: height + above,
      margins: { ...margins, top: margins.top + above },
      x: landscape ? signal : { label: 'Background efficiency ε_{B}', domain: [0, 1] },
      y: landscape ? { label: 'Background rejection 1/ε_{B}', type: 'log', domain: [1, top] } : signal,
      marks,
      ...(options.heading !== undefined && { heading: options.heading }),
      ...(options.note !== undefined && { note: options.note }),
    },
    options,
    tools,
  );
}
