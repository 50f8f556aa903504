/** @file The working memory of a recipe and its loops in JavaScript, which tell what the compiled ones do. */
import { spareEnergy } from '../particles.js';
import { AXIS_WIDTH, type Constituents, type Loops, wrapAngle } from './constituents.js';
import { azimuth, cosine, hyperbolicSine, pseudorapidity, sine } from './elementary.js';
import { makeSparseImage } from './sparseImage.js';

const plainLoops: Loops = {
  take() {},
  load(into, { data, shape }, jet) {
    const { energy, pt, eta, phi, slot } = into;
    const slots = shape[1];
    let count = 0;
    for (let i = 0, at = 4 * jet * slots; i < slots; i++, at += 4) {
      const e = data[at];
      const px = data[at + 1];
      const py = data[at + 2];
      const pz = data[at + 3];
      if (e === 0 && px === 0 && py === 0 && pz === 0) continue;
      const pt2 = px * px + py * py;
      const spare = spareEnergy(e, pt2 + pz * pz);
      if (!(spare >= 0 && spare < Number.POSITIVE_INFINITY)) return false;
      if (pt2 === 0) continue;
      energy[count] = e;
      pt[count] = Math.sqrt(pt2);
      eta[count] = pseudorapidity(pz, pt[count]);
      phi[count] = azimuth(py, px);
      slot[count] = i;
      count++;
    }
    into.count = count;
    return true;
  },
  hardest({ count, pt, eta, phi }, minDeltaR, skip) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      if (!(pt[i] > most) || i === skip) continue;
      if (minDeltaR >= 0 && eta[i] * eta[i] + phi[i] * phi[i] <= minDeltaR * minDeltaR) continue;
      best = i;
      most = pt[i];
    }
    return best;
  },
  momenta({ count, pt, eta, phi, px, py, pz }) {
    for (let i = 0; i < count; i++) {
      px[i] = pt[i] * cosine(phi[i]);
      py[i] = pt[i] * sine(phi[i]);
      pz[i] = pt[i] * hyperbolicSine(eta[i]);
    }
  },
  shift(jet, eta, phi) {
    for (let i = 0; i < jet.count; i++) {
      jet.eta[i] = jet.eta[i] - eta;
      jet.phi[i] = wrapAngle(jet.phi[i] - phi);
    }
  },
  turn({ count, eta, phi }, cos, sin) {
    for (let i = 0; i < count; i++) {
      const x = eta[i];
      const y = phi[i];
      eta[i] = onAxis(x * cos - y * sin);
      phi[i] = onAxis(x * sin + y * cos);
    }
  },
  spin(jet, cos, sin) {
    const { count, pt, eta, phi, px, py, pz } = jet;
    plainLoops.momenta(jet);
    for (let i = 0; i < count; i++) {
      const y = py[i];
      const z = pz[i];
      pz[i] = z * cos - y * sin;
      py[i] = z * sin + y * cos;
      pt[i] = Math.sqrt(px[i] * px[i] + py[i] * py[i]);
      eta[i] = onAxis(pseudorapidity(pz[i], pt[i]));
      phi[i] = onAxis(azimuth(py[i], px[i]));
    }
  },
  place({ count, eta, phi, bin }, pixels, halfWidth, depth) {
    const scale = pixels / (2 * halfWidth);
    let finite = true;
    for (let i = 0; i < count; i++) {
      const row = Math.floor((eta[i] + halfWidth) * scale);
      const column = Math.floor((phi[i] + halfWidth) * scale);
      const inside = row >= 0 && row < pixels && column >= 0 && column < pixels;
      if (!inside && (eta[i] + phi[i]) * 0 !== 0) finite = false;
      bin[i] = inside ? (row * pixels + column) * depth : -1;
    }
    return finite;
  },
  addUp({ count, pt, energy, charge, vertex, bin, image }, channel, { of, charged, leading }) {
    const { pixel, value, place } = image;
    for (let i = 0; i < count; i++) {
      if (bin[i] < 0) continue;
      if (charged !== undefined && (charge[i] !== 0) !== charged) continue;
      if (leading !== undefined && (vertex[i] === 0) !== leading) continue;
      const at = bin[i] + channel;
      if (place[at] === 0) {
        pixel[image.count] = at;
        place[at] = ++image.count;
      }
      const weight = of === 'one' ? 1 : of === 'energy' ? energy[i] : pt[i];
      value[place[at] - 1] = value[place[at] - 1] + weight;
    }
  },
};

/**
 * @param capacity constituents at most
 * @param size pixels × channels of the image, if one is made
 */
export function makeConstituents(capacity: number, size = 0): Constituents {
  const numbers = (): Float64Array => new Float64Array(capacity);
  return {
    count: 0,
    pt: numbers(),
    eta: numbers(),
    phi: numbers(),
    energy: numbers(),
    px: numbers(),
    py: numbers(),
    pz: numbers(),
    charge: new Int8Array(capacity),
    vertex: new Int8Array(capacity),
    slot: new Int32Array(capacity),
    bin: new Int32Array(capacity),
    image: makeSparseImage(size),
    loops: plainLoops,
  };
}

const onAxis = (x: number): number => (Math.abs(x) < AXIS_WIDTH ? 0 : x);
