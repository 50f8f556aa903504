import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JetError } from '@jetsdk/jets';
import type { ScoreBatch } from '../tagger.js';
import { differenceOf, readManifest, type ShardManifest, shardOfManifest, shardPaths, type Work } from './manifest.js';
import { jetsOf } from './scoreShard.js';
import { type Shard, shardRange } from './shardRange.js';
import { npyHeader, writeScores } from './writeScores.js';

export interface MergedScores {
  readonly jets: number;
  readonly shards: number;
  readonly work: Work;
  /** everything that ran, sorted */
  readonly runtimes: readonly string[];
}

/** Numbers of missing shards that a message lists. */
const LISTED = 20;

/**
 * Writes the scores of all shards as one file, when every shard is there, whole, and of the same model and data.
 * Memory does not grow with the number of jets.
 *
 * @param output as it was given to `scoreShard`
 * @throws {JetError} FILE_NOT_FOUND naming the shards that are missing; BAD_DATASET if shards do not belong together;
 *   BAD_FILE if one is damaged
 */
export async function mergeShards(output: string): Promise<MergedScores> {
  const of = await findShards(output);
  const runtimes = new Set<string>();
  let work: Work | undefined;
  const scores: ShardManifest['scores'][] = [];
  for (let index = 0; index < of; index++) {
    const { manifest: path } = shardPaths(output, { index, of });
    const manifest = (await readManifest(path))!;
    work ??= manifest.work;
    requireBelongs(path, manifest, { index, of }, work);
    runtimes.add(manifest.runtime);
    scores.push(manifest.scores);
  }
  const jets = jetsOf(work!.data);
  await writeScores(output, jets, readShards(output, jets, scores));
  return { jets, shards: of, work: work!, runtimes: [...runtimes].sort() };
}

/** The number of shards, once all are there. */
async function findShards(output: string): Promise<number> {
  const folder = dirname(output);
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new JetError(
      'FILE_NOT_FOUND',
      `${folder}: no such folder; expected the shards of ${output} in it`,
      {},
      { cause },
    );
  });
  const found = names.map((name) => shardOfManifest(output, name)).filter((shard) => shard !== undefined);
  const sizes = [...new Set(found.map(({ of }) => of))].sort((a, b) => a - b);
  const [of] = sizes;
  if (of === undefined)
    throw new JetError(
      'FILE_NOT_FOUND',
      `${output}: no shards beside it; expected files like ${shardPaths(output, { index: 0, of: 10 }).manifest}; score with --shard i/n first`,
    );
  if (sizes.length > 1)
    throw new JetError(
      'BAD_DATASET',
      `${output}: shards of ${sizes.join(' and of ')}; expected one number of shards; remove those that are left from before`,
      { sizes },
    );
  const present = new Set(found.map(({ index }) => index));
  const missing = Array.from({ length: of }, (_, index) => index).filter((index) => !present.has(index));
  if (missing.length > 0)
    throw new JetError(
      'FILE_NOT_FOUND',
      `${output}: ${missing.length} of ${of} shards are missing: ${missing.slice(0, LISTED).join(', ')}${missing.length > LISTED ? ', …' : ''}; expected all; score them`,
      { missing, of },
    );
  return of;
}

function requireBelongs(path: string, manifest: ShardManifest, shard: Shard, work: Work): void {
  const difference = differenceOf(manifest.work, work);
  if (difference !== undefined)
    throw new JetError('BAD_DATASET', `${path}: ${difference}, as in shard 0; score that shard again`, { path });
  const { start, stop } = shardRange(jetsOf(work.data), shard);
  const { range } = manifest;
  if (
    manifest.shard.index !== shard.index ||
    manifest.shard.of !== shard.of ||
    range.start !== start ||
    range.stop !== stop
  )
    throw new JetError(
      'BAD_FILE',
      `${path}: shard ${manifest.shard.index}/${manifest.shard.of} with jets ${range.start} to ${range.stop}; expected ${shard.index}/${shard.of} with ${start} to ${stop}; score that shard again`,
      { path },
    );
}

/** The scores of all shards in order; each file is checked to its last byte before the next one is read. */
async function* readShards(
  output: string,
  jets: number,
  expected: readonly ShardManifest['scores'][],
): AsyncGenerator<ScoreBatch> {
  const of = expected.length;
  for (const [index, { bytes, sha256 }] of expected.entries()) {
    const { scores: path } = shardPaths(output, { index, of });
    const range = shardRange(jets, { index, of });
    const header = npyHeader(range.stop - range.start);
    const hash = createHash('sha256');
    let left = header.length;
    let start = range.start;
    let rest = new Uint8Array(0);
    let length = 0;
    try {
      for await (const part of createReadStream(path)) {
        const piece = part as Uint8Array;
        hash.update(piece);
        length += piece.length;
        const skipped = Math.min(left, piece.length);
        left -= skipped;
        const joined = new Uint8Array(rest.length + piece.length - skipped);
        joined.set(rest);
        joined.set(piece.subarray(skipped), rest.length);
        const whole = joined.length - (joined.length % 4);
        rest = joined.slice(whole);
        if (length > bytes || whole === 0) continue;
        yield { start, scores: new Float32Array(joined.buffer, 0, whole / 4) };
        start += whole / 4;
      }
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
      throw new JetError(
        'FILE_NOT_FOUND',
        `${path}: no such file; expected the scores of shard ${index}; score it`,
        { index },
        { cause },
      );
    }
    if (length !== bytes || hash.digest('hex') !== sha256)
      throw new JetError(
        'BAD_FILE',
        `${path}: ${length} bytes that are not those of its manifest; expected ${bytes}; score shard ${index} again`,
        { index, bytes: length, expected: bytes },
      );
  }
}
