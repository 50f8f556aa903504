/** @file Options of `train` for how a network is trained. */
import { readFileSync } from 'node:fs';
import { JetError } from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';
import type { Augmentation, ChosenSettings, Schedule } from '@jetsdk/train';
import type { Command } from 'commander';
import { positive, WrongValue, whole } from './options.js';

/** JSON that has not been checked, and where it is from. */
export interface SettingsFile {
  readonly path: string;
  readonly value: unknown;
}

/** Adds the options that `trainingSettings` reads. */
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
      'of the learning rate: cosine[:FINAL], step:EPOCHS:FACTOR, plateau:EPOCHS:FACTOR or none',
      schedule,
    )
    .option('--clip-norm <length>', 'longest gradient of all weights together', positive())
    .option('--class-weights <numbers>', 'how much each class counts, by their numbers, or balanced', classWeights)
    .option('--flat-pt', 'weight jets so that the pT of every class is flat')
    .option('--no-flat-pt', 'leave jets as they are, also where the network has them weighted')
    .option('--flip <axes>', 'augmentation: mirror half of the images along eta, phi or eta,phi, or none', flip)
    .option('--rotate <degrees>', 'augmentation: turn images by up to so much', positive(180))
    .option('--shift <pixels>', 'augmentation: shift images by up to so many pixels', whole(1))
    .option('--smear <fraction>', "augmentation: relative resolution of each pixel's pT", positive(1));
}

export interface TrainingFlags
  extends Pick<Augmentation, 'flip' | 'rotate' | 'shift' | 'smear'>,
    Pick<ChosenSettings, 'epochs' | 'batchSize' | 'learningRate' | 'patience' | 'clipNorm' | 'classWeights'> {
  readonly settings?: SettingsFile;
  readonly flatPt?: boolean;
  readonly schedule?: Schedule | 'none';
  readonly sgd?: number;
}

function momentum(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1)) throw new WrongValue(text, 'a momentum of 0 ≤ momentum < 1');
  return value;
}

function schedule(text: string): Schedule | 'none' {
  if (text === 'none') return text;
  const [kind, ...numbers] = text.split(':');
  const [first = Number.NaN, second = Number.NaN] = numbers.map(Number);
  const fraction = (value: number): boolean => value >= 0 && value <= 1;
  if (kind === 'cosine' && numbers.length === 0) return { kind, final: 0 };
  if (kind === 'cosine' && numbers.length === 1 && fraction(first)) return { kind, final: first };
  if (numbers.length === 2 && Number.isInteger(first) && first >= 1 && fraction(second)) {
    if (kind === 'step') return { kind, every: first, factor: second };
    if (kind === 'plateau') return { kind, patience: first, factor: second };
  }
  throw new WrongValue(text, 'cosine, cosine:0.01, step:10:0.5, plateau:3:0.5 or none');
}

function classWeights(text: string): readonly number[] | 'balanced' {
  if (text === 'balanced') return text;
  const weights = text.split(',').map(Number);
  if (
    weights.length < 2 ||
    text.split(',').includes('') ||
    !weights.every((weight) => weight >= 0 && weight < Infinity)
  )
    throw new WrongValue(text, 'balanced, or a number ≥ 0 for each class, with commas between');
  return weights;
}

function flip(text: string): readonly ('eta' | 'phi')[] {
  if (text === 'none') return [];
  const axes = text.split(',').map((axis) => {
    if (axis !== 'eta' && axis !== 'phi') throw new WrongValue(text, 'eta, phi, eta,phi or none');
    return axis;
  });
  return axes;
}

/** JSON of a file; its keys are checked when the training begins. */
function settingsFile(path: string): SettingsFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new JetError('FILE_NOT_FOUND', `settings: cannot read ${path}; expected a JSON file`, { path }, { cause });
  }
  return { path, value: parseJson(text, `settings ${path}`) };
}
