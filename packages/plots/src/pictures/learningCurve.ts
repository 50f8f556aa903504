/** @file What more jets to learn from are worth. */
import { JetError } from '@jetsdk/jets';
import { dot, line, type Markish, ruleX } from '@observablehq/plot';
import { checkFinite, checkSome } from '../parts/check.js';
import { type Axis, brush, type Panel, panel, sheet } from '../parts/figure.js';
import { formatCount } from '../parts/formatNumber.js';
import { legend, legendRoom, type Place } from '../parts/legend.js';
import { type PlotOptions, seriesColour, seriesDash } from '../parts/style.js';
import { logTicks, niceDomain, type Ticks } from '../parts/ticks.js';

/** A figure of one network, trained on more and more jets. */
export interface LearningCurve {
  readonly name: string;
  readonly points: readonly {
    /** learned from */
    readonly jets: number;
    readonly value: number;
    /** interval around the value */
    readonly low: number;
    readonly high: number;
  }[];
}

/** One figure of all networks. */
export interface LearningFigure {
  /** title of the axis */
  readonly label: string;
  /** default linear */
  readonly scale?: 'linear' | 'log';
  readonly curves: readonly LearningCurve[];
}

export interface LearningCurveOptions extends PlotOptions {
  readonly heading?: string;
  /** above the frame, right, e.g. what the intervals are */
  readonly note?: string;
}

/** Numbers of jets that get a tick each; of more, round ones do. */
const TICKS = 7;

function check({ label, scale, curves }: LearningFigure): void {
  checkSome('learningCurve', `curves of ${label}`, curves.length);
  for (const { name, points } of curves) {
    checkSome('learningCurve', `points of ${name}`, points.length);
    for (const { jets, value, low, high } of points) {
      checkFinite('learningCurve', `${label} of ${name}`, [jets, value, low, high]);
      if (!(jets > 0 && low <= value && value <= high && (scale !== 'log' || low > 0)))
        throw new JetError(
          'OUT_OF_RANGE',
          `learningCurve: ${label} of ${name}, got ${value} with the interval ${low} to ${high} for ${jets} jets; expected jets above 0 and an interval around the value${scale === 'log' ? ', above 0' : ''}`,
          { jets, value, low, high },
        );
    }
  }
}

function valueDomain({ scale, curves }: LearningFigure): [low: number, high: number] {
  const points = curves.flatMap((curve) => curve.points);
  const low = Math.min(...points.map((point) => point.low));
  const high = Math.max(...points.map((point) => point.high));
  if (scale === 'log') return [low / 1.3, high * 1.3];
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  const [from, to] = niceDomain([low - margin, high + margin], 10);
  return [from, high <= 1 ? Math.min(1, to) : to];
}

/** Round values of an axis of rejections, which seldom spans a decade. */
function rejectionTicks(domain: readonly [low: number, high: number]): Ticks {
  const ticks = logTicks(domain, 4);
  const { minor, major } = ticks;
  const steps = [...major, ...minor].filter((value) => [1, 2, 5].includes(Number(value.toExponential()[0])));
  if (steps.length < 2) return ticks;
  return { major: steps, minor: minor.filter((value) => !steps.includes(value)), format: formatCount };
}

/**
 * Draws figures of networks against the number of jets that they learned from, logarithmic, with intervals.
 *
 * @param figures one panel each, above each other; not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE; OUT_OF_RANGE for an interval that does not hold its value, or what a logarithm has no place
 *   for; BAD_ARGUMENT without a figure, curve or point
 */
export function learningCurve(figures: readonly LearningFigure[], options: LearningCurveOptions = {}): string {
  checkSome('learningCurve', 'figures', figures.length);
  for (const one of figures) check(one);
  const tools = brush(options);
  const width = options.width ?? 520;
  const top = (options.heading ?? options.note) ? 34 : 14;
  const inner = Math.round(width * (figures.length === 1 ? 0.55 : 0.36));
  const all = figures.flatMap(({ curves }) => curves.flatMap(({ points }) => points.map(({ jets }) => jets)));
  const sizes = [...new Set(all)].sort((a, b) => a - b);
  const x: Axis = {
    label: 'Jets to learn from',
    type: 'log',
    domain: [sizes[0] / 1.15, sizes[sizes.length - 1] * 1.15],
  };
  const ticks = sizes.length > TICKS ? logTicks(x.domain, TICKS) : { major: sizes, minor: [], format: formatCount };
  const names = [...new Set(figures.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const entries = names.map((label, i) => ({ label, stroke: seriesColour(tools.palette, i), dash: seriesDash(i) }));
  let y = 0;
  const parts = figures.map((one, i) => {
    const { label, scale = 'linear', curves } = one;
    const last = i === figures.length - 1;
    const above = i === 0 ? top : 8;
    const domain = valueDomain(one);
    const marks: Markish[] = curves.flatMap(({ name, points }) => {
      const { stroke, dash } = entries[names.indexOf(name)];
      const sorted = [...points].sort((a, b) => a.jets - b.jets);
      return [
        line(sorted, { x: 'jets', y: 'value', stroke, strokeWidth: 2, ...(dash && { strokeDasharray: dash }) }),
        ruleX(sorted, { x: 'jets', y1: 'low', y2: 'high', stroke, strokeWidth: 1.6 }),
        dot(sorted, { x: 'jets', y: 'value', r: 4, fill: tools.palette.paper, stroke, strokeWidth: 2 }),
      ];
    });
    const frame = [width - 66 - 16, inner] as const;
    const share = (value: number, [low, high]: readonly [number, number], log: boolean): number =>
      log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    const place = (jets: number, value: number): Place => [
      share(jets, x.domain, true) * frame[0],
      (1 - share(value, domain, scale === 'log')) * frame[1],
    ];
    const drawn = curves.flatMap(({ points }) => [
      points.map(({ jets, value }) => place(jets, value)),
      ...points.map(({ jets, low, high }) => [place(jets, low), place(jets, high)]),
    ]);
    const room = i === 0 ? legendRoom(entries, undefined, frame, drawn, 'bottom-right', above) : undefined;
    if (room !== undefined) marks.push(legend(entries, room.place, tools));
    const over = above + (room?.above ?? 0);
    const spec: Panel = {
      width,
      height: over + inner + (last ? 52 : 8),
      margins: { top: over, right: 16, bottom: last ? 52 : 8, left: 66 },
      x: last ? { ...x, ticks } : { type: 'log', domain: x.domain, ticks, numbers: false },
      y: { label, type: scale, domain, ...(scale === 'log' ? { ticks: rejectionTicks(domain) } : { tickCount: 4 }) },
      marks,
      ...(i === 0 && options.heading !== undefined && { heading: options.heading }),
      ...(i === 0 && options.note !== undefined && { note: options.note }),
    };
    const placed = { ...panel(spec, tools), x: 0, y };
    y += spec.height;
    return placed;
  });
  const title = `${figures.map(({ label }) => label).join(', ')} of ${names.join(', ')} against the jets learned from`;
  return sheet({ name: 'learning-curve', width, height: y, title, parts }, options, tools);
}
