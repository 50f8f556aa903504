/** @file Toy jets and taggers for the tests of challenges. */
import { random } from '@jetsdk/jets';
import { type NpyArray, writeNpy } from '@jetsdk/jets/npy';
import type { Entry } from './board/measuredEntry.js';

/** 0 and 1 in random order, about a third signal. */
export function toyLabels(jets: number, seed = 1): Uint8Array {
  const stream = random(seed);
  return Uint8Array.from({ length: jets }, () => (stream.uniform() < 1 / 3 ? 1 : 0));
}

/** A truth that all taggers see in part: they agree beyond the labels, as networks do. */
export function toyScores(labels: Uint8Array, strength: number, seed: number): Float32Array {
  const common = random(99);
  const own = random(seed);
  return Float32Array.from(labels, (label) => {
    const logit = strength * (2 * label - 1) + common.normal() + 0.4 * own.normal();
    return 1 / (1 + Math.exp(-logit));
  });
}

export function entry(file: string, scores: Float32Array | Float64Array, submitted?: number): Entry {
  const stem = file.replace(/\.[^.]*$/, '');
  const [group, network = group] = stem.split('__');
  return { file, group, network, scores, ...(submitted === undefined ? {} : { submitted }) };
}

/** The scores moved down by k rows, the last ones first: numpy.roll. */
export function rolled(scores: Float32Array, k: number): Float32Array {
  const n = scores.length;
  return Float32Array.from(scores, (_, i) => scores[(((i - k) % n) + n) % n]);
}

export function npy(scores: Float32Array, shape: readonly number[] = [scores.length]): Uint8Array {
  return writeNpy({ dtype: 'float32', shape, data: scores } satisfies NpyArray);
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
