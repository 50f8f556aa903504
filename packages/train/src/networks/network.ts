/** @file What a network is: of the zoo, of a user's file, or made in code. */
import type { Recipe, RecipeName } from '@jetsdk/jets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingSettings } from '../fit/settings.js';
import type { Layers } from './layers.js';

/** Of one jet: height, width and channels of an image, or [constituents, 4]. */
export type InputShape = readonly number[];

/** A setting of a network, or a group of them. */
export type NetworkSettings = { readonly [name: string]: number | string | boolean | NetworkSettings };

/** What a network is built from. */
export interface BuildContext<S extends NetworkSettings = NetworkSettings> {
  /** makes layers whose weights follow from the seed */
  readonly layers: Layers;
  readonly inputShape: InputShape;
  /** 1: signal probability (sigmoid); n ≥ 2: probability of each class (softmax) */
  readonly outputs: number;
  /** an integer in [0, 2³²); nothing needs to be done with it where all layers come from `layers` */
  readonly seed: number;
  /** those of the network, with those chosen for this training in their place */
  readonly settings: S;
}

/** Makes a network with fresh weights. */
export type BuildNetwork<S extends NetworkSettings = NetworkSettings> = Network<S>['build'];

/** A network. */
export interface Network<S extends NetworkSettings = NetworkSettings> {
  /** for run folder, report and card; default: `network` */
  readonly name?: string;
  readonly description?: string;
  /** how constituents become its images; `constituents` if it takes four-vectors; default: images as they are */
  readonly recipe?: RecipeName | Recipe | 'constituents';
  /** shape of one jet; default: that of the jets it is trained on */
  readonly inputShape?: InputShape;
  /** default: 1, the signal probability */
  readonly outputs?: number;
  /** how it is trained unless told otherwise */
  readonly defaults?: Partial<TrainingSettings>;
  /** numbers, words and flags that a training may choose, with their defaults */
  readonly settings?: S;
  /** what the settings mean, by their dotted names such as `hidden.units`, for help */
  readonly meanings?: Readonly<Record<string, string>>;
  /** the file it was read from, if any; kept with its runs */
  readonly source?: NetworkSource;
  /** makes it with fresh weights */
  build(context: BuildContext<S>): LayersModel | Promise<LayersModel>;
}

/** A network whose `build` knows what it gets: for editors and TypeScript. */
export const defineNetwork = <S extends NetworkSettings>(network: Network<S>): Network<S> => network;

/** The file that a network was read from. */
export interface NetworkSource {
  /** its name without folder */
  readonly file: string;
  /** its content */
  readonly text: string;
  /** SHA-256 of the file, hexadecimal */
  readonly sha256: string;
}
