/** @file What the SDK knows of one recipe step: one file per step, `index.ts` is the table. */
import type { Check } from '../../json.js';
import type { Constituents } from '../constituents.js';
import type { SparseImage } from '../sparseImage.js';

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
   * Adds one jet to its image, which is empty before.
   *
   * @returns false if a constituent has no place: a coordinate is NaN or infinite
   */
  act(jet: Constituents, step: S): boolean;
}

/** Changes one image in place; stands after it is made. */
export interface ImageRule<S> extends Rule<S> {
  readonly on: 'image';
  /**
   * @param size pixels × channels
   */
  act(image: SparseImage, size: number, step: S): void;
}

export type StepRule<S> = ConstituentRule<S> | PixelRule<S> | ImageRule<S>;
