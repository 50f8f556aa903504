/** @file How a training went. */
import { JetError } from '@jetsdk/jets';
import { dot, line, type Markish, ruleX } from '@observablehq/plot';
import { checkFinite, checkLength, checkSome } from '../parts/check.js';
import { type Axis, type Brush, brush, type Panel, panel, sheet } from '../parts/figure.js';
import { type LegendEntry, legend, legendRoom, type Place } from '../parts/legend.js';
import type { PlotOptions } from '../parts/style.js';
import { linearTicks, niceDomain } from '../parts/ticks.js';

/** One number an epoch, from epoch 1. */
export interface TrainingHistory {
  readonly loss: ArrayLike<number>;
  readonly valLoss?: ArrayLike<number>;
  readonly accuracy?: ArrayLike<number>;
  readonly valAccuracy?: ArrayLike<number>;
  /** from 1; default: where `valLoss` (else `loss`) is lowest */
  readonly bestEpoch?: number;
}

export interface HistoryOptions extends PlotOptions {
  readonly heading?: string;
  readonly note?: string;
}

function lowest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] < values[best]) best = i;
  return best + 1;
}

/** The epoch that is kept, from 1. */
export function bestEpochOf({ bestEpoch, loss, valLoss }: TrainingHistory): number {
  return bestEpoch ?? lowest(valLoss ?? loss);
}

interface Series {
  readonly label: string;
  readonly values: ArrayLike<number>;
  readonly validation: boolean;
}

function marksOf(
  series: readonly Series[],
  best: number,
  { palette }: Brush,
): { marks: Markish[]; legend: LegendEntry[] } {
  const marks: Markish[] = [ruleX([best], { stroke: palette.muted, strokeDasharray: '4 3', strokeWidth: 1.2 })];
  const entries: LegendEntry[] = [];
  for (const { label, values, validation } of series) {
    const stroke = palette.series[validation ? 2 : 0];
    const dash = validation ? '7 3' : undefined;
    const points = Array.from(values, (y, i) => ({ x: i + 1, y }));
    marks.push(
      line(points, { x: 'x', y: 'y', stroke, strokeWidth: 2, ...(dash && { strokeDasharray: dash }) }),
      dot([points[best - 1]], { x: 'x', y: 'y', r: 4, fill: palette.paper, stroke, strokeWidth: 2 }),
    );
    entries.push({ label, stroke, dash });
  }
  return { marks, legend: entries };
}

function valueDomain(series: readonly Series[], upTo: number): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values } of series)
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  const [nice, top] = niceDomain([low - margin, high + margin], 20);
  return [nice, Math.min(top, Math.max(upTo, high))];
}

/** Numbers on the y axes. */
const TICKS = 4;
/** Room for the title of an axis and numbers of so many characters, and for each one more. */
const [LEFT, DIGITS, DIGIT] = [66, 5, 8];

/**
 * Draws loss and, where given, accuracy against the epoch, the best epoch marked.
 *
 * @param training one number an epoch; not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE for NaN or infinity; SHAPE_MISMATCH if lengths differ; BAD_ARGUMENT without an epoch;
 *   OUT_OF_RANGE if there is no such best epoch
 */
export function history(training: TrainingHistory, options: HistoryOptions = {}): string {
  const epochs = training.loss.length;
  checkSome('history', 'epochs', epochs);
  const groups = [
    { label: 'Loss', train: training.loss, validation: training.valLoss, upTo: Number.POSITIVE_INFINITY },
    { label: 'Accuracy', train: training.accuracy, validation: training.valAccuracy, upTo: 1 },
  ].flatMap(({ label, train, validation, upTo }) => {
    const series: Series[] = [];
    if (train !== undefined) series.push({ label: 'training', values: train, validation: false });
    if (validation !== undefined) series.push({ label: 'validation', values: validation, validation: true });
    for (const { label: of, values } of series) {
      checkLength('history', `${of} ${label.toLowerCase()}`, values.length, epochs);
      checkFinite('history', `${of} ${label.toLowerCase()}`, values);
    }
    return series.length === 0 ? [] : [{ label, series, upTo }];
  });
  const best = bestEpochOf(training);
  if (!Number.isInteger(best) || best < 1 || best > epochs)
    throw new JetError('OUT_OF_RANGE', `history: bestEpoch, got ${best}; expected 1 to ${epochs}`, { best, epochs });

  const tools = brush(options);
  const width = options.width ?? 520;
  const top = (options.heading ?? options.note) ? 34 : 14;
  const inner = Math.round(width * (groups.length === 1 ? 0.55 : 0.36));
  const x: Axis = { label: 'Epoch', domain: epochs === 1 ? [0.5, 1.5] : [1, epochs] };
  const xTicks = linearTicks(x.domain, Math.max(2, Math.min(epochs, 7)));
  const whole = (epoch: number): boolean => Number.isInteger(epoch) && epoch >= 1 && epoch <= epochs;
  const ticks = { ...xTicks, format: String, major: xTicks.major.filter(whole), minor: xTicks.minor.filter(whole) };
  const yTicks = groups.map(({ series, upTo }) => linearTicks(valueDomain(series, upTo), TICKS));
  const digits = Math.max(...yTicks.flatMap(({ major, format }) => major.map((value) => format(value).length)));
  const left = LEFT + DIGIT * Math.max(0, digits - DIGITS);
  let y = 0;
  const parts = groups.map(({ label, series, upTo }, i) => {
    const last = i === groups.length - 1;
    const above = i === 0 ? top : 8;
    const drawn = marksOf(series, best, tools);
    const entries = [...drawn.legend, { label: `best epoch ${best}`, stroke: tools.palette.muted, dash: '4 3' }];
    const domain = valueDomain(series, upTo);
    const frame = [width - left - 16, inner] as const;
    const onFrame = (epoch: number, value: number): Place => [
      ((epoch - x.domain[0]) / (x.domain[1] - x.domain[0])) * frame[0],
      ((domain[1] - value) / (domain[1] - domain[0])) * frame[1],
    ];
    const lines = series.map(({ values }) => Array.from(values, (value, at) => onFrame(at + 1, value)));
    lines.push([onFrame(best, domain[0]), onFrame(best, domain[1])]);
    const room = i === 0 ? legendRoom(entries, undefined, frame, lines, 'top-right', above) : undefined;
    const marks = room === undefined ? drawn.marks : [...drawn.marks, legend(entries, room.place, tools)];
    const over = above + (room?.above ?? 0);
    const spec: Panel = {
      width,
      height: over + inner + (last ? 52 : 8),
      margins: { top: over, right: 16, bottom: last ? 52 : 8, left },
      x: last ? { ...x, ticks } : { domain: x.domain, ticks, numbers: false },
      y: { label, domain, tickCount: TICKS },
      marks,
      ...(i === 0 && options.heading !== undefined && { heading: options.heading }),
      ...(i === 0 && options.note !== undefined && { note: options.note }),
    };
    const placed = { ...panel(spec, tools), x: 0, y };
    y += spec.height;
    return placed;
  });
  return sheet(
    {
      name: 'history',
      width,
      height: y,
      title: `Training history over ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, best epoch ${best}`,
      parts,
    },
    options,
    tools,
  );
}
