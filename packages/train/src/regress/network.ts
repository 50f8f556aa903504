/** @file What a network is that gives images: its inputs, its truth and its loss. */
import type { RecipeName } from '@jetsdk/jets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingSettings } from '../fit/settings.js';
import type { Layers } from '../networks/layers.js';
import type { RegressionLoss } from './loss.js';

/** [height, width, channels] */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What a regression network is built from. */
export interface RegressionContext {
  /** makes layers whose weights follow from the seed */
  readonly layers: Layers;
  /** of one jet, by the names of the recipe's images, which are those of the inputs */
  readonly inputs: Readonly<Record<string, ImageShape>>;
  /** of one jet */
  readonly output: ImageShape;
}

/** A network from images of a jet to an image of it, in GeV. */
export interface RegressionNetwork {
  readonly name: string;
  /** what it does, in a line */
  readonly description: string;
  /** makes its inputs of constituents */
  readonly recipe: RecipeName;
  /** makes what it is to give */
  readonly truth: RecipeName;
  readonly loss: RegressionLoss;
  /** learns from jets under the pile-up of other jets, part of it or all, instead of their own */
  readonly overlay?: true;
  /** how it is trained unless told otherwise */
  readonly defaults: Partial<TrainingSettings>;
  /** makes it with fresh weights */
  build(context: RegressionContext): LayersModel;
}
