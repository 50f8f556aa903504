/** @file The working memory of a recipe: one jet as pT, η, φ, reused from jet to jet. */

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
}

export function makeConstituents(capacity: number): Constituents {
  return {
    count: 0,
    pt: new Float64Array(capacity),
    eta: new Float64Array(capacity),
    phi: new Float64Array(capacity),
    energy: new Float64Array(capacity),
    charge: new Int8Array(capacity),
  };
}

/**
 * Fills the working memory from one jet. Constituents without transverse momentum are padding or
 * lie along the beam; they have no place in (η, φ) and are left out.
 *
 * @param data E, px, py, pz in GeV, row-major
 * @param from index of the jet's first number
 * @param slots constituents a jet
 */
export function loadConstituents(
  into: Constituents,
  data: Float32Array,
  from: number,
  slots: number,
  charge: Int8Array | undefined,
  chargeFrom: number,
): void {
  let count = 0;
  for (let i = 0; i < slots; i++) {
    const at = from + 4 * i;
    const px = data[at + 1]!;
    const py = data[at + 2]!;
    const pt = Math.sqrt(px * px + py * py);
    if (pt === 0) continue;
    into.pt[count] = pt;
    into.eta[count] = Math.asinh(data[at + 3]! / pt);
    into.phi[count] = Math.atan2(py, px);
    into.energy[count] = data[at]!;
    if (charge !== undefined) into.charge[count] = charge[chargeFrom + i]!;
    count++;
  }
  into.count = count;
}

/** An angle in radians, moved by whole turns into [−π, π]. */
export function wrapAngle(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** Index of the constituent of highest pT further than `minDeltaR` from the origin, skipping one; −1 if there is none. */
export function hardest(jet: Constituents, minDeltaR = -1, skip = -1): number {
  let best = -1;
  for (let i = 0; i < jet.count; i++) {
    if (i === skip || (best >= 0 && jet.pt[i]! <= jet.pt[best]!)) continue;
    if (minDeltaR >= 0 && Math.hypot(jet.eta[i]!, jet.phi[i]!) <= minDeltaR) continue;
    best = i;
  }
  return best;
}
