/** @file The card of a generator: what it makes, what it is asked for, and what that is worth. */
import type { Condition } from '../flow.js';
import {
  type Check,
  count,
  finite,
  flag,
  listOf,
  object,
  oneOf,
  optional,
  refuse,
  rising,
  suchThat,
  text,
  whole,
} from '../json.js';
import type { CardParity } from './card.js';
import { COMMON, cardOf } from './common.js';

/** How far generated showers or jets are from simulated ones that the training did not see. */
export interface GeneratorMetrics {
  readonly dataset: string;
  /** SHA-256 of the file, hexadecimal */
  readonly datasetHash?: string;
  /** the first, and the one after the last, of the file's */
  readonly rows: readonly [number, number];
  /** of the noise */
  readonly seed: number;
  /** area under the ROC of boosted trees that tell generated from simulated by their observables; 0.5 is best */
  readonly twoSampleAuc: number;
  /** DeLong standard error */
  readonly twoSampleAucStdErr: number;
  /** the same of trees that see all cells or pixels */
  readonly cellsAuc?: number;
  readonly cellsAucStdErr?: number;
  /** how much generated cells or pixels differ among each other, in units of simulated ones */
  readonly spread?: number;
  /** Fréchet and kernel physics distance of the observables */
  readonly frechet?: { readonly value: number; readonly stdErr: number };
  readonly kernel?: { readonly value: number; readonly stdErr: number };
  /** of the observables in units of their spread, five neighbours */
  readonly precision?: number;
  readonly recall?: number;
  readonly density?: number;
  readonly coverage?: number;
  /** by observable: Wasserstein-1 distance, in the unit of the observable, its bootstrap error, and separation power */
  readonly observables: readonly {
    readonly name: string;
    readonly wasserstein: number;
    readonly wassersteinStdErr: number;
    readonly separation: number;
  }[];
}

export interface GeneratorTraining {
  readonly network: string;
  readonly parameters: number;
  readonly dataset: string;
  readonly datasetHash?: string;
  /** the first, and the one after the last, of the file's */
  readonly rows: readonly [number, number];
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly backend: string;
  readonly seconds: number;
}

/** Travels inside the ONNX file (`metadata_props`) and beside it as JSON. */
export interface GeneratorCard {
  readonly format: 'jetsdk-generator/1';
  readonly name: string;
  readonly version?: string;
  /** what is generated, e.g. `e⁺ showers` */
  readonly task: string;
  readonly conditions: readonly Condition[];
  /** standard normal numbers per shower or jet */
  readonly noise: number;
  readonly outputs: readonly {
    readonly name: string;
    /** of one shower or jet */
    readonly shape: readonly number[];
    readonly unit: string;
  }[];
  readonly training?: GeneratorTraining;
  readonly metrics?: readonly GeneratorMetrics[];
  readonly parity?: readonly CardParity[];
  /** of the weights, where they are not float32 */
  readonly precision?: 'float16';
  readonly sdkVersion: string;
  readonly licence?: string;
  readonly notes?: string;
}

const ROWS = rising(count);
const RANGE = rising(finite);
const DISTANCE = object({ value: finite, stdErr: finite }, 'kept');

const CARD: Check<GeneratorCard> = object(
  {
    ...COMMON,
    format: oneOf('jetsdk-generator/1'),
    conditions: listOf(object({ name: text, unit: optional(text), range: RANGE, whole: optional(flag) }, 'kept')),
    noise: whole(1, 2 ** 24),
    outputs: suchThat(
      listOf(object({ name: text, shape: listOf(whole(1, 65536), 1, 4), unit: text }, 'kept')),
      'at least one',
      ({ length }) => length > 0,
    ),
    training: optional(
      object(
        {
          network: text,
          parameters: count,
          dataset: text,
          datasetHash: optional(text),
          rows: ROWS,
          seed: count,
          epochs: count,
          batchSize: count,
          learningRate: finite,
          backend: text,
          seconds: finite,
        },
        'kept',
      ),
    ),
    metrics: optional(
      listOf(
        object(
          {
            dataset: text,
            datasetHash: optional(text),
            rows: ROWS,
            seed: count,
            twoSampleAuc: finite,
            twoSampleAucStdErr: finite,
            cellsAuc: optional(finite),
            cellsAucStdErr: optional(finite),
            spread: optional(finite),
            frechet: optional(DISTANCE),
            kernel: optional(DISTANCE),
            precision: optional(finite),
            recall: optional(finite),
            density: optional(finite),
            coverage: optional(finite),
            observables: listOf(
              object({ name: text, wasserstein: finite, wassersteinStdErr: finite, separation: finite }, 'kept'),
            ),
          },
          'kept',
        ),
      ),
    ),
    precision: optional(oneOf('float16')),
  },
  'kept',
);

/**
 * Checks a card that came from outside; keys of a later version are kept as they are.
 *
 * @param value parsed JSON
 * @throws {JetError} BAD_ARGUMENT naming the key
 */
export function parseGeneratorCard(value: unknown): GeneratorCard {
  return cardOf(value, CARD, ({ conditions, outputs }, at) => {
    const names = [...conditions, ...outputs].map(({ name }) => name);
    if (new Set(names).size < names.length || names.includes('noise'))
      refuse(at, names, 'different names of conditions and outputs, none of them noise');
  });
}
