import { JetError, random } from '@jetsdk/jets';
import { derivedSeed } from '../seeds.js';

/** Jet numbers of each part, in random order. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

export interface SplitOptions {
  /** an integer in [0, 2³²) */
  readonly seed: number;
  /** fraction of all jets, in [0, 1); default 0.2; 0 for no test set */
  readonly test?: number;
  /** fraction of what is left, in [0, 1); default 0.25 */
  readonly validation?: number;
  /** keeps the share of each class the same in all parts; default false */
  readonly stratified?: boolean;
}

/**
 * Splits jets at random into training, validation and test sets.
 *
 * @param labels (jets,) class numbers; not modified
 * @throws {JetError} OUT_OF_RANGE if a fraction is not in [0, 1)
 */
export function splitJets(labels: Uint8Array, options: SplitOptions): Split {
  const { seed, test = 0.2, validation = 0.25, stratified = false } = options;
  for (const [name, fraction] of [
    ['test', test],
    ['validation', validation],
  ] as const)
    if (!(fraction >= 0 && fraction < 1))
      throw new JetError('OUT_OF_RANGE', `splitJets: ${name} fraction ${fraction}; expected 0 ≤ fraction < 1`, {
        fraction,
      });
  const rng = random(derivedSeed(seed, 'split'));
  const groups = stratified ? [...new Set(labels)].sort((a, b) => a - b) : [undefined];
  const parts: { train: number[]; validation: number[]; test: number[] } = { train: [], validation: [], test: [] };
  for (const group of groups) {
    const members: number[] = [];
    for (let i = 0; i < labels.length; i++) if (group === undefined || labels[i] === group) members.push(i);
    rng.shuffle(members);
    const testCount = Math.ceil(members.length * test);
    const validationCount = Math.ceil((members.length - testCount) * validation);
    for (const [i, jet] of members.entries())
      (i < testCount ? parts.test : i < testCount + validationCount ? parts.validation : parts.train).push(jet);
  }
  const finished = (jets: number[]): Uint32Array => Uint32Array.from(stratified ? rng.shuffle(jets) : jets);
  return { train: finished(parts.train), validation: finished(parts.validation), test: finished(parts.test) };
}
