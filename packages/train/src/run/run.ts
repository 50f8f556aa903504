/** @file What run.json says of a training run. */
import type { CardTraining, InputRange, Recipe } from '@jetsdk/jets';
import type { RunSettings } from '../fit/settings.js';

/** Where the jets came from. */
export interface DatasetFacts {
  readonly name: string;
  /** SHA-256 of the file, hexadecimal; undefined where there are several */
  readonly hash?: string;
  /** the files, where there are several */
  readonly files?: NonNullable<CardTraining['files']>;
  /** the jets that were taken, where it was not all of them: the first, and the one after the last unless to the end */
  readonly rows?: readonly number[];
  /** index = label */
  readonly classes?: readonly string[];
  /** SHA-256 of the files whose jets chose the epoch, where these are others, hexadecimal */
  readonly validationHashes?: readonly string[];
  /** how the file was split, if it was: at random, or by a column with 0 = training, 1 = test, 2 = validation */
  readonly split?:
    | { readonly seed: number; readonly test: number; readonly validation: number; readonly stratified: boolean }
    | { readonly column: string };
  /** by which the jets to learn from were drawn, where it was not all of them */
  readonly drawSeed?: number;
}

/** Content of `run.json`. */
export interface Run {
  readonly format: 'jetsdk-run/1';
  readonly sdkVersion: string;
  readonly settings: RunSettings;
  /** those that the network declares, by their dotted names */
  readonly networkSettings?: Readonly<Record<string, number | string | boolean>>;
  /** the file that the network was read from, and its copy in the folder of the run */
  readonly source?: { readonly file: string; readonly copy: string; readonly sha256: string };
  /** of one jet */
  readonly inputShape: readonly number[];
  readonly outputs: number;
  readonly parameters: number;
  readonly dataset: DatasetFacts & {
    readonly trainJets: number;
    readonly validationJets: number;
    /** of the training jets, as the network sees them; absent in runs of older versions, and if all jets are empty */
    readonly range?: InputRange;
    /** SHA-256 of the numbers the network sees, so that a run is not continued with others */
    readonly fingerprint: string;
  };
  readonly recipe?: Recipe;
  /** the run whose best weights were the ones to begin with: SHA-256 of their numbers, hexadecimal */
  readonly initial?: NonNullable<CardTraining['initial']>;
  readonly backend: string;
  /** what the training took, once it has ended */
  readonly cost?: RunCost;
}

/** What a training took. */
export interface RunCost {
  /** of all epochs, validation included */
  readonly seconds: number;
  /** jets learned from, each as often as it was seen */
  readonly jetsPerSecond: number;
  /** share of the time in which the next jets were waited for, in [0, 1] */
  readonly waiting: number;
  /** most resident memory of the process, in bytes */
  readonly peakMemory: number;
}
