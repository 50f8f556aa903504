import { type Constituents, wrapAngle } from '../constituents.js';

/** A subjet: a sum of massless four-vectors. */
export interface Subjet {
  readonly pt: number;
  readonly eta: number;
  readonly phi: number;
}

/**
 * The two subjets of highest pT after Cambridge/Aachen clustering (E-scheme, distance in η and φ).
 *
 * @param radius distance in (η, φ) up to which subjets are merged
 * @returns hardest first; undefined if there are fewer than two
 * @see Dokshitzer et al., hep-ph/9707323
 */
export function hardestSubjets(jet: Constituents, radius: number): readonly [Subjet, Subjet] | undefined {
  let count = jet.count;
  jet.loops.momenta(jet);
  const px = jet.px.slice(0, count);
  const py = jet.py.slice(0, count);
  const pz = jet.pz.slice(0, count);
  const pt = jet.pt.slice(0, count);
  const eta = jet.eta.slice(0, count);
  const phi = jet.phi.slice(0, count);
  const near = new Int32Array(count);
  const distance = new Float64Array(count);
  const findNear = (i: number): void => {
    near[i] = -1;
    distance[i] = Number.POSITIVE_INFINITY;
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      const x = eta[i] - eta[j];
      const y = wrapAngle(phi[i] - phi[j]);
      const d = x * x + y * y;
      if (d < distance[i]) {
        distance[i] = d;
        near[i] = j;
      }
    }
  };
  for (let i = 0; i < count; i++) findNear(i);
  while (count > 1) {
    let a = 0;
    for (let i = 1; i < count; i++) if (distance[i] < distance[a]) a = i;
    if (distance[a] > radius * radius) break;
    const keep = Math.min(a, near[a]);
    const gone = Math.max(a, near[a]);
    const last = count - 1;
    px[keep] = px[keep] + px[gone];
    py[keep] = py[keep] + py[gone];
    pz[keep] = pz[keep] + pz[gone];
    pt[keep] = Math.hypot(px[keep], py[keep]);
    eta[keep] = Math.asinh(pz[keep] / pt[keep]);
    phi[keep] = Math.atan2(py[keep], px[keep]);
    for (const values of [px, py, pz, pt, eta, phi, distance, near]) values[gone] = values[last];
    count = last;
    for (let i = 0; i < count; i++) {
      const stale = near[i] === keep || near[i] === gone;
      if (near[i] === last) near[i] = gone;
      if (stale || i === keep) findNear(i);
      else {
        const x = eta[i] - eta[keep];
        const y = wrapAngle(phi[i] - phi[keep]);
        const d = x * x + y * y;
        if (d < distance[i]) {
          distance[i] = d;
          near[i] = keep;
        }
      }
    }
  }
  if (count < 2) return undefined;
  let first = 0;
  for (let i = 1; i < count; i++) if (pt[i] > pt[first]) first = i;
  let second = -1;
  for (let i = 0; i < count; i++) if (i !== first && (second < 0 || pt[i] > pt[second])) second = i;
  const subjet = (i: number): Subjet => ({ pt: pt[i], eta: eta[i], phi: phi[i] });
  return [subjet(first), subjet(second)];
}
