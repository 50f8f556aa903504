/** @file What a generative adversarial network is: two networks, what passes between them, and how they are trained. */
import type { Condition } from '@jetsdk/jets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Layers } from '../networks/layers.js';

/** An image that is generated. */
export interface GanImage {
  readonly name: string;
  /** [height, width] */
  readonly pixels: readonly [height: number, width: number];
  readonly unit: string;
  /** the networks see pixels divided by it; in `unit` */
  readonly scale: number;
}

/** What the discriminator tells of an image besides whether it is real, by an output of that name. */
export type GanHead =
  /** a logit of the class; `flip` is the share of labels of generated images that are told wrongly, when the discriminator learns and when the generator does */
  | {
      readonly kind: 'class';
      readonly condition: string;
      readonly weight: number;
      readonly flip: { readonly generated: number; readonly generator: number };
    }
  /** in the unit of the condition; the loss is the mean absolute error */
  | { readonly kind: 'energy'; readonly condition: string; readonly weight: number };

export interface GanSettings {
  readonly batchSize: number;
  readonly epochs: number;
  /** of Adam with β₁ = 0.5, for the generator */
  readonly learningRate: number;
  /** the same for the discriminator */
  readonly discriminatorRate: number;
  /** an integer in [0, 2³²) */
  readonly seed: number;
}

/** A generator, its adversary, and their losses. */
export interface Gan {
  readonly name: string;
  /** what it does, in a line */
  readonly description: string;
  /** what is generated, for the card */
  readonly task: string;
  readonly conditions: readonly Condition[];
  /** standard normal numbers per image */
  readonly latent: number;
  readonly images: readonly GanImage[];
  /** outputs of the discriminator behind `real` */
  readonly heads: readonly GanHead[];
  /** share of the labels real and generated that are told wrongly to the discriminator */
  readonly flip: number;
  /** steps of the generator for each of the discriminator */
  readonly generatorSteps: number;
  readonly defaults: Omit<GanSettings, 'seed'>;
  /** takes `noise` (latent) and the conditions (1) in their order; gives the images, (height, width, 1) each */
  generator(layers: Layers): LayersModel;
  /** takes the images, then the conditions; gives the logit `real` (1), then the heads (1) */
  discriminator(layers: Layers): LayersModel;
}
