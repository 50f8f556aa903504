/** @file From a pixel's value to one of a few colours. */
import { scale } from '@observablehq/plot';
import type { Colours } from './style.js';
import { linearTicks, logTicks, type Ticks } from './ticks.js';

/** How a value becomes ink. */
export interface Ink {
  readonly fill: string;
  readonly opacity?: number;
}

/** A colour scale of `levels` steps. */
export interface ColourScale {
  readonly levels: number;
  /** step of a value, or −1 where nothing is painted */
  level(value: number): number;
  ink(level: number): Ink;
  /** ticks of the colour bar, with their places from 0 (bottom) to 1 (top) */
  readonly bar: { readonly place: number; readonly label: string }[];
}

const LEVELS = 48;

const place = (fraction: number): number => Math.max(0, Math.min(LEVELS - 1, Math.floor(fraction * LEVELS)));

let sequence: string[] | undefined;

/** Viridis without its darkest tenth, which would vanish on dark paper. */
function sequential(level: number): string {
  if (sequence === undefined) {
    const { apply } = scale({ color: { type: 'linear', scheme: 'viridis', domain: [0, 1] } });
    sequence = Array.from({ length: LEVELS }, (_, i) => hex(apply(0.1 + (0.9 * i) / (LEVELS - 1))));
  }
  return sequence[level];
}

function hex(colour: string): string {
  const channels = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(colour);
  if (channels === null) return colour;
  return `#${channels
    .slice(1)
    .map((channel) => Number(channel).toString(16).padStart(2, '0'))
    .join('')}`;
}

const inside = (ticks: Ticks, where: (value: number) => number): { place: number; label: string }[] =>
  ticks.major.map((value) => ({ place: where(value), label: ticks.format(value) }));

/** Logarithmic; zero and less is not painted, what lies below the domain takes the lowest colour. */
export function logScale([low, high]: readonly [low: number, high: number]): ColourScale {
  const where = (value: number): number => Math.log(value / low) / Math.log(high / low);
  return {
    levels: LEVELS,
    level: (value) => (value > 0 ? place(where(value)) : -1),
    ink: (level) => ({ fill: sequential(level) }),
    bar: inside(logTicks([low, high], 6), where),
  };
}

/** Linear from 0; zero and less is not painted. */
export function linearScale(high: number): ColourScale {
  const where = (value: number): number => value / high;
  return {
    levels: LEVELS,
    level: (value) => (value > 0 ? place(where(value)) : -1),
    ink: (level) => ({ fill: sequential(level) }),
    bar: inside(linearTicks([0, high], 5), where),
  };
}

/** Ink of a diverging scale: blue below zero, red above, denser further out, so that it fits light and dark paper. */
function divergingInk(palette: Colours): (level: number) => Ink {
  return (level) => {
    const signed = (2 * (level + 0.5)) / LEVELS - 1;
    return {
      fill: signed < 0 ? palette.negative : palette.positive,
      opacity: Math.round(Math.abs(signed) ** 0.9 * 1000) / 1000,
    };
  };
}

/** Linear on both sides of zero, which is not painted. */
export function divergingScale(extent: number, palette: Colours): ColourScale {
  const where = (value: number): number => 0.5 + value / extent / 2;
  return {
    levels: LEVELS,
    level: (value) => (value === 0 ? -1 : place(where(value))),
    ink: divergingInk(palette),
    bar: inside(linearTicks([-extent, extent], 4), where),
  };
}

/** Three decades on both sides of zero; what is nearer to zero fades out linearly. */
export function divergingLogScale(extent: number, palette: Colours): ColourScale {
  const knee = extent / 1000;
  const where = (value: number): number =>
    0.5 + (Math.sign(value) * Math.log1p(Math.abs(value) / knee)) / Math.log1p(extent / knee) / 2;
  const ticks = logTicks([extent / 300, extent], 4);
  return {
    levels: LEVELS,
    level: (value) => (value === 0 ? -1 : place(where(value))),
    ink: divergingInk(palette),
    bar: [
      ...inside(ticks, (value) => where(-value)).map(({ place: at, label }) => ({ place: at, label: `−${label}` })),
      { place: 0.5, label: '0' },
      ...inside(ticks, where),
    ],
  };
}
