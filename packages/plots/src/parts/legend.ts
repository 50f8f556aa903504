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

/** A legend in a corner of the frame; `heading` stands over the second column. */
export function legend(
  entries: readonly LegendEntry[],
  corner: 'top-left' | 'top-right' | 'bottom-right',
  { palette }: Brush,
  heading?: string,
): RenderFunction {
  return (_index, _scales, _values, size, { document }) => {
    const column = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => textWidth(text, fontSize)));
    const values = column([heading ?? '', ...entries.map(({ value }) => value ?? '')]);
    const beside = sample + 8 + (values > 0 ? 14 + values : 0);
    const room = size.width - size.marginLeft - size.marginRight - 32 - beside;
    const names = entries.map(({ label }) => shorten(label, room, fontSize));
    const width = beside + column(names);
    const left = corner === 'top-left' ? size.marginLeft + 16 : size.width - size.marginRight - 16 - width;
    const group = element(document, 'g');
    const height = row * (entries.length + (heading === undefined ? 0 : 1));
    let y = corner === 'bottom-right' ? size.height - size.marginBottom - 12 - height : size.marginTop + 12;
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
