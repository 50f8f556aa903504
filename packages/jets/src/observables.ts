/** @file Jet-level quantities from constituents and images: the baselines that a network has to beat. */
import type { JetImages, Jets } from './jets.js';

/** Per-jet transverse momentum and mass. */
export interface JetKinematics {
  /** (n,) GeV */
  readonly pt: Float64Array;
  /** (n,) pseudorapidity */
  readonly eta: Float64Array;
  /** (n,) radians */
  readonly phi: Float64Array;
  /** (n,) GeV; 0 where rounding makes m² negative */
  readonly mass: Float64Array;
}

/**
 * Transverse momentum, pseudorapidity, azimuth and mass of the summed constituents.
 *
 * @param jets (n, m, 4) E, px, py, pz in GeV; not modified
 * @returns (n,) each; a jet without transverse momentum has η = 0 and φ = 0
 */
export function jetKinematics({ shape: [count, slots], data }: Jets): JetKinematics {
  const pt = new Float64Array(count);
  const eta = new Float64Array(count);
  const phi = new Float64Array(count);
  const mass = new Float64Array(count);
  for (let jet = 0, at = 0; jet < count; jet++) {
    let e = 0;
    let px = 0;
    let py = 0;
    let pz = 0;
    for (let i = 0; i < slots; i++, at += 4) {
      e += data[at];
      px += data[at + 1];
      py += data[at + 2];
      pz += data[at + 3];
    }
    pt[jet] = Math.hypot(px, py);
    if (pt[jet] !== 0) {
      eta[jet] = Math.asinh(pz / pt[jet]);
      phi[jet] = Math.atan2(py, px);
    }
    mass[jet] = Math.sqrt(Math.max(0, e * e - px * px - py * py - pz * pz));
  }
  return { pt, eta, phi, mass };
}

/**
 * Mean squared distance of the pixels from the middle of the image, weighted with the first channel:
 * the jet width, which alone separates top from QCD jets well.
 *
 * @param images (n, height, width, channels) with pixels ≥ 0; not modified
 * @param halfWidth of the image in η and φ
 * @returns (n,) ⟨r²⟩; 0 for an empty image
 */
export function meanSquaredRadius(
  { shape: [count, height, width, channels], data }: JetImages,
  halfWidth: number,
): Float64Array {
  const result = new Float64Array(count);
  for (let jet = 0, at = 0; jet < count; jet++) {
    let sum = 0;
    let weighted = 0;
    for (let row = 0; row < height; row++) {
      const y = ((2 * row + 1) / height - 1) * halfWidth;
      for (let column = 0; column < width; column++, at += channels) {
        const x = ((2 * column + 1) / width - 1) * halfWidth;
        sum += data[at];
        weighted += data[at] * (x * x + y * y);
      }
    }
    if (sum > 0) result[jet] = weighted / sum;
  }
  return result;
}

/** (n,) each, of the first channel */
export interface ImageObservables {
  /** GeV; each pixel a massless particle at its centre */
  readonly mass: Float64Array;
  /** GeV, of the vector sum */
  readonly pt: Float64Array;
  /** sum of the pixels */
  readonly total: Float64Array;
  readonly hottest: Float64Array;
  /** pixels above 0 */
  readonly multiplicity: Uint32Array;
}

/**
 * Mass, pT, sum, hottest pixel and number of pixels of images whose pixels are pT in GeV.
 *
 * @param images (n, η, φ, channels) with pixels ≥ 0; not modified
 * @param halfWidth of the image in η and φ
 */
export function imageObservables(
  { shape: [count, height, width, channels], data }: JetImages,
  halfWidth: number,
): ImageObservables {
  const mass = new Float64Array(count);
  const pt = new Float64Array(count);
  const total = new Float64Array(count);
  const hottest = new Float64Array(count);
  const multiplicity = new Uint32Array(count);
  for (let jet = 0, at = 0; jet < count; jet++) {
    let [e, px, py, pz] = [0, 0, 0, 0];
    for (let row = 0; row < height; row++) {
      const eta = ((2 * row + 1) / height - 1) * halfWidth;
      for (let column = 0; column < width; column++, at += channels) {
        const pixel = data[at];
        if (pixel === 0) continue;
        const phi = ((2 * column + 1) / width - 1) * halfWidth;
        e += pixel * Math.cosh(eta);
        px += pixel * Math.cos(phi);
        py += pixel * Math.sin(phi);
        pz += pixel * Math.sinh(eta);
        total[jet] += pixel;
        multiplicity[jet]++;
        if (pixel > hottest[jet]) hottest[jet] = pixel;
      }
    }
    pt[jet] = Math.hypot(px, py);
    mass[jet] = Math.sqrt(Math.max(0, e * e - px * px - py * py - pz * pz));
  }
  return { mass, pt, total, hottest, multiplicity };
}
