/** @file Legends inside the frame. */
import type { RenderFunction } from '@observablehq/plot';
import type { Brush } from './figure.js';
import { fontSize } from './style.js';
import { element, richText, shorten, textWidth } from './svg.js';

export interface LegendEntry {
  readonly label: string;
  /** second column, flush right */
  readonly value?: string;
  readonly stroke: string;
  readonly dash?: string | undefined;
  /** a filled box instead of a line */
  readonly fill?: { readonly colour: string; readonly opacity: number };
}

const row = fontSize + 7;
const sample = 26;

/** Height of a legend with its distance from the frame and from the curves. */
export function legendHeight(rows: number): number {
  return rows * row + 12 + 14;
}

/** A place inside a frame, in pixels from its upper left corner. */
export type Place = readonly [x: number, y: number];

interface Measured {
  readonly names: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** @param room width of the frame */
function measure(entries: readonly LegendEntry[], heading: string | undefined, room: number): Measured {
  const column = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => textWidth(text, fontSize)));
  const values = column([heading ?? '', ...entries.map(({ value }) => value ?? '')]);
  const beside = sample + 8 + (values > 0 ? 14 + values : 0);
  const names = entries.map(({ label }) => shorten(label, room - 32 - beside, fontSize));
  return {
    names,
    width: beside + column(names),
    height: row * (entries.length + (heading === undefined ? 0 : 1)),
  };
}

type Corner = 'top-left' | 'top-right' | 'bottom-right';

/** Distance from frame and curves. */
const AWAY: Place = [16, 12];
/** Places that are tried along each side. */
const STEPS = 16;

/**
 * Where a legend lies on none of the curves: in the corner if that is free, else in the free place next to it.
 *
 * @param frame width and height, in pixels
 * @param curves points in pixels from the upper left corner of the frame
 * @returns the upper left corner of the legend; undefined where there is no such place
 */
export function freePlace(
  [width, height]: readonly [width: number, height: number],
  frame: readonly [width: number, height: number],
  curves: readonly (readonly Place[])[],
  corner: Corner,
): Place | undefined {
  const reach = [frame[0] - 2 * AWAY[0] - width, frame[1] - 2 * AWAY[1] - height];
  if (reach[0] < 0 || reach[1] < 0) return undefined;
  const places = Array.from({ length: (STEPS + 1) ** 2 }, (_, i): Place => {
    const [across, down] = [(i % (STEPS + 1)) / STEPS, Math.floor(i / (STEPS + 1)) / STEPS];
    return [
      AWAY[0] + reach[0] * (corner === 'top-left' ? across : 1 - across),
      AWAY[1] + reach[1] * (corner === 'bottom-right' ? 1 - down : down),
    ];
  });
  const [first] = places;
  const far = ([x, y]: Place): number => Math.hypot(x - first[0], y - first[1]);
  const free = ([x, y]: Place): boolean =>
    curves.every((curve) => !crosses(curve, x - 6, y - 4, x + width + 6, y + height + 4));
  return places.sort((a, b) => far(a) - far(b)).find(free);
}

/** Whether a line through the points meets the box. */
function crosses(curve: readonly Place[], left: number, top: number, right: number, bottom: number): boolean {
  return curve.some(([x, y], i) => {
    const [x0, y0] = curve[Math.max(0, i - 1)];
    // the part of the piece that lies inside, by Liang and Barsky
    let [from, to] = [0, 1];
    for (const [step, room] of [
      [x0 - x, x0 - left],
      [x - x0, right - x0],
      [y0 - y, y0 - top],
      [y - y0, bottom - y0],
    ]) {
      if (step === 0 ? room < 0 : false) return false;
      if (step < 0) from = Math.max(from, room / step);
      if (step > 0) to = Math.min(to, room / step);
    }
    return from <= to;
  });
}

/** How a legend keeps off the curves. */
export interface LegendRoom {
  /** where it lies in the frame */
  readonly place: Place;
  /** height to add above the frame, where nothing inside is free */
  readonly above: number;
}

/** A place for a legend that covers no curve: inside the frame, else above it and its heading. @param top margin above the frame */
export function legendRoom(
  entries: readonly LegendEntry[],
  heading: string | undefined,
  frame: readonly [width: number, height: number],
  curves: readonly (readonly Place[])[],
  corner: Corner,
  top: number,
): LegendRoom {
  const { width, height } = measure(entries, heading, frame[0]);
  const place = freePlace([width, height], frame, curves, corner);
  if (place !== undefined) return { place, above: 0 };
  const above = height + 14;
  return { place: [0, 8 - top - above], above };
}

/** A legend in the upper right corner of the frame, or where it is told; `heading` stands over the second column. */
export function legend(
  entries: readonly LegendEntry[],
  where: 'top-right' | Place,
  { palette }: Brush,
  heading?: string,
): RenderFunction {
  return (_index, _scales, _values, size, { document }) => {
    const frame = size.width - size.marginLeft - size.marginRight;
    const { names, width } = measure(entries, heading, frame);
    const [x, top] = where === 'top-right' ? [frame - AWAY[0] - width, AWAY[1]] : where;
    const left = size.marginLeft + x;
    const group = element(document, 'g', { class: 'jet-legend' });
    let y = size.marginTop + top;
    if (heading !== undefined) {
      group.appendChild(
        richText(document, heading, {
          x: left + width,
          y: y + row * 0.7,
          'text-anchor': 'end',
          fill: palette.muted,
        }),
      );
      y += row;
    }
    entries.forEach(({ value, stroke, dash, fill }, i) => {
      const middle = y + row / 2;
      group.appendChild(
        fill === undefined
          ? element(document, 'line', {
              x1: left,
              x2: left + sample,
              y1: middle,
              y2: middle,
              stroke,
              'stroke-width': 2.2,
              'stroke-dasharray': dash,
            })
          : element(document, 'rect', {
              x: left,
              y: middle - 6,
              width: sample,
              height: 12,
              fill: fill.colour,
              'fill-opacity': fill.opacity,
              stroke,
              'stroke-width': 1.6,
              'stroke-dasharray': dash,
            }),
      );
      const text = { y: middle + fontSize * 0.35, fill: palette.ink };
      group.appendChild(richText(document, names[i], { ...text, x: left + sample + 8 }));
      if (value !== undefined)
        group.appendChild(richText(document, value, { ...text, x: left + width, 'text-anchor': 'end' }));
      y += row;
    });
    return group;
  };
}
