/** @file What trainings of generators have in common at the command. */
import { JetError } from '@jetsdk/jets';
import { duration, say } from '../terminal.js';
import type { TrainFlags } from './train.js';

/** Options that trainings of generators have. */
export const USED = ['data', 'output', 'rows', 'seed', 'resume', 'backend', 'epochs', 'batchSize', 'learningRate'];
const DEFAULTED = ['export', 'set', 'seed', 'backend'];

/** @throws {JetError} BAD_ARGUMENT for an option that trainings of generators do not have */
export function requireGeneratorFlags(network: string, flags: TrainFlags): void {
  const odd = Object.keys(flags).find((flag) => !USED.includes(flag) && !DEFAULTED.includes(flag));
  if (odd !== undefined)
    throw new JetError('BAD_ARGUMENT', `train: ${network} is a generator; expected no option ${odd}; leave it out`, {
      option: odd,
    });
}

/** Those of the network, with the flags in their place. */
export function generatorSettings<Defaults extends object>(
  defaults: Defaults,
  { seed, epochs, batchSize, learningRate }: TrainFlags,
): Defaults & { readonly seed: number } {
  return {
    ...defaults,
    seed,
    ...(epochs && { epochs }),
    ...(batchSize && { batchSize }),
    ...(learningRate && { learningRate }),
  };
}

/** @param begun of `performance.now()` */
export function sayTrained(folder: string, begun: number): void {
  say(`${folder}: trained in ${duration((performance.now() - begun) / 1000)}; jetsdk export writes it as ONNX`);
}
