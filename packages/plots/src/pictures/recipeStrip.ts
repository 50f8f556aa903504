/** @file A recipe at work, step by step: constituents as discs, then pixels, side by side. */
import { JetError } from '@jetsdk/jets';
import type { RenderFunction } from '@observablehq/plot';
import { checkFinite, checkLength, checkSome } from '../parts/check.js';
import type { ColourScale } from '../parts/colourScale.js';
import { type Brush, brush, type Part, panel, type Sheet, sheet } from '../parts/figure.js';
import { fontSize, type PlotOptions } from '../parts/style.js';
import { type Attributes, element, px, richText, shorten } from '../parts/svg.js';
import { linearTicks } from '../parts/ticks.js';
import type { JetImage } from './jetImage.js';
import { colourBar, emptyMark, pixelMark, pixelScale } from './pixels.js';

/** Constituents of one jet. */
export interface Discs {
  /** (m,) finite, > 0; area and colour of a disc; not modified */
  readonly pt: ArrayLike<number>;
  /** (m,) finite; not modified */
  readonly eta: ArrayLike<number>;
  /** (m,) finite, radians; not modified */
  readonly phi: ArrayLike<number>;
}

/** What one panel shows. */
export interface StripCell {
  readonly content: Discs | Omit<JetImage, 'title'>;
  /** half the side of the square in η and φ */
  readonly halfWidth: number;
  /** middle of the square; default 0, 0 */
  readonly centre?: readonly [eta: number, phi: number];
  /** above the frame, under the heading */
  readonly note?: string;
}

/** One step. */
export interface StripColumn {
  readonly heading: string;
  /** title of the colour bar; neighbours with the same one share it and the scale */
  readonly quantity: string;
}

export interface RecipeStripData {
  readonly columns: readonly StripColumn[];
  readonly rows: readonly {
    readonly label: string;
    /** one a column; undefined where the panel would repeat the one above */
    readonly cells: readonly (StripCell | undefined)[];
  }[];
}

export interface RecipeStripOptions extends PlotOptions {
  /** read out by screen readers; default: from labels and headings */
  readonly title?: string;
}

const isImage = (content: StripCell['content']): content is Omit<JetImage, 'title'> => 'pixels' in content;

/** Radius of the disc of highest pT: in pixels, and as a part of the side, whichever is less. */
const LARGEST_DISC = [12, 0.075] as const;
const LABEL = 28;
const HEADING = 24;
const NOTE = 18;
const BELOW = 46;
const NUMBERS = 46;
const BAR = 92;
const GAP = 8;
/** Room for half of a number at the right end of an axis. */
const OVERHANG = 16;
const ROWS = 28;
/** Side of a panel, at least, where no width is given. */
const SMALLEST = 150;

function checkStrip({ columns, rows }: RecipeStripData): void {
  checkSome('recipeStrip', 'columns', columns.length);
  checkSome('recipeStrip', 'rows', rows.length);
  for (const { label, cells } of rows) {
    checkLength('recipeStrip', `panels of ${label}`, cells.length, columns.length);
    checkSome('recipeStrip', `panels of ${label}`, cells.filter((cell) => cell !== undefined).length);
    for (const [i, cell] of cells.entries()) {
      if (cell === undefined) continue;
      const of = `${columns[i].heading} of ${label}`;
      const { content, halfWidth, centre = [0, 0] } = cell;
      checkFinite('recipeStrip', `middle of ${of}`, centre);
      if (!(halfWidth > 0 && halfWidth < Number.POSITIVE_INFINITY))
        throw new JetError('OUT_OF_RANGE', `recipeStrip: half width of ${of}, got ${halfWidth}; expected it above 0`, {
          halfWidth,
        });
      if (isImage(content)) {
        checkLength('recipeStrip', `pixels of ${of}`, content.pixels.length, content.shape[0] * content.shape[1]);
        checkFinite('recipeStrip', `pixels of ${of}`, content.pixels);
        continue;
      }
      for (const key of ['pt', 'eta', 'phi'] as const) {
        checkLength('recipeStrip', `${key} of ${of}`, content[key].length, content.pt.length);
        checkFinite('recipeStrip', `${key} of ${of}`, content[key]);
      }
    }
  }
}

/** Discs, large ones below small ones; those whose middle lies outside the frame are left out. */
function discMark(
  { pt, eta, phi }: Discs,
  { halfWidth, centre: [middleEta, middlePhi] = [0, 0] }: StripCell,
  highest: number,
  colours: ColourScale,
  { palette }: Brush,
): RenderFunction {
  return (_index, _scales, _values, size, { document }) => {
    const side = size.width - size.marginLeft - size.marginRight;
    const largest = Math.min(LARGEST_DISC[0], LARGEST_DISC[1] * side);
    const group = element(document, 'g', { stroke: palette.paper, 'stroke-width': 0.5 });
    const falling = Array.from(pt, (_, i) => i).sort((a, b) => pt[b] - pt[a]);
    for (const i of falling) {
      const x = (eta[i] - middleEta) / halfWidth;
      const y = (phi[i] - middlePhi) / halfWidth;
      if (Math.abs(x) > 1 || Math.abs(y) > 1 || !(pt[i] > 0)) continue;
      group.appendChild(
        element(document, 'circle', {
          cx: px(size.marginLeft + (side * (x + 1)) / 2),
          cy: px(size.marginTop + (side * (1 - y)) / 2),
          r: px(Math.max(1.1, largest * Math.sqrt(pt[i] / highest))),
          fill: colours.ink(colours.level(pt[i])).fill,
        }),
      );
    }
    return group;
  };
}

/** Neighbouring columns with one scale. */
interface Group {
  readonly first: number;
  readonly last: number;
  /** of its colour bar */
  readonly x: number;
}

/** Where everything goes. */
interface Layout {
  /** of a panel's frame */
  readonly side: number;
  /** left edge of each column's frames */
  readonly columns: readonly number[];
  readonly groups: readonly Group[];
  /** from the top of a row to its frames */
  readonly above: number;
  /** from row to row */
  readonly pitch: number;
  readonly width: number;
  readonly height: number;
}

const middle = ({ centre: [eta, phi] = [0, 0] }: StripCell): readonly [number, number] => [eta, phi];

/** Whether a panel needs numbers of its own at the left. */
function differs(left: StripCell | undefined, cell: StripCell | undefined): boolean {
  if (left === undefined || cell === undefined) return false;
  const [a, b] = [middle(left), middle(cell)];
  return left.halfWidth !== cell.halfWidth || a[0] !== b[0] || a[1] !== b[1];
}

function layOut({ columns, rows }: RecipeStripData, given: number | undefined): Layout {
  const numbered = columns.map((_, i) => i === 0 || rows.some(({ cells }) => differs(cells[i - 1], cells[i])));
  const closing = columns.map(({ quantity }, i) => columns[i + 1]?.quantity !== quantity);
  const count = (flags: readonly boolean[]): number => flags.filter(Boolean).length;
  const taken = NUMBERS * count(numbered) + BAR * count(closing) + GAP * (columns.length - 1);
  const width = given ?? Math.max(1240, taken + SMALLEST * columns.length);
  const side = Math.floor((width - taken) / columns.length);
  const places: number[] = [];
  const groups: Group[] = [];
  let x = 0;
  let first = 0;
  columns.forEach((_, i) => {
    if (numbered[i]) x += NUMBERS;
    places.push(x);
    x += side;
    if (closing[i]) {
      groups.push({ first, last: i, x: x + 12 });
      x += BAR;
      first = i + 1;
    }
    x += GAP;
  });
  const noted = rows.some(({ cells }) => cells.some((cell) => cell?.note !== undefined));
  const above = LABEL + HEADING + (noted ? NOTE : 0);
  const pitch = above + side + ROWS;
  return { side, columns: places, groups, above, pitch, width, height: rows.length * pitch - ROWS + BELOW };
}

/** What all panels of a group are painted with. */
interface Paint {
  readonly colours: ColourScale | undefined;
  /** highest pT of a constituent */
  readonly highest: number;
}

function paintOf({ rows }: RecipeStripData, { first, last }: Group, { palette }: Brush): Paint {
  const contents = rows.flatMap(({ cells }) =>
    cells.slice(first, last + 1).flatMap((cell) => (cell === undefined ? [] : [cell.content])),
  );
  const values = contents.map((content) => (isImage(content) ? content.pixels : content.pt));
  const signed = values.some((all) => Array.prototype.some.call(all, (value: number) => value < 0));
  let highest = 0;
  for (const content of contents)
    if (!isImage(content)) for (let i = 0; i < content.pt.length; i++) highest = Math.max(highest, content.pt[i]);
  return { colours: pixelScale('recipeStrip', values, { scale: signed ? 'diverging' : 'log' }, palette), highest };
}

/** One panel; `sides` says whether the numbers of its axes are written. */
function cellOf(
  cell: StripCell,
  side: number,
  sides: { readonly left: boolean; readonly below: boolean },
  { colours, highest }: Paint,
  tools: Brush,
): Part {
  const { content, halfWidth } = cell;
  const empty = colours === undefined || (!isImage(content) && content.pt.length === 0);
  const mark = empty
    ? emptyMark(tools)
    : isImage(content)
      ? pixelMark(content, colours)
      : discMark(content, cell, highest, colours, tools);
  const names = cell.centre === undefined ? ['Δη', 'Δφ'] : ['η', 'φ'];
  const axis = (i: 0 | 1, numbers: boolean) => {
    const domain = [middle(cell)[i] - halfWidth, middle(cell)[i] + halfWidth] as const;
    const ticks = linearTicks(domain, 3);
    // the title stands at the upper end of the vertical axis
    const clear = i === 0 ? Number.POSITIVE_INFINITY : domain[1] - 0.2 * halfWidth;
    const format = (value: number): string => (value > clear ? '' : ticks.format(value));
    return { domain, ticks: { ...ticks, format }, numbers, ...(numbers && { label: names[i] }) };
  };
  const margins = { top: 2, right: OVERHANG, bottom: sides.below ? BELOW : 2, left: sides.left ? NUMBERS : 2 };
  return panel(
    {
      width: side + margins.left + margins.right,
      height: side + margins.top + margins.bottom,
      margins,
      x: axis(0, sides.below),
      y: axis(1, sides.left),
      marks: [mark],
    },
    tools,
  );
}

/** Labels of the rows, headings and notes of the panels. */
function texts({ columns, rows }: RecipeStripData, layout: Layout, { document, palette }: Brush) {
  const node = element(document, 'svg', { width: layout.width, height: layout.height, overflow: 'visible' });
  const write = (text: string, attributes: Attributes): void => {
    node.appendChild(richText(document, text, attributes));
  };
  rows.forEach(({ label, cells }, r) => {
    const top = r * layout.pitch;
    const first = cells.findIndex((cell) => cell !== undefined);
    write(label, { x: layout.columns[first], y: top + 17, 'font-weight': 650, 'font-size': fontSize + 2 });
    cells.forEach((cell, c) => {
      if (cell === undefined) return;
      const x = layout.columns[c];
      const heading = shorten(columns[c].heading, layout.side, fontSize);
      write(heading, { x, y: top + LABEL + 14, 'font-weight': 600 });
      if (cell.note !== undefined) write(cell.note, { x, y: top + LABEL + 14 + NOTE, fill: palette.muted });
    });
  });
  return node;
}

/**
 * Draws jets after each step of a recipe: constituents as discs (area in proportion to pT, colour by pT), images as
 * pixels, a row for each jet, class or variant.
 *
 * @param strip not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE; SHAPE_MISMATCH if lengths do not fit; OUT_OF_RANGE for an empty square; BAD_ARGUMENT
 *   without a column, a row or a panel in one
 */
export function recipeStrip(strip: RecipeStripData, options: RecipeStripOptions = {}): string {
  checkStrip(strip);
  const { columns, rows } = strip;
  const tools = brush(options);
  const layout = layOut(strip, options.width);
  const { side, above, pitch, width, height } = layout;
  const parts: Sheet['parts'][number][] = [{ node: texts(strip, layout, tools), x: 0, y: 0 }];
  for (const group of layout.groups) {
    const paint = paintOf(strip, group, tools);
    rows.forEach(({ cells }, r) => {
      for (let c = group.first; c <= group.last; c++) {
        const cell = cells[c];
        if (cell === undefined) continue;
        const left = cells[c - 1] === undefined || differs(cells[c - 1], cell);
        const below = rows.slice(r + 1).every((row) => row.cells[c] === undefined);
        parts.push({
          ...cellOf(cell, side, { left, below }, paint, tools),
          x: layout.columns[c] - (left ? NUMBERS : 2),
          y: r * pitch + above - 2,
        });
      }
    });
    if (paint.colours !== undefined)
      parts.push({
        node: colourBar(paint.colours, side, columns[group.last].quantity, tools),
        x: group.x,
        y: above - fontSize,
      });
  }
  const said = rows.map(({ label, cells }) => {
    const steps = cells.flatMap((cell, i) =>
      cell === undefined ? [] : [[columns[i].heading, cell.note].join(' ').trim()],
    );
    return `${label}: ${steps.join(', ')}`;
  });
  return sheet(
    { name: 'recipe', width, height, title: options.title ?? `Recipe step by step. ${said.join('; ')}`, parts },
    options,
    tools,
  );
}
