/** @file What the SDK knows of one recipe step: one file per step, `index.ts` is the table. */
import type { Check } from '../../json.js';
import type { Constituents } from '../constituents.js';
import type { Touched } from '../touched.js';

/** @typeParam S the step as JSON */
interface Rule<S> {
  /** all of its keys, `step` among them */
  readonly check: Check<S>;
  /** one sentence, for the documentation */
  readonly says: string;
}

/** Moves the constituents of one jet; stands before the image is made. */
export interface ConstituentRule<S> extends Rule<S> {
  readonly on: 'constituents';
  act(jet: Constituents, step: S): void;
}

/** Makes the image; stands once. */
export interface PixelRule<S> extends Rule<S> {
  readonly on: 'pixels';
  /**
   * Adds one jet to its image.
   *
   * @param image all pixels; those of this jet hold 0 before
   * @param from index of the jet's first pixel
   * @param touched empty before; holds the pixels that got something after
   * @returns false if a constituent has no place: a coordinate is NaN or infinite
   */
  act(jet: Constituents, step: S, image: Float32Array, from: number, touched: Touched): boolean;
}

/** Changes one image in place; stands after it is made. */
export interface ImageRule<S> extends Rule<S> {
  readonly on: 'image';
  /**
   * @param image all pixels
   * @param from index of the image's first pixel
   * @param size pixels × channels of one image
   * @param touched the pixels that are not 0
   */
  act(image: Float32Array, from: number, size: number, step: S, touched: Touched): void;
}

export type StepRule<S> = ConstituentRule<S> | PixelRule<S> | ImageRule<S>;
