/** @file The frame that all pictures share: axes with inward ticks on four sides, titles at the ends, legends. */
import { type Markish, plot, type RenderFunction } from '@observablehq/plot';
import { plotDocument } from './document.js';
import { FRAMES, type FrameBox, writeFrames } from './frames.js';
import { type Colours, colours, fontFamily, fontSize, type PlotOptions, themeSheet } from './style.js';
import { type Attributes, element, plainText, px, richText, serialise, shorten, textWidth } from './svg.js';
import { linearTicks, logTicks, type Ticks } from './ticks.js';

export interface Axis {
  /** with `_{…}` for subscripts */
  readonly label?: string;
  readonly type?: 'linear' | 'log';
  readonly domain: readonly [low: number, high: number];
  /** about how many; by default from the length of the axis */
  readonly tickCount?: number;
  /** instead of round numbers; an empty list for none */
  readonly ticks?: Ticks;
  /** false leaves the numbers out (an inner panel) */
  readonly numbers?: boolean;
}

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** One framed plot. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly margins: Margins;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Markish[];
  /** above the frame, left, bold */
  readonly heading?: string;
  /** above the frame, right */
  readonly note?: string;
}

/** What a picture draws with. */
export interface Brush {
  readonly document: Document;
  readonly palette: Colours;
}

/** Finds the document and the colours. */
export function brush(options: PlotOptions): Brush {
  return { document: plotDocument(options.document), palette: colours(options.theme ?? 'auto') };
}

const ticksOf = (axis: Axis, length: number, spacing: number): Ticks => {
  if (axis.ticks !== undefined) return axis.ticks;
  const count = axis.tickCount ?? Math.max(2, Math.round(length / spacing));
  return axis.type === 'log' ? logTicks(axis.domain, count) : linearTicks(axis.domain, count);
};

type Position = (value: number) => number;

interface Edges {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The frame and its ticks, inward on all four sides, as one path; none on a corner. */
function framePath({ left, right, top, bottom }: Edges, xTicks: Ticks, yTicks: Ticks, toX: Position, toY: Position) {
  let path = `M${left},${top}H${right}V${bottom}H${left}Z`;
  const lengths = ({ major, minor, lines }: Ticks): (readonly [values: readonly number[], length: number])[] =>
    lines === false
      ? []
      : [
          [major, 8],
          [minor, 4],
        ];
  for (const [values, length] of lengths(xTicks))
    for (const x of values.map(toX))
      if (x > left + 0.5 && x < right - 0.5) path += `M${px(x)},${bottom}v${-length}M${px(x)},${top}v${length}`;
  for (const [values, length] of lengths(yTicks))
    for (const y of values.map(toY))
      if (y > top + 0.5 && y < bottom - 0.5) path += `M${left},${px(y)}h${length}M${right},${px(y)}h${-length}`;
  return path;
}

/** Axes, numbers, titles at the ends of the axes, heading. */
function frame({ x, y, heading, note }: Panel, { palette }: Brush): RenderFunction {
  return (_index, scales, _values, size, { document }) => {
    const left = size.marginLeft;
    const right = size.width - size.marginRight;
    const top = size.marginTop;
    const bottom = size.height - size.marginBottom;
    const xTicks = ticksOf(x, right - left, 75);
    const yTicks = ticksOf(y, bottom - top, 42);
    const toX = scales.x as Position;
    const toY = scales.y as Position;
    const group = element(document, 'g', { fill: palette.ink });
    const write = (text: string, attributes: Attributes): void => {
      group.appendChild(richText(document, text, attributes));
    };
    group.appendChild(
      element(document, 'path', {
        d: framePath({ left, right, top, bottom }, xTicks, yTicks, toX, toY),
        fill: 'none',
        stroke: palette.ink,
        'stroke-width': 1.1,
      }),
    );
    const title = { 'text-anchor': 'end', 'font-size': fontSize + 1 };
    const below = bottom + fontSize + 5;
    if (x.numbers !== false)
      for (const value of xTicks.major)
        write(xTicks.format(value), { x: toX(value), y: below, 'text-anchor': 'middle' });
    if (x.label !== undefined) write(x.label, { ...title, x: right, y: below + fontSize + 8 });
    const yNumbers = y.numbers === false ? [] : yTicks.major;
    for (const value of yNumbers)
      write(yTicks.format(value), { x: left - 7, y: toY(value) + fontSize * 0.35, 'text-anchor': 'end' });
    if (y.label !== undefined) {
      const widest = Math.max(0, ...yNumbers.map((value) => textWidth(yTicks.format(value), fontSize)));
      const at = Math.max(fontSize, Math.min(left - 47, left - 16 - widest));
      write(y.label, { ...title, transform: `translate(${px(at)},${top}) rotate(-90)` });
    }
    const taken = note === undefined ? 0 : textWidth(note, fontSize) + 12;
    // bold letters are about a seventh wider
    if (heading !== undefined)
      write(shorten(heading, (right - left - taken) / 1.15, fontSize + 1), {
        x: left,
        y: top - 9,
        'font-weight': 650,
        'font-size': fontSize + 1,
      });
    if (note !== undefined) write(note, { x: right, y: top - 9, 'text-anchor': 'end', fill: palette.muted });
    return group;
  };
}

/** Something on a sheet; `frame` in pixels from the upper left corner of the node. */
export interface Part {
  readonly node: SVGElement;
  readonly frame?: FrameBox;
}

/** Draws one framed plot as an `svg` element of its own size, to stand alone or inside a sheet. */
export function panel(what: Panel, tools: Brush): Part {
  const axis = ({ type, domain }: Axis) => ({ type: type ?? 'linear', domain: [...domain], axis: null });
  const drawn = plot({
    document: tools.document,
    className: 'jet-panel',
    width: what.width,
    height: what.height,
    marginTop: what.margins.top,
    marginRight: what.margins.right,
    marginBottom: what.margins.bottom,
    marginLeft: what.margins.left,
    x: axis(what.x),
    y: axis(what.y),
    marks: [...what.marks, frame(what, tools)],
  });
  drawn.querySelector('style')?.remove();
  // Plot shifts its marks by half a pixel on screens of low density only: without it every machine draws the same.
  for (const mark of Array.from(drawn.children)) mark.removeAttribute('transform');
  for (const name of ['class', 'fill', 'font-family', 'font-size', 'text-anchor']) drawn.removeAttribute(name);
  const { width, height, margins } = what;
  return {
    node: drawn as Element as SVGElement,
    frame: {
      left: margins.left,
      top: margins.top,
      width: width - margins.left - margins.right,
      height: height - margins.top - margins.bottom,
    },
  };
}

/** A whole picture: paper, accessible title, and panels or other elements on it. */
export interface Sheet {
  /** kind of picture, part of the class names */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** read out by screen readers */
  readonly title: string;
  readonly description?: string;
  readonly parts: readonly (Part & { readonly x: number; readonly y: number })[];
}

const shares = ({ left, top, width, height }: FrameBox, x: number, y: number, whole: Sheet): FrameBox => ({
  left: (x + left) / whole.width,
  top: (y + top) / whole.height,
  width: width / whole.width,
  height: height / whole.height,
});

/** Puts a sheet together and writes it as XML. */
export function sheet(what: Sheet, options: PlotOptions, tools: Brush): string {
  const { document, palette } = tools;
  const automatic = (options.theme ?? 'auto') === 'auto';
  const frames = what.parts.flatMap(({ frame, x, y }) => (frame === undefined ? [] : [shares(frame, x, y, what)]));
  const svg = element(document, 'svg', {
    class: `jet-plot jet-plot-${what.name}`,
    role: 'img',
    width: what.width,
    height: what.height,
    viewBox: `0 0 ${what.width} ${what.height}`,
    fill: palette.ink,
    'font-family': fontFamily,
    'font-size': fontSize,
    [FRAMES]: frames.length === 0 ? undefined : writeFrames(frames),
  });
  svg.appendChild(element(document, 'title', {}, plainText(what.title)));
  if (what.description !== undefined) svg.appendChild(element(document, 'desc', {}, plainText(what.description)));
  if (automatic) svg.appendChild(element(document, 'style', {}, themeSheet('.jet-plot')));
  svg.appendChild(element(document, 'rect', { width: what.width, height: what.height, fill: palette.paper }));
  for (const { node, x, y } of what.parts) {
    node.setAttribute('x', String(x));
    node.setAttribute('y', String(y));
    svg.appendChild(node);
  }
  return serialise(svg);
}

/** A picture of one panel. */
export function figure(
  what: Panel & { readonly name: string; readonly title: string; readonly description?: string },
  options: PlotOptions,
  tools: Brush,
): string {
  return sheet({ ...what, parts: [{ ...panel(what, tools), x: 0, y: 0 }] }, options, tools);
}
