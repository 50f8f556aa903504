/** @file Scores as a `.npy` file, written as they come. */
import { createHash } from 'node:crypto';
import { counted, JetError } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { npyHeader } from '@jetsdk/jets/npy';
import type { ScoreBatch } from '../scoring/tagger.js';

/** A file of scores by its content. */
export interface ScoreFile {
  readonly bytes: number;
  /** SHA-256, hexadecimal */
  readonly sha256: string;
}

/**
 * Writes (jets,) float32 beside its place and renames it when it is complete; memory does not grow with the number
 * of jets.
 *
 * @param jets that will come
 * @param batches consecutive, from jet 0 on
 * @throws {JetError} SHAPE_MISMATCH if another number of scores comes; as `writeFileAtomically`; whatever `batches`
 *   throws
 */
export async function writeScores(path: string, jets: number, batches: AsyncIterable<ScoreBatch>): Promise<ScoreFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  await writeFileAtomically(path, async (file) => {
    const write = async (part: Uint8Array): Promise<void> => {
      hash.update(part);
      for (let at = 0; at < part.length; ) at += (await file.write(part, at)).bytesWritten;
      bytes += part.length;
    };
    await write(npyHeader('float32', [jets]));
    let written = 0;
    for await (const { start, scores } of batches) {
      if (start !== written || start + scores.length > jets) throw miscount(path, start + scores.length, jets);
      await write(new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength));
      written += scores.length;
    }
    if (written !== jets) throw miscount(path, written, jets);
  });
  return { bytes, sha256: hash.digest('hex') };
}

function miscount(path: string, scores: number, jets: number): JetError {
  return new JetError('SHAPE_MISMATCH', `${path}: ${counted(scores, 'score')}; expected ${jets}, one a jet, in order`, {
    scores,
    jets,
  });
}
