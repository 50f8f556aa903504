/** @file The working memory of a recipe: one jet as pT, η, φ, reused from jet to jet. */

import type { Jets } from '../jets.js';
import { spareEnergy } from '../particles.js';

/** One jet; only the first `count` entries hold constituents. */
export interface Constituents {
  count: number;
  /** GeV */
  readonly pt: Float64Array;
  readonly eta: Float64Array;
  /** radians */
  readonly phi: Float64Array;
  /** GeV, as read */
  readonly energy: Float64Array;
  /** units of e */
  readonly charge: Int8Array;
  /** 0 is the leading vertex */
  readonly vertex: Int8Array;
  /** index of the first channel of its pixel; −1 outside the image */
  readonly bin: Int32Array;
}

export function makeConstituents(capacity: number): Constituents {
  return {
    count: 0,
    pt: new Float64Array(capacity),
    eta: new Float64Array(capacity),
    phi: new Float64Array(capacity),
    energy: new Float64Array(capacity),
    charge: new Int8Array(capacity),
    vertex: new Int8Array(capacity),
    bin: new Int32Array(capacity),
  };
}

/**
 * Fills the working memory from one jet. Constituents without transverse momentum are padding or
 * lie along the beam; they have no place in (η, φ) and are left out.
 *
 * @param jet index of the jet
 * @returns false if a component is NaN or infinite, or a constituent is no particle
 */
export function loadConstituents(into: Constituents, jets: Jets, jet: number): boolean {
  const { data, charge, vertex } = jets;
  const slots = jets.shape[1];
  const { energy, pt, eta, phi, charge: charges, vertex: vertices } = into;
  const first = jet * slots;
  let count = 0;
  for (let slot = first; slot < first + slots; slot++) {
    const at = slot * 4;
    const e = data[at];
    const px = data[at + 1];
    const py = data[at + 2];
    const pz = data[at + 3];
    if (e === 0 && px === 0 && py === 0 && pz === 0) continue;
    const pt2 = px * px + py * py;
    const spare = spareEnergy(e, pt2 + pz * pz);
    if (!(spare >= 0 && spare < Number.POSITIVE_INFINITY)) return false;
    const transverse = Math.sqrt(pt2);
    if (transverse === 0) continue;
    energy[count] = e;
    pt[count] = transverse;
    eta[count] = pseudorapidity(pz, transverse);
    phi[count] = azimuth(py, px);
    if (charge !== undefined) charges[count] = charge[slot];
    if (vertex !== undefined) vertices[count] = vertex[slot];
    count++;
  }
  into.count = count;
  return true;
}

/** asinh(pz / pT), by a formula that takes a third of the time of `Math.asinh` and is as exact where |η| is not tiny. */
export function pseudorapidity(pz: number, pt: number): number {
  const slope = Math.abs(pz) / pt;
  const eta = Math.log(slope + Math.sqrt(slope * slope + 1));
  return pz < 0 ? -eta : eta;
}

/** `Math.atan2` for finite arguments that are not both 0, in half its time. */
export function azimuth(py: number, px: number): number {
  if (Math.abs(py) > Math.abs(px)) return (py < 0 ? -Math.PI / 2 : Math.PI / 2) - Math.atan(px / py);
  const phi = Math.atan(py / px);
  if (px > 0) return phi;
  return py < 0 ? phi - Math.PI : phi + Math.PI;
}

/** An angle in radians, moved by whole turns into [−π, π]. */
export function wrapAngle(angle: number): number {
  if (angle >= -Math.PI && angle <= Math.PI) return angle;
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** Index of the constituent of highest pT further than `minDeltaR` from the origin, skipping one; −1 if there is none. */
export function hardest(jet: Constituents, minDeltaR = -1, skip = -1): number {
  let best = -1;
  for (let i = 0; i < jet.count; i++) {
    if (i === skip || (best >= 0 && jet.pt[i] <= jet.pt[best])) continue;
    if (minDeltaR >= 0 && jet.eta[i] ** 2 + jet.phi[i] ** 2 <= minDeltaR ** 2) continue;
    best = i;
  }
  return best;
}
