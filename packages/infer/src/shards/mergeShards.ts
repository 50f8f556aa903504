import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson, isJetError, JetError, type JetErrorCode } from '@jetsdk/jets';
import { npyHeader } from '@jetsdk/jets/npy';
import type { ScoreBatch } from '../scoring/tagger.js';
import { differenceOf, readManifest, type ShardManifest, shardOfManifest, shardPaths, type Work } from './manifest.js';
import { jetsOf } from './scoreShard.js';
import { type Shard, shardRange } from './shardRange.js';
import { writeScores } from './writeScores.js';

export interface MergedScores {
  readonly jets: number;
  readonly shards: number;
  readonly work: Work;
  /** everything that ran, sorted */
  readonly runtimes: readonly string[];
}

/** Why a shard cannot be merged. */
interface Fault {
  readonly index: number;
  readonly code: JetErrorCode;
  readonly problem: string;
}

/** Numbers of shards that a message lists. */
const LISTED = 20;

/**
 * Writes the scores of all shards as one file, when every shard is there, whole, and of the same model and data.
 * Memory does not grow with the number of jets.
 *
 * @param output as it was given to `scoreShard`
 * @throws {JetError} naming all the shards to score again: FILE_NOT_FOUND where some are missing, BAD_DATASET where they
 *   do not belong together, BAD_FILE where they are damaged, NOT_FINITE where a score is no number
 */
export async function mergeShards(output: string): Promise<MergedScores> {
  const of = await findShards(output);
  const manifests = new Map<number, ShardManifest>();
  const works = new Map<string, { readonly work: Work; shards: number }>();
  const faults: Fault[] = [];
  for (let index = 0; index < of; index++)
    try {
      const manifest = (await readManifest(shardPaths(output, { index, of }).manifest))!;
      // each tells of all data files, so what they share is kept once
      const key = canonicalJson(manifest.work);
      const known = works.get(key) ?? { work: manifest.work, shards: 0 };
      known.shards++;
      works.set(key, known);
      manifests.set(index, { ...manifest, work: known.work });
    } catch (error) {
      if (!isJetError(error)) throw error;
      faults.push({ index, code: error.code, problem: error.message });
    }
  // few are to be scored again, so what most were made of is right
  const [common] = [...works.values()].sort((a, b) => b.shards - a.shards);
  for (const [index, manifest] of manifests) {
    const fault = faultOf(manifest, { index, of }, common!.work);
    if (fault !== undefined) faults.push(fault);
  }
  requireFaultless(output, of, faults);
  const { work } = common!;
  const jets = jetsOf(work.data);
  const found = [...manifests.values()];
  const scores = found.map((manifest) => manifest.scores);
  await writeScores(output, jets, readShards(output, jets, scores));
  const runtimes = new Set(found.map(({ runtime }) => runtime));
  return { jets, shards: of, work, runtimes: [...runtimes].sort() };
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
      `${output}: ${missing.length} of ${of} shards are missing: ${listed(missing)}; expected all; score them`,
      { missing, of },
    );
  return of;
}

const listed = (indices: readonly number[]): string =>
  `${indices.slice(0, LISTED).join(', ')}${indices.length > LISTED ? ', …' : ''}`;

function faultOf(manifest: ShardManifest, { index, of }: Shard, work: Work): Fault | undefined {
  const difference = differenceOf(manifest.work, work);
  if (difference !== undefined) return { index, code: 'BAD_DATASET', problem: `${difference}, as in most shards` };
  const { start, stop } = shardRange(jetsOf(work.data), { index, of });
  const { range, shard } = manifest;
  if (shard.index === index && shard.of === of && range.start === start && range.stop === stop) return undefined;
  return {
    index,
    code: 'BAD_FILE',
    problem: `its manifest is of ${shard.index}/${shard.of} with jets ${range.start} to ${range.stop}; expected ${index}/${of} with ${start} to ${stop}`,
  };
}

function requireFaultless(output: string, of: number, faults: readonly Fault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const shards = faults.map(({ index }) => index);
  throw new JetError(
    first.code,
    `${output}: ${faults.length} of ${of} shards cannot be merged: ${listed(shards)}; shard ${first.index}: ${first.problem}; expected whole shards of one model and the same data; score them again`,
    { shards, of },
  );
}

/** The scores of all shards in order; files are checked to their last bytes, at the end it is said which are not whole. */
async function* readShards(
  output: string,
  jets: number,
  expected: readonly ShardManifest['scores'][],
): AsyncGenerator<ScoreBatch> {
  const of = expected.length;
  const faults: Fault[] = [];
  for (const [index, { bytes, sha256 }] of expected.entries()) {
    const { scores: path } = shardPaths(output, { index, of });
    const range = shardRange(jets, { index, of });
    const header = npyHeader('float32', [range.stop - range.start]);
    const hash = createHash('sha256');
    let left = header.length;
    let start = range.start;
    let rest = new Uint8Array(0);
    let length = 0;
    let notFinite: string | undefined;
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
        const scores = new Float32Array(joined.buffer, 0, whole / 4);
        const bad = scores.findIndex((score) => !Number.isFinite(score));
        if (bad >= 0) notFinite ??= `score ${start - range.start + bad} is ${scores[bad]}`;
        // behind a fault nothing is merged any more, only checked
        if (length <= bytes && whole > 0 && faults.length === 0 && notFinite === undefined) yield { start, scores };
        start += whole / 4;
      }
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
      faults.push({ index, code: 'FILE_NOT_FOUND', problem: `there is no ${path}` });
      continue;
    }
    if (length !== bytes || hash.digest('hex') !== sha256)
      faults.push({
        index,
        code: 'BAD_FILE',
        problem: `${path} has ${length} bytes that are not those of its manifest; expected ${bytes}`,
      });
    else if (notFinite !== undefined)
      faults.push({ index, code: 'NOT_FINITE', problem: `${path}: ${notFinite}; remove the file` });
  }
  requireFaultless(output, of, faults);
}
