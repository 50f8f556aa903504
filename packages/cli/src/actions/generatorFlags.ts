import { JetError } from '@jetsdk/jets';
import type { TrainFlags } from './train.js';

const USED = ['data', 'output', 'rows', 'seed', 'resume', 'backend', 'epochs', 'batchSize', 'learningRate'];
const DEFAULTED = ['export', 'set', 'seed', 'backend'];

/** @throws {JetError} BAD_ARGUMENT for an option that trainings of generators do not have */
export function requireGeneratorFlags(network: string, flags: TrainFlags): void {
  const odd = Object.keys(flags).find((flag) => !USED.includes(flag) && !DEFAULTED.includes(flag));
  if (odd !== undefined)
    throw new JetError('BAD_ARGUMENT', `train: ${network} is a generator; expected no option ${odd}; leave it out`, {
      option: odd,
    });
}
