/** @file The peers' answers, made by fixtures/make_fixtures.py. */
import { readFileSync } from 'node:fs';

export interface SklearnCase {
  readonly labels: number[];
  readonly scores: number[];
  readonly weights: number[] | null;
  readonly auc: number;
  readonly partialAucTo02: number;
  readonly roc: { readonly threshold: number[]; readonly tpr: number[]; readonly fpr: number[] };
  readonly accuracy: number;
  readonly averagePrecision: number;
  readonly precision: number[];
  readonly recall: number[];
  readonly brier: number;
  readonly efficiencies: number[];
  readonly interpolatedFpr: number[];
  readonly conservativeFpr: number[];
}

export interface SklearnFixtures {
  readonly cases: readonly SklearnCase[];
  readonly multiClass: {
    readonly classes: number;
    readonly labels: number[];
    readonly probabilities: number[];
    readonly accuracy: number;
    readonly oneVsRest: number[];
    readonly macroOneVsRest: number;
    readonly oneVsOneAgainst0: number[];
  };
  readonly massSculpting: {
    readonly labels: number[];
    readonly scores: number[];
    readonly mass: number[];
    readonly threshold: number;
    readonly jsd: number;
  };
  readonly runs: readonly {
    readonly values: number[];
    readonly median: number;
    readonly mean: number;
    readonly std: number;
    readonly robust: { readonly runs: number; readonly median: number; readonly mean: number; readonly std: number };
  }[];
}

/** Each row: the arguments, then the value. */
export type SpecialFixtures = Readonly<
  Record<
    'betaI' | 'betaQuantile' | 'gammaP' | 'gammaQ' | 'gammaQuantile' | 'normalTwoSided' | 'normalQuantile',
    readonly (readonly number[])[]
  >
>;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));

export const sklearn = read('sklearn') as SklearnFixtures;
export const special = read('special') as SpecialFixtures;
/** the options object with or without weights */
export const withWeights = (weights: number[] | null): { weights?: number[] } => (weights === null ? {} : { weights });
