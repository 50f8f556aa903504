/** @file Jet images: Δη to the right, Δφ upwards, pT as colour. */
import { JetError } from '@jetsdk/jets';
import { checkFinite, checkLength, checkSome } from '../parts/check.js';
import { type Axis, brush, panel, type Sheet, sheet } from '../parts/figure.js';
import { formatCount } from '../parts/formatNumber.js';
import { fontSize, type PlotOptions } from '../parts/style.js';
import { linearTicks } from '../parts/ticks.js';
import {
  barWidth,
  colourBar,
  emptyMark,
  type PixelScaleOptions,
  type Pixels,
  pixelMark,
  pixelScale,
} from './pixels.js';

/** An image with a title. */
export interface JetImage extends Pixels {
  readonly title?: string;
}

export interface JetImageOptions extends PlotOptions, PixelScaleOptions {
  /** half the side of the square in η and φ; without it the axes count pixels */
  readonly halfWidth?: number;
  /** titles of the axes; default Δη and Δφ */
  readonly labels?: readonly [x: string, y: string];
  /** title of the colour bar; default `Mean p_{T} (GeV)` */
  readonly quantity?: string;
  /** read out by screen readers; default: from the titles */
  readonly title?: string;
}

export interface JetImageGridOptions extends JetImageOptions {
  /** default: all in one row, at most four */
  readonly columns?: number;
  /** false leaves out ticks and axis titles; default true */
  readonly axes?: boolean;
}

/** Room for half of a number at the end of an axis. */
const OVERHANG = 12;

function checkImage(where: string, { shape: [height, width], pixels, title = 'the image' }: JetImage): void {
  for (const side of [height, width])
    if (!Number.isInteger(side) || side < 1)
      throw new JetError(
        'BAD_ARGUMENT',
        `${where}: shape of ${title}, got ${height}×${width}; expected positive integers`,
        {
          height,
          width,
        },
      );
  checkLength(where, `pixels of ${title}`, pixels.length, height * width);
  checkFinite(where, `pixels of ${title}`, pixels);
}

function axes(
  image: JetImage,
  { halfWidth, labels: [right, up] = ['Δη', 'Δφ'] }: JetImageOptions,
  side: number,
  ticked: boolean,
): { x: Axis & { label: string }; y: Axis & { label: string } } {
  const tickCount = side < 200 ? 3 : 4;
  const of = (label: string, pixels: number): Axis & { label: string } =>
    !ticked
      ? { label: '', domain: [0, pixels], ticks: { major: [], minor: [], format: String } }
      : halfWidth === undefined
        ? { label: `${label.slice(1)} (pixel)`, domain: [0, pixels], ticks: linearTicks([0, pixels], tickCount) }
        : { label, domain: [-halfWidth, halfWidth], ticks: linearTicks([-halfWidth, halfWidth], tickCount) };
  return { x: of(right, image.shape[0]), y: of(up, image.shape[1]) };
}

/**
 * Draws one jet image: a single jet, a class average, or a difference.
 *
 * @param image finite pixels; not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE for NaN or infinity; SHAPE_MISMATCH if there are not height × width pixels;
 *   OUT_OF_RANGE for a domain without extent
 * @see arXiv:1511.05190, figures 2 and 3
 */
export function jetImage(image: JetImage, options: JetImageOptions = {}): string {
  return drawGrid('jetImage', [image], { ...options, columns: 1 });
}

/**
 * Draws several jet images side by side with one colour scale.
 *
 * @param images of one shape; not modified
 * @returns SVG
 * @throws {JetError} as `jetImage`; BAD_ARGUMENT without an image
 */
export function jetImageGrid(images: readonly JetImage[], options: JetImageGridOptions = {}): string {
  return drawGrid('jetImageGrid', images, options);
}

function drawGrid(where: string, images: readonly JetImage[], options: JetImageGridOptions): string {
  checkSome(where, 'images', images.length);
  for (const image of images) checkImage(where, image);
  const tools = brush(options);
  const columns = Math.min(options.columns ?? 4, images.length);
  const rows = Math.ceil(images.length / columns);
  const titled = images.some(({ title }) => title !== undefined);
  const single = images.length === 1;
  const width = options.width ?? (single ? 480 : 780);
  const colours = pixelScale(
    where,
    images.map(({ pixels }) => pixels),
    options,
    tools.palette,
  );
  const ticked = options.axes ?? true;
  const left = ticked ? 60 : 4;
  const below = ticked ? 50 : 4;
  const right = 14 + (colours === undefined ? 78 : barWidth(colours));
  const gap = single ? 0 : 12;
  const above = titled ? 28 : 12;
  const side = Math.floor((width - left - right - gap * (columns - 1)) / columns);
  const parts: Sheet['parts'][number][] = images.map((image, i) => {
    const column = i % columns;
    const row = Math.floor(i / columns);
    const lowest = row === rows - 1 || i + columns >= images.length;
    const { x, y } = axes(image, options, side, ticked);
    const first = column === 0;
    const last = column === columns - 1 || i === images.length - 1;
    const margins = { top: above, right: OVERHANG, bottom: lowest ? below : 2, left: first ? left : OVERHANG };
    return {
      ...panel(
        {
          width: side + margins.left + margins.right,
          height: side + margins.top + margins.bottom,
          margins,
          x: labelled(last ? x : withoutLast(x), lowest, last),
          y: labelled(y, first, row === 0),
          marks: [colours === undefined ? emptyMark(tools) : pixelMark(image, colours)],
          ...(image.title !== undefined && { heading: image.title }),
        },
        tools,
      ),
      x: column * (side + gap) + left - margins.left,
      y: row * (side + gap + above - 2),
    };
  });
  const height = rows * (side + gap + above - 2) - gap + 2 + below;
  if (colours !== undefined) {
    const quantity = options.quantity ?? 'Mean p_{T} (GeV)';
    const tall = Math.min(height - above - below, 560);
    parts.push({
      node: colourBar(colours, tall, quantity, tools),
      x: width - right + 14,
      y: above - fontSize,
    });
  }
  const [etas, phis] = images[0].shape;
  const titles = images.map(({ title }) => title ?? 'jet').join(', ');
  return sheet(
    {
      name: 'image',
      width,
      height,
      title:
        options.title ??
        `${single ? 'Jet image' : `${formatCount(images.length)} jet images`} of ${etas} by ${phis} pixels: ${titles}`,
      parts,
    },
    options,
    tools,
  );
}

/** An axis without the number at its end, which would meet the first of the next panel. */
function withoutLast(axis: Axis & { label: string }): Axis & { label: string } {
  const { domain, ticks } = axis;
  if (ticks === undefined) return axis;
  const last = domain[1] - 0.1 * (domain[1] - domain[0]);
  return { ...axis, ticks: { ...ticks, format: (value) => (value > last ? '' : ticks.format(value)) } };
}

/** An axis with its numbers on outer panels only and its title at the end of the last. */
function labelled({ label, ...axis }: Axis & { label: string }, numbers: boolean, title: boolean): Axis {
  return { ...axis, numbers, ...(numbers && title && { label }) };
}
