import { object, oneOf, optional, positive, suchThat } from '../../json.js';
import type { Constituents } from '../constituents.js';
import type { ConstituentRule } from './step.js';
import { hardestSubjets } from './subjets.js';

/**
 * Turns the jet about the origin so that a reference direction points along `onto`.
 *
 * `by`: `second` is the constituent of second-highest pT, or, with `minDeltaR`, the one of highest
 * pT further than that from the origin; `subjets` is the line from the hardest of the C/A subjets
 * of radius 0.3 to the next; `principal-axis` is the axis of largest pT-weighted spread, pointing to the side with
 * more pT. A jet without such a direction stays as it is. A coordinate that comes within 1e-5 of 0
 * becomes 0, so that rounding does not decide on which side of the axis the reference falls.
 *
 * `mode`: `plane` turns the (η, φ) plane, which changes the jet mass; `lorentz` turns the
 * (massless) momenta about the jet axis, which keeps it.
 */
export interface RotateStep {
  readonly step: 'rotate';
  readonly by: 'second' | 'subjets' | 'principal-axis';
  readonly mode: 'plane' | 'lorentz';
  readonly onto: '+eta' | '-eta' | '+phi' | '-phi';
  /** distance in (η, φ), only with `by: 'second'` */
  readonly minDeltaR?: number;
}

export const rotate: ConstituentRule<RotateStep> = {
  on: 'constituents',
  says: 'turns the jet about the origin so that the `second` constituent (with `minDeltaR`, the hardest one further than that), the line between the two leading `subjets`, or the `principal-axis` points along `onto`; `mode` `plane` turns (η, φ), `lorentz` turns the momenta and keeps the jet mass',
  check: suchThat(
    object({
      step: oneOf('rotate'),
      by: oneOf('second', 'subjets', 'principal-axis'),
      mode: oneOf('plane', 'lorentz'),
      onto: oneOf('+eta', '-eta', '+phi', '-phi'),
      minDeltaR: optional(positive),
    }),
    'minDeltaR only with by second',
    ({ by, minDeltaR }) => minDeltaR === undefined || by === 'second',
  ),
  act: turn,
};

const TARGET = { '+eta': 0, '+phi': Math.PI / 2, '-eta': Math.PI, '-phi': -Math.PI / 2 } as const;

/** Radius of the subjets of `by: 'subjets'`. */
const SUBJET_RADIUS = 0.3;

function turn(jet: Constituents, step: RotateStep): void {
  const from = referenceAngle(jet, step);
  if (from === undefined) return;
  const angle = TARGET[step.onto] - from;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  if (step.mode === 'plane') jet.loops.turn(jet, cos, sin);
  else jet.loops.spin(jet, cos, sin);
}

/** Angle of the reference direction from the η axis, in the plane that `mode` turns; undefined if there is none. */
function referenceAngle(jet: Constituents, { by, mode, minDeltaR }: RotateStep): number | undefined {
  let eta: number;
  let phi: number;
  if (by === 'second') {
    const { loops } = jet;
    const skip = minDeltaR === undefined ? loops.hardest(jet, -1, -1) : -1;
    const second = loops.hardest(jet, minDeltaR ?? -1, skip);
    if (second < 0) return undefined;
    eta = jet.eta[second];
    phi = jet.phi[second];
  } else if (by === 'subjets') {
    const pair = hardestSubjets(jet, SUBJET_RADIUS);
    if (pair === undefined) return undefined;
    eta = pair[1].eta - pair[0].eta;
    phi = pair[1].phi - pair[0].phi;
  } else {
    return principalAngle(jet);
  }
  if (eta === 0 && phi === 0) return undefined;
  return mode === 'plane' ? Math.atan2(phi, eta) : Math.atan2(Math.sin(phi), Math.sinh(eta));
}

/** Direction of the largest pT-weighted spread about the centroid, towards the side of the origin with more pT. */
function principalAngle({ count, pt, eta, phi }: Constituents): number | undefined {
  let sum = 0;
  let sumEta = 0;
  let sumPhi = 0;
  for (let i = 0; i < count; i++) {
    sum += pt[i];
    sumEta += pt[i] * eta[i];
    sumPhi += pt[i] * phi[i];
  }
  const meanEta = sumEta / sum;
  const meanPhi = sumPhi / sum;
  let etaEta = 0;
  let etaPhi = 0;
  let phiPhi = 0;
  for (let i = 0; i < count; i++) {
    const x = eta[i] - meanEta;
    const y = phi[i] - meanPhi;
    etaEta += pt[i] * x * x;
    etaPhi += pt[i] * x * y;
    phiPhi += pt[i] * y * y;
  }
  if (!(etaEta + phiPhi > 0)) return undefined;
  const angle = 0.5 * Math.atan2(2 * etaPhi, etaEta - phiPhi);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let balance = 0;
  for (let i = 0; i < count; i++) balance += Math.sign(eta[i] * cos + phi[i] * sin) * pt[i];
  return balance < 0 ? angle + Math.PI : angle;
}
