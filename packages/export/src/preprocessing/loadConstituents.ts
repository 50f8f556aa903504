import { int } from '@jetsdk/onnx';
import type { Cell, Constituents, Scribe } from './scribe.js';

/** Four-vectors (n, m, 4) to pT, η and φ; what has no transverse momentum is padding. */
export function loadConstituents(to: Scribe, input: Cell): Constituents {
  to.begin('load');
  const component = (index: number): Cell => to.op('Gather', [input, to.integers([index], [])], { axis: int(2) });
  const [energy, px, py, pz] = [0, 1, 2, 3].map(component);
  const pt = to.length(px, py);
  const zero = to.number(0);
  const real = to.greater(pt, zero);
  return {
    pt,
    eta: to.where(real, to.pseudorapidity(pz, to.divisor(pt)), zero),
    phi: to.azimuth(py, px),
    energy: to.where(real, energy, zero),
    real,
  };
}
