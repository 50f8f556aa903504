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
  const parts: { train: Uint32Array[]; validation: Uint32Array[]; test: Uint32Array[] } = {
    train: [],
    validation: [],
    test: [],
  };
  for (const group of groups) {
    const members = rng.shuffle(membersOf(labels, group));
    const testCount = Math.ceil(members.length * test);
    const validationCount = Math.ceil((members.length - testCount) * validation);
    parts.test.push(members.subarray(0, testCount));
    parts.validation.push(members.subarray(testCount, testCount + validationCount));
    parts.train.push(members.subarray(testCount + validationCount));
  }
  const finished = (jets: readonly Uint32Array[]): Uint32Array =>
    stratified ? rng.shuffle(joined(jets)) : joined(jets);
  return { train: finished(parts.train), validation: finished(parts.validation), test: finished(parts.test) };
}

/** Numbers of the jets of a class, or of all. */
function membersOf(labels: Uint8Array, group: number | undefined): Uint32Array {
  const members = new Uint32Array(labels.length);
  let count = 0;
  for (let jet = 0; jet < labels.length; jet++)
    if (group === undefined || labels[jet] === group) members[count++] = jet;
  return members.subarray(0, count);
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
