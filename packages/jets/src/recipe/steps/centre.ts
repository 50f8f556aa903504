import { type Constituents, hardest, wrapAngle } from '../constituents.js';
import type { CentreStep } from '../recipe.js';

/** Moves the origin of (η, φ) to the leading constituent, the jet axis or the pT centroid; φ wraps. */
export function centre(jet: Constituents, { on }: CentreStep): void {
  if (jet.count === 0) return;
  const lead = hardest(jet);
  let eta = jet.eta[lead];
  let phi = jet.phi[lead];
  if (on === 'jet') {
    let px = 0;
    let py = 0;
    let pz = 0;
    for (let i = 0; i < jet.count; i++) {
      px += jet.pt[i] * Math.cos(jet.phi[i]);
      py += jet.pt[i] * Math.sin(jet.phi[i]);
      pz += jet.pt[i] * Math.sinh(jet.eta[i]);
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
  for (let i = 0; i < jet.count; i++) {
    jet.eta[i] = jet.eta[i] - eta;
    jet.phi[i] = wrapAngle(jet.phi[i] - phi);
  }
}
