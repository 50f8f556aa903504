/** @file A generator that is one pass of a network, such as that of an adversarial training. */
import type { LayerArtifacts } from './artifacts.js';
import type { Condition } from './flow.js';

export interface OnePass {
  readonly conditions: readonly Condition[];
  /** standard normal numbers per image */
  readonly latent: number;
  /** takes `noise` and every condition by its name; gives an image (height, width, 1) for each output, in their order */
  readonly network: LayerArtifacts;
  readonly outputs: readonly {
    readonly name: string;
    /** [height, width] */
    readonly shape: readonly number[];
    readonly unit: string;
    /** what the network gives, times this, is in `unit` */
    readonly scale: number;
  }[];
}
