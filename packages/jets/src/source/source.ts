/** @file A dataset that is read by slices: an open file, arrays in memory, or some of the jets of another one. */
import type { JetImages, Jets } from '../jets.js';
import type { Progress } from '../progress.js';
import type { PackedJets } from './packed.js';

/** Is told how far a long reading is, and waited for; what it throws ends the reading. */
export type Watch = (progress: Progress) => void | Promise<void>;

/**
 * A dataset that is read by slices. Every reader of a file format gives one of these, and every function of this folder
 * makes one of others; labels, ids, classes, charges, vertices and columns follow the jets.
 */
export interface JetSource {
  /** where the jets come from, for messages */
  readonly name: string;
  readonly kind: 'constituents' | 'images';
  /** number of jets */
  readonly count: number;
  /** shape of one jet: [constituents, 4] or [height, width, channels] */
  readonly jetShape: readonly number[];
  /** class names, index = label, where the file tells them */
  readonly classes?: readonly string[];
  /** jets [start, stop), in arrays that are the caller's */
  read(start: number, stop: number): Promise<Jets | JetImages>;
  /** (count,) numbers of the classes; of two 0 = background, 1 = signal; undefined where the file has none */
  labels(watch?: Watch): Promise<Uint8Array | undefined>;
  /** (stop − start,) labels of jets [start, stop), where they can be read without those of all others */
  labelsBetween?(start: number, stop: number): Promise<Uint8Array | undefined>;
  /** (count,) names of the jets, where the file has them */
  ids?(): Promise<readonly string[] | undefined>;
  /**
   * (count,) numbers of a column of the file: of its table, or a dataset or array of one number per jet. 64-bit integers
   * become the nearest double.
   *
   * @throws {JetError} BAD_DATASET if there is no such column
   */
  column?(name: string): Promise<Float64Array>;
  /**
   * Where the jets lie, so that other threads can read them: undefined unless the file is compressed with deflate (gzip,
   * zlib), with or without shuffle, and this source was not copied from another one.
   *
   * @throws {JetError} BAD_ARGUMENT if the source has been closed
   */
  share?(): PackedJets | undefined;
  /** frees the file; further reads fail */
  close(): void;
}
