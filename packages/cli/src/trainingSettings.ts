/** @file Hyper-parameters of `train`, from flags or a JSON file. */
import { readFileSync } from 'node:fs';
import { JetError } from '@jetsdk/jets';
import type { Augmentation, RunSettings, Schedule } from '@jetsdk/train';
import type { Command } from 'commander';
import { positive, whole } from './options.js';

/** Everything about a training but what is trained on what. */
export type TrainingSettings = Partial<Omit<RunSettings, 'network' | 'seed'>>;

/** Adds the options of `trainingSettings`. */
export function withTrainingOptions(command: Command): Command {
  return command
    .option(
      '--settings <file.json>',
      'settings as run.json has them, without network and seed; flags go before it',
      settingsFile,
    )
    .option('--epochs <number>', 'at most', whole(1))
    .option('--batch-size <jets>', 'jets a step', whole(1))
    .option('--learning-rate <number>', 'of the first step', positive())
    .option('--sgd <momentum>', 'gradient descent with such a momentum in place of Adam', momentum)
    .option('--patience <epochs>', 'epochs without a smaller validation loss before it stops', whole(1))
    .option(
      '--schedule <kind>',
      'of the learning rate: cosine[:FINAL], step:EPOCHS:FACTOR or plateau:EPOCHS:FACTOR',
      schedule,
    )
    .option('--clip-norm <length>', 'longest gradient of all weights together', positive())
    .option('--class-weights <background,signal>', 'how much each class counts, or balanced', classWeights)
    .option('--flat-pt', 'weight jets so that the pT of every class is flat')
    .option('--flip <axes>', 'augmentation: mirror half of the images along eta, phi or eta,phi', flip)
    .option('--rotate <degrees>', 'augmentation: turn images by up to so much', positive(180))
    .option('--shift <pixels>', 'augmentation: shift images by up to so many pixels', whole(1))
    .option('--smear <fraction>', "augmentation: relative resolution of each pixel's pT", positive(1));
}

export interface TrainingFlags
  extends Pick<Augmentation, 'flip' | 'rotate' | 'shift' | 'smear'>,
    Pick<
      TrainingSettings,
      'epochs' | 'batchSize' | 'learningRate' | 'patience' | 'schedule' | 'clipNorm' | 'classWeights'
    > {
  readonly settings?: TrainingSettings;
  readonly flatPt?: true;
  readonly sgd?: number;
}

/** The settings of the file, if there is one, with those of the flags in their place. */
export function trainingSettings({ settings = {}, ...flags }: TrainingFlags): TrainingSettings {
  const chosen = <K extends string, T extends { readonly [key in K]?: unknown }>(from: T, keys: readonly K[]) =>
    Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
  const augmentation = chosen(flags, ['flip', 'rotate', 'shift', 'smear']);
  return {
    ...settings,
    ...chosen(flags, ['epochs', 'batchSize', 'learningRate', 'patience', 'schedule', 'clipNorm', 'classWeights']),
    ...(flags.sgd !== undefined && { optimizer: { kind: 'sgd', momentum: flags.sgd } }),
    ...(flags.flatPt && { jetWeights: 'flat-pt' }),
    ...(Object.keys(augmentation).length > 0 && { augmentation: { ...settings.augmentation, ...augmentation } }),
  };
}

const refuse = (option: string, got: string, expected: string): JetError =>
  new JetError('BAD_ARGUMENT', `option ${option}: got ${got}; expected ${expected}`);

function momentum(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1)) throw refuse('--sgd', text, 'a momentum of 0 ≤ momentum < 1');
  return value;
}

function schedule(text: string): Schedule {
  const [kind, ...numbers] = text.split(':');
  const [first = Number.NaN, second = Number.NaN] = numbers.map(Number);
  const fraction = (value: number): boolean => value >= 0 && value <= 1;
  if (kind === 'cosine' && numbers.length === 0) return { kind, final: 0 };
  if (kind === 'cosine' && numbers.length === 1 && fraction(first)) return { kind, final: first };
  if (numbers.length === 2 && Number.isInteger(first) && first >= 1 && fraction(second)) {
    if (kind === 'step') return { kind, every: first, factor: second };
    if (kind === 'plateau') return { kind, patience: first, factor: second };
  }
  throw refuse('--schedule', text, 'cosine, cosine:0.01, step:10:0.5 or plateau:3:0.5');
}

function classWeights(text: string): readonly number[] | 'balanced' {
  if (text === 'balanced') return text;
  const weights = text.split(',').map(Number);
  if (weights.length !== 2 || !weights.every((weight) => weight >= 0 && weight < Infinity))
    throw refuse('--class-weights', text, 'balanced, or two numbers ≥ 0 with a comma between');
  return weights;
}

function flip(text: string): readonly ('eta' | 'phi')[] {
  const axes = text.split(',').map((axis) => {
    if (axis !== 'eta' && axis !== 'phi') throw refuse('--flip', text, 'eta, phi or eta,phi');
    return axis;
  });
  return axes;
}

/** What each setting may be; `fit` checks ranges. */
const KINDS: Readonly<Record<keyof TrainingSettings, (value: unknown) => boolean>> = {
  batchSize: Number.isInteger,
  epochs: Number.isInteger,
  patience: Number.isInteger,
  learningRate: Number.isFinite,
  clipNorm: Number.isFinite,
  classWeights: (value) => value === 'balanced' || (Array.isArray(value) && value.every(Number.isFinite)),
  jetWeights: (value) => value === 'flat-pt',
  augmentation: (value) => hasOnly(value, ['flip', 'rotate', 'shift', 'smear']),
  optimizer: (value) => hasOnly(value, ['kind'], 'adam') || hasOnly(value, ['kind', 'momentum'], 'sgd'),
  schedule: (value) =>
    hasOnly(value, ['kind', 'final'], 'cosine') ||
    hasOnly(value, ['kind', 'every', 'factor'], 'step') ||
    hasOnly(value, ['kind', 'patience', 'factor'], 'plateau'),
};

function hasOnly(value: unknown, keys: readonly string[], kind?: string): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (kind !== undefined && (Reflect.get(value, 'kind') !== kind || Object.keys(value).length !== keys.length))
    return false;
  return Object.keys(value).every((key) => keys.includes(key));
}

function settingsFile(path: string): TrainingSettings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new JetError('FILE_NOT_FOUND', `settings: cannot read ${path}; expected a JSON file`, { path }, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new JetError('BAD_FILE', `settings: ${path} is not JSON`, { path }, { cause });
  }
  if (!hasOnly(value, Object.keys(KINDS)))
    throw new JetError(
      'BAD_ARGUMENT',
      `settings: ${path} has ${describe(value)}; expected an object with keys of ${Object.keys(KINDS).join(', ')}`,
      { path },
    );
  const settings = value as TrainingSettings;
  for (const [key, setting] of Object.entries(settings))
    if (!KINDS[key as keyof TrainingSettings](setting))
      throw new JetError(
        'BAD_ARGUMENT',
        `settings: ${path}, ${key}: got ${JSON.stringify(setting)}; see run.json of a run`,
        {
          path,
          key,
        },
      );
  return settings;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.keys(value).join(', ')
    : JSON.stringify(value);
}
