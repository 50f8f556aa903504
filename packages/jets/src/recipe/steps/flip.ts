import type { Constituents } from '../constituents.js';
import type { FlipStep } from '../recipe.js';

/** Mirrors the jet so that the positive half of each named axis holds at least half of the pT. */
export function flip(jet: Constituents, { axes }: FlipStep): void {
  for (const axis of axes) {
    const x = jet[axis];
    let balance = 0;
    for (let i = 0; i < jet.count; i++) balance += Math.sign(x[i]) * jet.pt[i];
    if (balance < 0) for (let i = 0; i < jet.count; i++) x[i] = -x[i];
  }
}
