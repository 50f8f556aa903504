import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isJetError } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import type { ScoreOptions, Tagger } from '../scoring/tagger.js';
import { type DataFile, describeData, type ReadingOptions, scoreFiles } from './dataFiles.js';
import { differenceOf, readManifest, type ShardManifest, shardPaths, type Work, workOf } from './manifest.js';
import { type JetRange, type Shard, shardRange } from './shardRange.js';
import { type ScoreFile, writeScores } from './writeScores.js';

export interface ScoredShard extends JetRange {
  /** `.npy` file of the shard's scores */
  readonly path: string;
  /** jets of all files together */
  readonly of: number;
  /** whether it was there already */
  readonly skipped: boolean;
}

export interface ShardOptions extends ScoreOptions, ReadingOptions {}

/**
 * Scores one shard of the jets of several files. A shard that is finished is left as it is; one that is cut off,
 * damaged, or of another model or other data is made again. The same shard has the same bytes on the same device.
 *
 * @param paths files of jets, the same and in the same order for every shard
 * @param output that `mergeShards` will write; the shard and its manifest are written beside it
 * @throws {JetError} as `describeData`, `Tagger.scoreStream` and `writeFileAtomically`
 */
export async function scoreShard(
  tagger: Tagger,
  paths: readonly string[],
  shard: Shard,
  output: string,
  { signal, onProgress, ...how }: ShardOptions = {},
): Promise<ScoredShard> {
  const data = await describeData(paths, how);
  const options = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const work = workOf(tagger.info, data);
  const of = jetsOf(data);
  const range = shardRange(of, shard);
  const { scores: path, manifest } = shardPaths(output, shard);
  if (await isFinished(manifest, path, work)) return { path, of, skipped: true, ...range };
  const scores = await writeScores(path, range.stop - range.start, scoreFiles(tagger, paths, data, range, options));
  const { runtime, device } = tagger.info;
  const done: ShardManifest = {
    format: 'jetsdk-shard/1',
    work,
    shard,
    range,
    scores,
    runtime: `${runtime} ${device}`,
  };
  await writeFileAtomically(manifest, `${JSON.stringify(done, null, 2)}\n`);
  return { path, of, skipped: false, ...range };
}

/** Jets of all files together. */
export const jetsOf = (data: readonly DataFile[]): number => data.reduce((sum, { jets }) => sum + jets, 0);

async function isFinished(manifestPath: string, scoresPath: string, work: Work): Promise<boolean> {
  let manifest: ShardManifest | undefined;
  try {
    manifest = await readManifest(manifestPath);
  } catch (error) {
    if (isJetError(error, 'BAD_FILE')) return false;
    throw error;
  }
  if (manifest === undefined || differenceOf(manifest.work, work) !== undefined) return false;
  const found = await contentOf(scoresPath);
  return found?.bytes === manifest.scores.bytes && found.sha256 === manifest.scores.sha256;
}

async function contentOf(path: string): Promise<ScoreFile | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const part of createReadStream(path)) {
      hash.update(part as Uint8Array);
      bytes += (part as Uint8Array).length;
    }
  } catch {
    return undefined;
  }
  return { bytes, sha256: hash.digest('hex') };
}
