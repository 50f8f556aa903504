import { object, oneOf } from '../../json.js';
import { type Constituents, wrapAngle } from '../constituents.js';
import type { ConstituentRule } from './step.js';

/**
 * Moves the origin of (η, φ); φ wraps.
 * `leading`: the constituent of highest pT. `jet`: the direction of the summed four-vector.
 * `centroid`: the pT-weighted mean of (η, φ).
 */
export interface CentreStep {
  readonly step: 'centre';
  readonly on: 'leading' | 'jet' | 'centroid';
}

export const centre: ConstituentRule<CentreStep> = {
  on: 'constituents',
  says: 'moves the origin of (η, φ) to the `leading` constituent, the `jet` axis or the pT `centroid`; φ wraps',
  check: object({ step: oneOf('centre'), on: oneOf('leading', 'jet', 'centroid') }),
  act: move,
};

function move(jet: Constituents, { on }: CentreStep): void {
  if (jet.count === 0) return;
  const lead = jet.loops.hardest(jet, -1, -1);
  let eta = jet.eta[lead];
  let phi = jet.phi[lead];
  if (on === 'jet') {
    let px = 0;
    let py = 0;
    let pz = 0;
    jet.loops.momenta(jet);
    for (let i = 0; i < jet.count; i++) {
      px += jet.px[i];
      py += jet.py[i];
      pz += jet.pz[i];
    }
    const pt = Math.hypot(px, py);
    if (pt === 0) return;
    eta = Math.asinh(pz / pt);
    phi = Math.atan2(py, px);
  } else if (on === 'centroid') {
    let sum = 0;
    let sumEta = 0;
    let sumPhi = 0;
    for (let i = 0; i < jet.count; i++) {
      sum += jet.pt[i];
      sumEta += jet.pt[i] * jet.eta[i];
      sumPhi += jet.pt[i] * wrapAngle(jet.phi[i] - phi);
    }
    eta = sumEta / sum;
    phi += sumPhi / sum;
  }
  jet.loops.shift(jet, eta, phi);
}
