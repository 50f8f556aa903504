import type { CentreStep } from '@jetsdk/jets';
import type { Cell, Constituents, Scribe } from './scribe.js';

/** Moves the origin of (η, φ) to the leading constituent, the jet axis or the pT centroid. */
export function lowerCentre(to: Scribe, jet: Constituents, { on }: CentreStep): Constituents {
  const [eta, phi] = origin(to, jet, on);
  return { ...jet, eta: to.sub(jet.eta, eta), phi: to.wrapAngle(to.sub(jet.phi, phi)) };
}

function origin(to: Scribe, { pt, eta, phi }: Constituents, on: CentreStep['on']): readonly [eta: Cell, phi: Cell] {
  if (on === 'jet') {
    const px = to.sum(to.mul(pt, to.op('Cos', [phi])));
    const py = to.sum(to.mul(pt, to.op('Sin', [phi])));
    const pz = to.sum(to.mul(pt, to.op('Sinh', [eta])));
    return [to.pseudorapidity(pz, to.divisor(to.length(px, py))), to.azimuth(py, px)];
  }
  const lead = to.argMax(pt);
  const leadPhi = to.pick(phi, lead);
  if (on === 'leading') return [to.pick(eta, lead), leadPhi];
  const total = to.divisor(to.sum(pt));
  const around = to.wrapAngle(to.sub(phi, leadPhi));
  return [to.div(to.sum(to.mul(pt, eta)), total), to.add(leadPhi, to.div(to.sum(to.mul(pt, around)), total))];
}
