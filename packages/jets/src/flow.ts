/** @file A flow: noise becomes a shower or a jet along a path that a network has learnt. */
import type { LayerArtifacts } from './artifacts.js';
import type { Formula } from './formula.js';

/** What a generator is asked for, one number per shower or jet. */
export interface Condition {
  readonly name: string;
  /** absent: a number without unit */
  readonly unit?: string;
  /** of the training; smallest and largest */
  readonly range: readonly [number, number];
  /** whole numbers only, such as a class */
  readonly whole?: boolean;
}

/** A trained flow, sampled in a fixed number of steps. */
export interface Flow {
  readonly conditions: readonly Condition[];
  /** columns of each part of the state; the noise has all of them, one part behind the other */
  readonly parts: readonly number[];
  /** steps of the midpoint rule from noise to data */
  readonly steps: number;
  /** takes the parts `part_0`, `part_1`, … and `condition`; gives the velocity of each part */
  readonly network: LayerArtifacts;
  /** from the conditions by name to `features`, what the network is told of them */
  readonly features: Formula;
  /** from the parts at the end and the conditions to what is generated */
  readonly decode: Formula;
}

/** Columns in front of the features in `condition`. */
export const TIME_COLUMNS = 8;

/**
 * What the network is told of the time t in [0, 1]: cos kπt, then sin kπt, k = 1 … 4.
 *
 * @param out gets them from `at` on
 */
export function timeFeatures(t: number, out: Float32Array, at = 0): void {
  for (let k = 1; k <= TIME_COLUMNS / 2; k++) {
    out[at + k - 1] = Math.cos(k * Math.PI * t);
    out[at + TIME_COLUMNS / 2 + k - 1] = Math.sin(k * Math.PI * t);
  }
}
