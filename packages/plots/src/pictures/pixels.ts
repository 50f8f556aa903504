/** @file Pixels as coloured squares, and the bar that says what the colours mean. */
import { JetError } from '@jetsdk/jets';
import type { RenderFunction } from '@observablehq/plot';
import { type ColourScale, divergingLogScale, divergingScale, linearScale, logScale } from '../parts/colourScale.js';
import type { Brush } from '../parts/figure.js';
import { type Colours, fontSize } from '../parts/style.js';
import { element, px, richText, textWidth } from '../parts/svg.js';

/** One image of one channel; first axis = η, drawn to the right, second axis = φ, drawn upwards, both rising. */
export interface Pixels {
  readonly shape: readonly [eta: number, phi: number];
  /** (η, φ) row-major, finite; not modified */
  readonly pixels: ArrayLike<number>;
}

/** How pixels become colours. */
export interface PixelScaleOptions {
  /**
   * `log` (default): logarithmic, zero pixels are paper. `linear`: from zero.
   * `diverging`, `diverging-log`: blue below zero, red above, linear or over three decades on each side.
   */
  readonly scale?: 'log' | 'linear' | 'diverging' | 'diverging-log';
  /**
   * lowest and highest value of the scale, of which only `log` uses the lowest; lower pixels take the lowest colour.
   * Default: from the pixels, for `log` down to a ten-thousandth of the highest.
   */
  readonly domain?: readonly [low: number, high: number];
}

/**
 * The domain of one logarithmic scale for several images: down to a ten-thousandth of the highest pixel.
 *
 * @returns undefined where no pixel is above 0
 */
export function pixelDomain(all: readonly ArrayLike<number>[]): [low: number, high: number] | undefined {
  const [low, high] = extent(all, (value) => value);
  return high === 0 ? undefined : logDomain(low, high);
}

const logDomain = (low: number, high: number): [low: number, high: number] => [
  Math.max(Math.min(low, high / 2), high / 1e4),
  high,
];

/** The lowest pixel above 0, and the highest, or 0. */
function extent(all: readonly ArrayLike<number>[], size: (value: number) => number): [low: number, high: number] {
  let high = 0;
  let low = Number.POSITIVE_INFINITY;
  for (const pixels of all)
    for (let i = 0; i < pixels.length; i++) {
      const value = size(pixels[i]);
      if (value > high) high = value;
      if (value > 0 && value < low) low = value;
    }
  return [low, high];
}

/** One scale for several images, or undefined where no pixel is painted. */
export function pixelScale(
  where: string,
  all: readonly ArrayLike<number>[],
  { scale = 'log', domain }: PixelScaleOptions,
  palette: Colours,
): ColourScale | undefined {
  const [low, highest] = extent(all, scale === 'log' || scale === 'linear' ? (value) => value : Math.abs);
  if (domain !== undefined && !(domain[0] < domain[1] && (scale !== 'log' || domain[0] > 0)))
    throw new JetError(
      'OUT_OF_RANGE',
      `${where}: domain, got ${domain[0]} to ${domain[1]}; expected a rising pair${scale === 'log' ? ' above 0' : ''}`,
      { domain },
    );
  if (highest === 0 && domain === undefined) return undefined;
  const high = domain?.[1] ?? highest;
  switch (scale) {
    case 'log':
      return logScale(domain ?? logDomain(low, high));
    case 'linear':
      return linearScale(high);
    case 'diverging':
      return divergingScale(high, palette);
    case 'diverging-log':
      return divergingLogScale(high, palette);
  }
}

/**
 * The pixels in the colours of `jetImage`, for a canvas laid over the frame of an empty one: what changes many times a second is
 * painted so.
 *
 * @param domain of the logarithmic scale, rising, above 0
 * @returns (φ, η, 4) red, green, blue and opacity, the row of the highest φ first
 */
export function pixelBytes(
  { shape: [etas, phis], pixels }: Pixels,
  domain: readonly [low: number, high: number],
): Uint8ClampedArray<ArrayBuffer> {
  const colours = logScale(domain);
  const fills = Array.from({ length: colours.levels }, (_, level) =>
    Number.parseInt(colours.ink(level).fill.slice(1), 16),
  );
  const bytes = new Uint8ClampedArray(etas * phis * 4);
  for (let phi = 0, at = 0; phi < phis; phi++)
    for (let eta = 0; eta < etas; eta++, at += 4) {
      const level = colours.level(pixels[eta * phis + (phis - 1 - phi)]);
      if (level < 0) continue;
      const fill = fills[level];
      bytes[at] = fill >> 16;
      bytes[at + 1] = (fill >> 8) & 255;
      bytes[at + 2] = fill & 255;
      bytes[at + 3] = 255;
    }
  return bytes;
}

/** The pixels as one path a colour, neighbours along η joined. */
export function pixelMark({ shape: [etas, phis], pixels }: Pixels, colours: ColourScale): RenderFunction {
  return (_index, _scales, _values, size, { document }) => {
    const left = size.marginLeft;
    const bottom = size.height - size.marginBottom;
    const x = (eta: number): number => px(left + ((bottomRight(size) - left) * eta) / etas);
    const y = (phi: number): number => px(bottom - ((bottom - size.marginTop) * phi) / phis);
    const paths: string[] = Array.from({ length: colours.levels }, () => '');
    for (let phi = 0; phi < phis; phi++)
      for (let eta = 0; eta < etas; ) {
        const level = colours.level(pixels[eta * phis + phi]);
        let end = eta + 1;
        while (end < etas && colours.level(pixels[end * phis + phi]) === level) end++;
        if (level >= 0) paths[level] += `M${x(eta)},${y(phi)}H${x(end)}V${y(phi + 1)}H${x(eta)}z`;
        eta = end;
      }
    const group = element(document, 'g', { 'shape-rendering': 'crispEdges' });
    paths.forEach((d, level) => {
      if (d === '') return;
      const { fill, opacity } = colours.ink(level);
      group.appendChild(element(document, 'path', { d, fill, 'fill-opacity': opacity }));
    });
    return group;
  };
}

const bottomRight = (size: { width: number; marginRight: number }): number => size.width - size.marginRight;

export function emptyMark({ palette }: Brush): RenderFunction {
  return (_index, _scales, _values, size, { document }) =>
    element(
      document,
      'text',
      {
        x: (size.marginLeft + bottomRight(size)) / 2,
        y: (size.marginTop + size.height - size.marginBottom) / 2,
        'text-anchor': 'middle',
        fill: palette.muted,
      },
      'empty',
    );
}

/** Where the line of a colour bar's title stands: clear of the longest number. */
function barTitle(colours: ColourScale): number {
  const longest = Math.max(...colours.bar.map(({ label }) => textWidth(label, fontSize)));
  return Math.max(66, BAR + 7 + Math.ceil(longest) + fontSize);
}

/** Pixels that a colour bar takes, with its labels and its title. */
export const barWidth = (colours: ColourScale): number => barTitle(colours) + 12;

const BAR = 14;

/** A colour bar with its labels to the right. */
export function colourBar(
  colours: ColourScale,
  height: number,
  quantity: string,
  { document, palette }: Brush,
): SVGElement {
  const width = BAR;
  const bar = element(document, 'svg', {
    width: barWidth(colours),
    height: height + 2 * fontSize,
    overflow: 'visible',
  });
  const y = (fraction: number): number => fontSize + height * (1 - fraction);
  const steps = element(document, 'g', { 'shape-rendering': 'crispEdges' });
  for (let level = 0; level < colours.levels; level++) {
    const { fill, opacity } = colours.ink(level);
    const upper = px(y((level + 1) / colours.levels));
    steps.appendChild(
      element(document, 'path', {
        d: `M0,${upper}H${width}V${px(y(level / colours.levels))}H0z`,
        fill,
        'fill-opacity': opacity,
      }),
    );
  }
  bar.appendChild(steps);
  const lines = colours.bar
    .filter(({ place }) => place > 0.01 && place < 0.99)
    .map(({ place }) => `M${width},${px(y(place))}h-5`)
    .join('');
  bar.appendChild(
    element(document, 'path', {
      d: `M0,${fontSize}H${width}V${y(0)}H0Z${lines}`,
      fill: 'none',
      stroke: palette.ink,
    }),
  );
  let drawn = Number.POSITIVE_INFINITY;
  for (const { place, label } of colours.bar) {
    if (Math.abs(y(place) - drawn) < fontSize + 1) continue;
    drawn = y(place);
    bar.appendChild(richText(document, label, { x: width + 5, y: y(place) + fontSize * 0.35 }));
  }
  bar.appendChild(
    richText(document, quantity, {
      transform: `translate(${barTitle(colours)},${fontSize}) rotate(-90)`,
      'text-anchor': 'end',
      'font-size': fontSize + 1,
    }),
  );
  return bar;
}
