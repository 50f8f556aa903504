/** @file What an entry of the zoo is. */
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Height, width and channels of an image, or the length of a feature vector as [n]. */
export type InputShape = readonly number[];

/** Settings a network is trained with unless told otherwise. */
export interface TrainingDefaults {
  readonly batchSize: number;
  readonly learningRate: number;
  readonly epochs: number;
  /** epochs without a better validation loss before training stops */
  readonly patience: number;
  /** name of the recipe the network was made for; `constituents` if it takes four-vectors, not images */
  readonly recipe: string;
}

/** A reference network. */
export interface ZooNetwork {
  readonly description: string;
  /** shape of one jet the network was published with */
  readonly inputShape: InputShape;
  /** 1: signal probability (sigmoid); 2: background and signal probabilities (softmax) */
  readonly outputs: 1 | 2;
  readonly defaults: TrainingDefaults;
  /**
   * Makes the network with fresh weights.
   *
   * @param inputShape shape of one jet
   * @param seed an integer in [0, 2³²); the same seed gives the same weights
   * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected
   */
  build(inputShape: InputShape, seed: number): LayersModel;
}
