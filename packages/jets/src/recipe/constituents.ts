/** @file The working memory of a recipe: one jet as pT, η, φ, reused from jet to jet. */
import type { Jets } from '../jets.js';
import type { SparseImage } from './sparseImage.js';

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
  /** GeV, what `momenta` has left here */
  readonly px: Float64Array;
  readonly py: Float64Array;
  readonly pz: Float64Array;
  /** units of e */
  readonly charge: Int8Array;
  /** 0 is the leading vertex */
  readonly vertex: Int8Array;
  /** place among the four-vectors of the jet */
  readonly slot: Int32Array;
  /** index of the first channel of its pixel; −1 outside the image */
  readonly bin: Int32Array;
  /** of the jet, as far as it is made */
  readonly image: SparseImage;
  readonly loops: Loops;
}

/** What is done to all constituents of a jet, one after the other: most of the work of a recipe. */
export interface Loops {
  /**
   * Brings jets within reach of `load`, as they are now.
   *
   * @param until index of the first one that is not taken; all have `REACH` four-vectors at most, or there is one jet
   */
  take(jets: Jets, jet: number, until: number): void;
  /**
   * pT, η, φ, energy and slot of a jet that was taken; constituents without transverse momentum are padding or lie along the beam, they have
   * no place in (η, φ) and are left out.
   *
   * @param jet index of the jet
   * @returns false if a component is NaN or infinite, or a constituent is no particle
   */
  load(into: Constituents, jets: Jets, jet: number): boolean;
  /**
   * Index of the first constituent of highest pT further than `minDeltaR` from the origin; −1 if there is none.
   *
   * @param minDeltaR below 0 for any
   * @param skip index of one that is left out, −1 for none
   */
  hardest(jet: Constituents, minDeltaR: number, skip: number): number;
  /** px, py, pz of massless constituents. */
  momenta(jet: Constituents): void;
  /** Moves the origin of (η, φ); φ wraps. */
  shift(jet: Constituents, eta: number, phi: number): void;
  /** Turns the (η, φ) plane; what comes within `AXIS_WIDTH` of an axis lies on it. */
  turn(jet: Constituents, cos: number, sin: number): void;
  /** Turns the massless momenta about px; what comes within `AXIS_WIDTH` of an axis lies on it. */
  spin(jet: Constituents, cos: number, sin: number): void;
  /**
   * The bin of each constituent.
   *
   * @param depth channels of a pixel
   * @returns false if a coordinate is NaN or infinite
   */
  place(jet: Constituents, pixels: number, halfWidth: number, depth: number): boolean;
  /**
   * Adds up a channel of the image: of each constituent that `place` has found a bin for.
   *
   * @param channel index among those of a pixel
   */
  addUp(jet: Constituents, channel: number, summed: Summed): void;
}

/** What is added up, and of which constituents. */
export interface Summed {
  readonly of: 'pt' | 'energy' | 'one';
  /** charged constituents alone, or neutral ones; absent: both */
  readonly charged?: boolean;
  /** of the leading vertex alone, or of others; absent: both */
  readonly leading?: boolean;
}

/**
 * A reference direction comes to lie on an axis, which is an edge of bins where the number of pixels is even;
 * rounding must not decide on which side it falls. In units of η and radians.
 */
export const AXIS_WIDTH = 1e-5;

/** Four-vectors that may be taken at once: copied together they are prefetched, and stay in the nearest caches. */
export const REACH = 4096;

/**
 * Fills the working memory from one jet.
 *
 * @param jet index of the jet
 * @returns false if a component is NaN or infinite, or a constituent is no particle
 */
export function loadConstituents(into: Constituents, jets: Jets, jet: number): boolean {
  into.loops.take(jets, jet, jet + 1);
  return loadTaken(into, jets, jet);
}

/** The same of a jet that was taken. */
export function loadTaken(into: Constituents, jets: Jets, jet: number): boolean {
  if (!into.loops.load(into, jets, jet)) return false;
  const { count, slot } = into;
  const first = jet * jets.shape[1];
  const gather = (from: Int8Array | undefined, to: Int8Array): void => {
    if (from !== undefined) for (let i = 0; i < count; i++) to[i] = from[first + slot[i]];
  };
  gather(jets.charge, into.charge);
  gather(jets.vertex, into.vertex);
  return true;
}

/** An angle in radians, moved by whole turns into [−π, π]. */
export function wrapAngle(angle: number): number {
  if (angle >= -Math.PI && angle <= Math.PI) return angle;
  return angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI) + 0.5);
}
