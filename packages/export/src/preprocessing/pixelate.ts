import { JetError, type PixelateStep } from '@jetsdk/jets';
import { int, string } from '@jetsdk/onnx';
import type { Cell, Constituents, Scribe } from './scribe.js';

/** Histogram of every jet: (n, pixels, pixels, channels). */
export function lowerPixelate(to: Scribe, jet: Constituents, step: PixelateStep): Cell {
  const { pixels, channels } = step;
  const [row, column] = [jet.eta, jet.phi].map((x) => coordinate(to, x, step));
  const [zero, end] = [to.number(0), to.number(pixels)];
  const within = (x: Cell): Cell => to.and(to.op('GreaterOrEqual', [x, zero]), to.op('Less', [x, end]));
  const inside = to.and(jet.real, to.and(within(row), within(column)));
  const place = to.where(inside, to.add(to.mul(row, end), column), zero);
  const bin = to.op('Cast', [place], { to: int(7) });
  const count = to.op('Shape', [jet.pt], { start: int(0), end: int(1) });
  const empty = to.op('ConstantOfShape', [to.op('Concat', [count, to.integers([pixels * pixels])], { axis: int(0) })]);
  const planes = channels.map((channel) => {
    const weight = to.where(inside, weightOf(to, jet, channel), zero);
    const plane = to.op('ScatterElements', [empty, bin, weight], { axis: int(1), reduction: string('add') });
    return to.op('Reshape', [plane, to.integers([0, pixels, pixels, 1])]);
  });
  return planes.length === 1 ? planes[0] : to.op('Concat', planes, { axis: int(3) });
}

/** The bin along one axis as a whole float32; the middle of an even number of bins is an edge, and stays one. */
function coordinate(to: Scribe, x: Cell, { pixels, halfWidth }: PixelateStep): Cell {
  const scale = pixels / (2 * halfWidth);
  return to.op('Floor', [to.add(to.mul(x, to.number(scale)), to.number(middle(pixels, halfWidth * scale)))]);
}

/** `halfWidth · scale` as a float32 that lies in the same bin as the float64 of `@jetsdk/jets`. */
function middle(pixels: number, exact: number): number {
  const near = Math.fround(pixels / 2);
  return Math.floor(near) === Math.floor(exact) ? near : Math.fround(near * (1 - 2 ** -23));
}

function weightOf(to: Scribe, jet: Constituents, channel: PixelateStep['channels'][number]): Cell {
  switch (channel) {
    case 'pt':
      return jet.pt;
    case 'energy':
      return jet.energy;
    case 'multiplicity':
      return to.number(1);
    default:
      throw new JetError(
        'UNSUPPORTED',
        `recipe: channel ${channel} needs charges, which (n, m, 4) constituents do not carry; supported: pt, energy, multiplicity`,
        { channel },
      );
  }
}
