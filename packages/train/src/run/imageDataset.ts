/** @file Where the showers or jets of a generator's training came from. */
import { type Check, count, listOf, object, optional, sha256, text } from '@jetsdk/jets/json';

/** Rows of a file. */
export interface ImageDataset {
  readonly name: string;
  /** SHA-256 of the file, hexadecimal */
  readonly hash?: string;
  /** the first, and the one after the last */
  readonly rows: readonly [number, number];
}

/** Rows as they were read. */
export interface ReadImageDataset extends ImageDataset {
  /** SHA-256 of their numbers, hexadecimal */
  readonly fingerprint: string;
}

/** Two whole numbers. */
export const pair: Check<readonly [number, number]> = (value, at) => {
  const [first, second] = listOf(count, 2, 2)(value, at);
  return [first, second];
};

export const readImageDataset: Check<ReadImageDataset> = object({
  name: text,
  hash: optional(sha256),
  rows: pair,
  fingerprint: sha256,
});
