import type { FlipStep } from '@jetsdk/jets';
import type { Constituents, Scribe } from './scribe.js';

/** Mirrors the jet so that the positive half of each named axis holds at least half of the pT. */
export function lowerFlip(to: Scribe, jet: Constituents, { axes }: FlipStep): Constituents {
  let flipped = jet;
  for (const axis of axes) {
    const x = flipped[axis];
    const balance = to.sum(to.mul(to.op('Sign', [x]), flipped.pt));
    const sign = to.where(to.op('Less', [balance, to.number(0)]), to.number(-1), to.number(1));
    flipped = { ...flipped, [axis]: to.mul(x, sign) };
  }
  return flipped;
}
