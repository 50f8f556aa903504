/** @file The model card: what a model is, what it was made from, and what it is worth. */
import type { InputRange } from '../inputRange.js';
import type { Recipe } from '../recipe/recipe.js';

/** A measured figure with its uncertainty. */
export interface CardMetrics {
  /** what was scored, e.g. `data/test.h5` */
  readonly dataset: string;
  /** SHA-256 of the file, hexadecimal */
  readonly datasetHash?: string;
  /** the jets of the file that were scored, where it was not all of them */
  readonly where?: { readonly column: string; readonly equals: number };
  readonly signal: number;
  readonly background: number;
  readonly auc: number;
  /** DeLong standard error */
  readonly aucStdErr?: number;
  /** at the threshold 0.5 */
  readonly accuracy: number;
  readonly rejection: readonly {
    readonly signalEfficiency: number;
    /** 1/ε_B */
    readonly rejection: number;
    readonly falsePositives: number;
  }[];
  /** area under (ε_S, 1/ε_B) from ε_S = 0.1 to 0.9 */
  readonly rejectionArea?: number;
}

/** Largest |Δscore| between the trained network and a runtime. */
export interface CardParity {
  /** e.g. `onnxruntime-node 1.30.0 cpu` */
  readonly runtime: string;
  /** how the graph was changed before it ran: `merged-pooling` or `none` */
  readonly optimisation?: string;
  readonly jets: number;
  readonly maxAbsDifference: number;
  /** root mean square of the output where it is above 1: the tolerance is in units of it */
  readonly scale?: number;
  readonly tolerance: number;
}

/** How the network was trained. */
export interface CardTraining {
  readonly network: string;
  readonly parameters: number;
  readonly dataset: string;
  readonly datasetHash?: string;
  /** the files of the dataset, where it was more than one: SHA-256 of each, hexadecimal */
  readonly files?: readonly { readonly name: string; readonly hash: string }[];
  /** the jets of the dataset that were taken, where it was not all: the first, and the one after the last unless to the end */
  readonly rows?: readonly number[];
  /** SHA-256 of the files whose jets chose the epoch, where these are others, hexadecimal */
  readonly validationHashes?: readonly string[];
  /** how the dataset was split, if it was: at random, or by a column with 0 = training, 1 = test, 2 = validation */
  readonly split?:
    | { readonly seed: number; readonly test: number; readonly validation: number; readonly stratified: boolean }
    | { readonly column: string };
  /** by which the jets to learn from were drawn, where it was not all of them; absent in cards of older versions */
  readonly drawSeed?: number;
  readonly trainJets: number;
  readonly validationJets: number;
  /** of the training jets, as the network saw them */
  readonly range?: InputRange;
  readonly seed: number;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly batchSize: number;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly backend: string;
  readonly seconds: number;
  /** the run whose weights were the ones to begin with: SHA-256 of their numbers, hexadecimal */
  readonly initial?: { readonly network: string; readonly dataset: string; readonly weights: string };
}

/** Of a model that gives the mean of what several networks say of a jet, or of what one says of its mirror images. */
export interface CardMean {
  /** of every network; the first is the training of the card */
  readonly trainings: readonly CardTraining[];
  /** axes along which each image is mirrored, none for the image as it is; absent: that alone */
  readonly images?: readonly (readonly ('eta' | 'phi')[])[];
}

/** What storing the numbers more coarsely changed. */
export interface CardPrecision {
  readonly weights: 'float16' | 'int8';
  /** largest |Δscore| between the float32 file and this one on the jets of `metrics` */
  readonly maxAbsDifference: number;
  /** the same jets scored by the float32 file and by this one */
  readonly float32: CardMetrics;
  readonly reduced: CardMetrics;
}

/** Travels inside the ONNX file (`metadata_props`) and beside it as JSON. */
export interface ModelCard {
  readonly format: 'jetsdk-card/1';
  readonly name: string;
  /** as its author counts; absent: not stated */
  readonly version?: string;
  readonly task: string;
  /** index = class number of the labels; [background, signal] for a two-class tagger */
  readonly classes: readonly string[];
  readonly signalClass: string;
  readonly input: {
    /** `constituents` for the self-contained variant */
    readonly kind: 'images' | 'constituents';
    readonly name: string;
    /** of one jet: [height, width, channels] or [constituents, 4] */
    readonly shape: readonly number[];
    readonly layout: 'NHWC' | 'NMC';
  };
  readonly output: {
    readonly name: string;
    /** `score`: (n, 1) signal probability; `probabilities`: (n, classes); `values`: anything else */
    readonly kind: 'score' | 'probabilities' | 'values';
  };
  /** how constituents become this model's images */
  readonly recipe?: Recipe;
  /** SHA-256 of the canonical recipe */
  readonly recipeHash?: string;
  readonly training?: CardTraining;
  readonly mean?: CardMean;
  readonly metrics?: readonly CardMetrics[];
  readonly parity?: readonly CardParity[];
  /** only where the weights are not float32 */
  readonly precision?: CardPrecision;
  readonly sdkVersion: string;
  /** e.g. an SPDX identifier; absent: not stated */
  readonly licence?: string;
  readonly notes?: string;
}
