import { JetError, type RotateStep } from '@jetsdk/jets';
import { int } from '@jetsdk/onnx';
import type { Cell, Constituents, Scribe } from './scribe.js';

const TARGET = { '+eta': [1, 0], '+phi': [0, 1], '-eta': [-1, 0], '-phi': [0, -1] } as const;

/** As in `@jetsdk/jets`: what comes to lie this near to an axis lies on it. */
const AXIS_WIDTH = 1e-5;

/** A direction as its cosine and sine, (n, 1), and whether the jet has one. */
interface Direction {
  readonly cos: Cell;
  readonly sin: Cell;
  readonly exists: Cell;
}

/** Turns the jet about the origin so that its reference direction points along `onto`. */
export function lowerRotate(to: Scribe, jet: Constituents, step: RotateStep): Constituents {
  const from = direction(to, jet, step);
  const [x, y] = TARGET[step.onto];
  const [tx, ty] = [to.number(x), to.number(y)];
  // The difference of two angles, by their cosines and sines.
  const cos = to.add(to.mul(tx, from.cos), to.mul(ty, from.sin));
  const sin = to.sub(to.mul(ty, from.cos), to.mul(tx, from.sin));
  const { pt, eta, phi } = step.mode === 'plane' ? inPlane(to, jet, cos, sin) : ofMomenta(to, jet, cos, sin);
  const turned = (after: Cell, before: Cell): Cell => to.where(from.exists, after, before);
  return {
    ...jet,
    pt: turned(pt, jet.pt),
    eta: turned(onAxis(to, eta), jet.eta),
    phi: turned(onAxis(to, phi), jet.phi),
  };
}

type Turned = Pick<Constituents, 'pt' | 'eta' | 'phi'>;

function inPlane(to: Scribe, { pt, eta, phi }: Constituents, cos: Cell, sin: Cell): Turned {
  return {
    pt,
    eta: to.sub(to.mul(eta, cos), to.mul(phi, sin)),
    phi: to.add(to.mul(eta, sin), to.mul(phi, cos)),
  };
}

function ofMomenta(to: Scribe, { pt, eta, phi, real }: Constituents, cos: Cell, sin: Cell): Turned {
  const px = to.mul(pt, to.op('Cos', [phi]));
  const y = to.mul(pt, to.op('Sin', [phi]));
  const z = to.mul(pt, to.op('Sinh', [eta]));
  const pz = to.sub(to.mul(z, cos), to.mul(y, sin));
  const py = to.add(to.mul(z, sin), to.mul(y, cos));
  const after = to.length(px, py);
  const zero = to.number(0);
  return {
    pt: after,
    eta: to.where(real, to.pseudorapidity(pz, to.where(real, after, to.number(1))), zero),
    phi: to.azimuth(py, px),
  };
}

function onAxis(to: Scribe, x: Cell): Cell {
  const zero = to.number(0);
  return to.where(to.op('Less', [to.op('Abs', [x]), to.number(AXIS_WIDTH)]), zero, x);
}

function direction(to: Scribe, jet: Constituents, { by, mode, minDeltaR }: RotateStep): Direction {
  if (by === 'subjets')
    throw new JetError(
      'UNSUPPORTED',
      'recipe: rotate by subjets clusters a list of changing length, which ONNX operators cannot; supported: by second, principal-axis',
      { by },
    );
  if (by === 'principal-axis') return principalAxis(to, jet);
  const { pt, eta, phi, real } = jet;
  const none = to.number(-1);
  const candidates =
    minDeltaR === undefined
      ? without(to, pt, to.argMax(pt))
      : to.where(
          to.and(real, to.greater(to.add(to.mul(eta, eta), to.mul(phi, phi)), to.number(minDeltaR ** 2))),
          pt,
          none,
        );
  const second = to.argMax(candidates);
  const found = to.greater(to.max(candidates), to.number(0));
  const [dEta, dPhi] = [to.pick(eta, second), to.pick(phi, second)];
  const [x, y] = mode === 'plane' ? [dEta, dPhi] : [to.op('Sinh', [dEta]), to.op('Sin', [dPhi])];
  const length = to.length(x, y);
  const safe = to.divisor(length);
  return {
    cos: to.div(x, safe),
    sin: to.div(y, safe),
    exists: to.and(found, to.greater(length, to.number(0))),
  };
}

/** `x` with −1 at `index`. */
function without(to: Scribe, x: Cell, index: Cell): Cell {
  const least = to.sub(to.mul(to.number(0), to.max(x)), to.number(1));
  return to.op('ScatterElements', [x, index, least], { axis: int(1) });
}

/** Half the angle of (spread of η − spread of φ, twice their product), without cancellation, towards more pT. */
function principalAxis(to: Scribe, { pt, eta, phi }: Constituents): Direction {
  const [zero, one, half] = [0, 1, 0.5].map((value) => to.number(value));
  const total = to.divisor(to.sum(pt));
  const x = to.sub(eta, to.div(to.sum(to.mul(pt, eta)), total));
  const y = to.sub(phi, to.div(to.sum(to.mul(pt, phi)), total));
  const spread = (a: Cell, b: Cell): Cell => to.sum(to.mul(pt, to.mul(a, b)));
  const etaEta = spread(x, x);
  const phiPhi = spread(y, y);
  const along = to.sub(etaEta, phiPhi);
  const across = to.mul(to.number(2), spread(x, y));
  const length = to.length(along, across);
  const round = to.op('Equal', [length, zero]);
  const cosTwice = to.where(round, one, to.div(along, to.divisor(length)));
  const sinTwice = to.div(across, to.divisor(length));
  const root = (a: Cell): Cell => to.op('Sqrt', [to.mul(half, to.add(one, a))]);
  const cosFirst = root(to.op('Max', [cosTwice, zero]));
  const sinFirst = root(to.op('Max', [to.op('Neg', [cosTwice]), zero]));
  const flat = to.op('GreaterOrEqual', [cosTwice, zero]);
  const upward = to.where(to.op('Less', [sinTwice, zero]), to.number(-1), one);
  const cos = to.where(flat, cosFirst, to.div(to.mul(half, to.op('Abs', [sinTwice])), sinFirst));
  const sin = to.where(flat, to.div(to.mul(half, sinTwice), cosFirst), to.mul(upward, sinFirst));
  const side = to.op('Sign', [to.add(to.mul(eta, cos), to.mul(phi, sin))]);
  const turn = to.where(to.op('Less', [to.sum(to.mul(side, pt)), zero]), to.number(-1), one);
  return {
    cos: to.mul(turn, cos),
    sin: to.mul(turn, sin),
    exists: to.greater(to.add(etaEta, phiPhi), zero),
  };
}
