import { object, oneOf, someOf } from '../../json.js';
import type { Constituents } from '../constituents.js';
import type { ConstituentRule } from './step.js';

/** Mirrors the jet so that the positive half of each named axis holds at least half of the pT. */
export interface FlipStep {
  readonly step: 'flip';
  readonly axes: readonly ('eta' | 'phi')[];
}

export const flip: ConstituentRule<FlipStep> = {
  on: 'constituents',
  says: 'mirrors the jet so that the positive half of each of the `axes` (`eta`, `phi`) holds at least half of the pT',
  check: object({ step: oneOf('flip'), axes: someOf('eta', 'phi') }),
  act: mirror,
};

function mirror(jet: Constituents, { axes }: FlipStep): void {
  for (const axis of axes) {
    const x = jet[axis];
    let balance = 0;
    for (let i = 0; i < jet.count; i++) balance += Math.sign(x[i]) * jet.pt[i];
    if (balance < 0) for (let i = 0; i < jet.count; i++) x[i] = -x[i];
  }
}
