/** @file The files that are scored as one long list of jets. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { counted, JetError, rangeSource } from '@jetsdk/jets';
import { type OpenJetsOptions, openJets } from '@jetsdk/jets/files';
import type { ScoreBatch, ScoreOptions, Tagger } from '../scoring/tagger.js';
import type { JetRange } from './shardRange.js';

/** How files of jets are read, where the caller said so. */
export type ReadingOptions = Pick<OpenJetsOptions, 'layout' | 'dataset' | 'classes' | 'padding'>;

/** What a file of jets is known by, the same on every machine that has a copy. */
export interface DataFile extends ReadingOptions {
  /** without the folder */
  readonly name: string;
  readonly bytes: number;
  readonly jets: number;
  /** SHA-256 of the file up to 4 MiB; of 64 blocks of 64 KiB spread over a larger one */
  readonly fingerprint: string;
}

const BLOCK_BYTES = 65_536;
const BLOCKS = 64;

/**
 * What every file is known by.
 *
 * A full checksum would make each of n shards read all the data once, n times the work of scoring it. Size, number of
 * jets and blocks from end to end show a file that was cut off, replaced, reordered or made anew; a few bytes changed
 * in the middle of a large file they do not show.
 *
 * @param how the files are read, all of them
 * @throws {JetError} as `openJets`; BAD_ARGUMENT if there are no files
 */
export async function describeData(paths: readonly string[], how: ReadingOptions = {}): Promise<DataFile[]> {
  if (paths.length === 0)
    throw new JetError('BAD_ARGUMENT', 'score: no files of jets; expected at least one; name them');
  const files: DataFile[] = [];
  for (const path of paths) {
    const source = await openJets(path, how);
    source.close();
    files.push({ name: basename(path), jets: source.count, ...(await fingerprint(path)), ...how });
  }
  return files;
}

async function fingerprint(path: string): Promise<Pick<DataFile, 'bytes' | 'fingerprint'>> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256');
    const block = new Uint8Array(BLOCK_BYTES);
    const whole = size <= BLOCKS * BLOCK_BYTES;
    const blocks = whole ? Math.ceil(size / BLOCK_BYTES) : BLOCKS;
    for (let i = 0; i < blocks; i++) {
      const at = whole ? i * BLOCK_BYTES : Math.floor((i * (size - BLOCK_BYTES)) / (BLOCKS - 1));
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, at);
      hash.update(block.subarray(0, bytesRead));
    }
    return { bytes: size, fingerprint: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/**
 * Scores some of the jets of several files, taken as one list in the order given; memory does not grow with their
 * number.
 *
 * @param files of `describeData(paths)`
 * @returns batches whose `start` counts from the first jet of the range
 * @throws {JetError} as `openJets` and `Tagger.scoreStream`; BAD_FILE if a file has another number of jets than before
 */
export async function* scoreFiles(
  tagger: Tagger,
  paths: readonly string[],
  files: readonly DataFile[],
  { start, stop }: JetRange,
  { signal, onProgress }: ScoreOptions = {},
): AsyncGenerator<ScoreBatch, void> {
  let first = 0;
  for (const [i, { jets, name, bytes: _, fingerprint: __, ...how }] of files.entries()) {
    const from = Math.max(0, start - first);
    const to = Math.min(jets, stop - first);
    if (from < to) {
      const source = await openJets(paths[i], how);
      try {
        if (source.count !== jets)
          throw new JetError(
            'BAD_FILE',
            `${name}: ${counted(source.count, 'jet')}; expected ${jets}, as it had at the start`,
            {
              jets: source.count,
              expected: jets,
            },
          );
        const offset = first + from - start;
        const part = from === 0 && to === jets ? source : rangeSource(source, from, to);
        for await (const batch of tagger.scoreStream(part, signal ? { signal } : {})) {
          yield { start: offset + batch.start, scores: batch.scores };
          onProgress?.({ done: offset + batch.start + batch.scores.length, total: stop - start });
        }
      } finally {
        source.close();
      }
    }
    first += jets;
  }
}
