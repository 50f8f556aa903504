/** @file How a network is trained: the settings that run.json and settings files hold. */
import type { JetErrorCode } from '@jetsdk/jets';
import { type Check, finite, listOf, object, oneOf, optional, text, whole } from '@jetsdk/jets/json';
import type { Augmentation } from '../data/augment.js';
import type { OptimizerChoice } from './optimizer.js';
import type { Schedule } from './schedule.js';

/** How a network is trained. */
export interface TrainingSettings {
  /** jets per step */
  readonly batchSize: number;
  /** largest number of epochs */
  readonly epochs: number;
  /** epochs without a smaller validation loss before training stops */
  readonly patience: number;
  /** of the first step */
  readonly learningRate: number;
  readonly classWeights?: readonly number[] | 'balanced';
  /** how the weights of the single jets were made */
  readonly jetWeights?: 'flat-pt';
  readonly augmentation?: Augmentation;
  /** default: Adam */
  readonly optimizer?: OptimizerChoice;
  /** default: the learning rate stays as it is */
  readonly schedule?: Schedule;
  /** gradients of all weights together are scaled down to this length */
  readonly clipNorm?: number;
}

/** Settings of one training: what is left out comes from the network, null stands for none. */
export type ChosenSettings = { readonly [K in keyof TrainingSettings]?: TrainingSettings[K] | null };

/** What a network without defaults is trained with. */
const DEFAULTS = { batchSize: 256, epochs: 100, patience: 10, learningRate: 1e-3 };

/** Settings with those of the network in the place of those that are left out; augmentations part by part. */
export function settingsFor(
  network: { readonly defaults?: Partial<TrainingSettings> },
  chosen: ChosenSettings,
): TrainingSettings {
  const merged: { -readonly [K in keyof TrainingSettings]: TrainingSettings[K] } = { ...DEFAULTS };
  const set = <K extends keyof TrainingSettings>(key: K): void => {
    const value: TrainingSettings[K] | null | undefined =
      chosen[key] === undefined ? network.defaults?.[key] : chosen[key];
    if (value !== undefined && value !== null) merged[key] = value;
  };
  for (const key of KEYS) set(key);
  if (chosen.augmentation) merged.augmentation = { ...network.defaults?.augmentation, ...chosen.augmentation };
  return merged;
}

const KEYS = [
  'batchSize',
  'epochs',
  'patience',
  'learningRate',
  'classWeights',
  'jetWeights',
  'augmentation',
  'optimizer',
  'schedule',
  'clipNorm',
] as const satisfies readonly (keyof TrainingSettings)[];

/** What was trained, and how. */
export interface RunSettings extends TrainingSettings {
  /** its name */
  readonly network: string;
  /** an integer in [0, 2³²): decides the first weights, the order of the jets, dropout and augmentation */
  readonly seed: number;
}

/** Checks the kind first, then the keys that belong to it. */
function byKind<T extends { readonly kind: string }>(kinds: { readonly [K in T['kind']]: Check<unknown> }): Check<T> {
  const kind = object({ kind: oneOf(...(Object.keys(kinds) as T['kind'][])) }, 'dropped');
  return (value, at) => kinds[kind(value, at).kind](value, at) as T;
}

const classWeights: Check<readonly number[] | 'balanced'> = (value, at) =>
  value === 'balanced' ? value : listOf(finite, 2)(value, at);

const augmentation: Check<Augmentation> = object({
  flip: optional(listOf(oneOf('eta', 'phi'))),
  rotate: optional(finite),
  shift: optional(whole(0)),
  smear: optional(finite),
});

const optimizer = byKind<OptimizerChoice>({
  adam: object({ kind: oneOf('adam') }),
  sgd: object({ kind: oneOf('sgd'), momentum: finite }),
});

const schedule = byKind<Schedule>({
  step: object({ kind: oneOf('step'), every: whole(1), factor: finite }),
  cosine: object({ kind: oneOf('cosine'), final: finite }),
  plateau: object({ kind: oneOf('plateau'), patience: whole(1), factor: finite }),
});

const optionalFields = {
  classWeights: optional(classWeights),
  jetWeights: optional(oneOf('flat-pt')),
  augmentation: optional(augmentation),
  optimizer: optional(optimizer),
  schedule: optional(schedule),
  clipNorm: optional(finite),
};

/** Any seed. */
export const seed = whole(0, 2 ** 32 - 1);

/** Settings as run.json has them; `fit` checks ranges. */
export const runSettings: Check<RunSettings> = object({
  network: text,
  seed,
  batchSize: whole(1),
  epochs: whole(1),
  patience: whole(1),
  learningRate: finite,
  ...optionalFields,
});

const partial = object({
  batchSize: optional(whole(1)),
  epochs: optional(whole(1)),
  patience: optional(whole(1)),
  learningRate: optional(finite),
  ...optionalFields,
});

/**
 * Checks settings that came from outside; all of them may be left out.
 *
 * @param value parsed JSON
 * @throws {JetError} of the code, naming the key
 */
export function parseTrainingSettings(
  value: unknown,
  where: string,
  code: JetErrorCode = 'BAD_ARGUMENT',
): Partial<TrainingSettings> {
  return partial(value, { where, code });
}
