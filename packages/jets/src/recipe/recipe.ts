/** @file A recipe says how constituents become an image: an ordered list of steps, as JSON. */

/**
 * Moves the origin of (η, φ); φ wraps.
 * `leading`: the constituent of highest pT. `jet`: the direction of the summed four-vector.
 * `centroid`: the pT-weighted mean of (η, φ).
 */
export interface CentreStep {
  readonly step: 'centre';
  readonly on: 'leading' | 'jet' | 'centroid';
}

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

/** Mirrors the jet so that the positive half of each named axis holds at least half of the pT. */
export interface FlipStep {
  readonly step: 'flip';
  readonly axes: readonly ('eta' | 'phi')[];
}

/** What a pixel adds up. Charged and neutral need `Jets.charge`. */
export type PixelChannel = 'pt' | 'energy' | 'charged-pt' | 'neutral-pt' | 'multiplicity';

/**
 * Histogram over the square (−halfWidth, halfWidth)² of `pixels` × `pixels` equal bins.
 * First axis (row) = η, second axis (column) = φ, both rising, as NumPy's `histogram2d(eta, phi)` has them. A constituent at x lies in bin ⌊(x + halfWidth) · pixels / (2 halfWidth)⌋;
 * outside the square it is left out.
 */
export interface PixelateStep {
  readonly step: 'pixelate';
  readonly pixels: number;
  /** in units of η and radians */
  readonly halfWidth: number;
  readonly channels: readonly PixelChannel[];
}

/**
 * Scales the pixels of one jet, all channels together: divided by their `max`, `sum` or `l2` norm (an empty image
 * stays empty), or `standardise`: (x − mean) / std with stored arrays of one image, or of one number.
 */
export interface NormaliseStep {
  readonly step: 'normalise';
  readonly by: 'max' | 'sum' | 'l2' | 'standardise';
  /** only with `standardise`: one number, or height × width × channels numbers */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

export type RecipeStep = CentreStep | RotateStep | FlipStep | PixelateStep | NormaliseStep;

/** Steps before `pixelate` act on constituents, the one `pixelate` makes the image, `normalise` steps follow. */
export interface Recipe {
  readonly format: 'jetsdk-recipe/1';
  readonly name: string;
  readonly steps: readonly RecipeStep[];
}
