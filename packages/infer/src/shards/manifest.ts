/** @file What is written beside a finished shard. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson, counted, isJetError, JetError, recipeHash, SDK_VERSION } from '@jetsdk/jets';
import {
  type Check,
  count,
  listOf,
  object,
  oneOf,
  optional,
  parseJson,
  sha256,
  suchThat,
  text,
  whole,
} from '@jetsdk/jets/json';
import type { ReadoutPlan } from '../model/plan.js';
import type { TaggerInfo } from '../scoring/tagger.js';
import type { DataFile } from './dataFiles.js';
import { isShard, type JetRange, type Shard } from './shardRange.js';
import type { ScoreFile } from './writeScores.js';

/** Everything that decides what the scores of all shards are. */
export interface Work {
  readonly sdkVersion: string;
  readonly model: {
    readonly sha256: string;
    /** SHA-256 of the canonical recipe, where there is one */
    readonly recipe?: string;
    readonly readout: ReadoutPlan;
  };
  readonly data: readonly DataFile[];
}

/** A finished shard; the file exists only beside complete scores. */
export interface ShardManifest {
  readonly format: 'jetsdk-shard/1';
  readonly work: Work;
  readonly shard: Shard;
  /** among the jets of all files together */
  readonly range: JetRange;
  readonly scores: ScoreFile;
  /** what ran, e.g. `onnxruntime-node 1.30.0 cpu`; shards may differ in it */
  readonly runtime: string;
}

/** @throws {JetError} BAD_ARGUMENT if the model's SHA-256 is not known, as with some servers */
export function workOf(info: TaggerInfo, data: readonly DataFile[]): Work {
  if (info.sha256 === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `${info.name}: SHA-256 of the model unknown, the server does not tell it; expected one, so that shards of different models are not mixed; score with the ONNX file`,
      { model: info.name },
    );
  return {
    sdkVersion: SDK_VERSION,
    model: {
      sha256: info.sha256,
      ...(info.recipe !== undefined && { recipe: recipeHash(info.recipe) }),
      readout: info.readout,
    },
    data,
  };
}

/** Files of one shard of the scores that will be merged into `output`. */
export function shardPaths(output: string, { index, of }: Shard): { scores: string; manifest: string } {
  const number = String(index).padStart(String(of - 1).length, '0');
  const stem = join(dirname(output), `${stemOf(output)}.shard-${number}-of-${of}`);
  return { scores: `${stem}.npy`, manifest: `${stem}.json` };
}

/** The shard whose manifest has that name; undefined for other files. */
export function shardOfManifest(output: string, name: string): Shard | undefined {
  const [, index, of] = /\.shard-(\d{1,7})-of-(\d{1,7})\.json$/.exec(name) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  return isShard(shard) && basename(shardPaths(output, shard).manifest) === name ? shard : undefined;
}

const stemOf = (output: string): string => basename(output).replace(/\.npy$/, '');

/** A manifest longer than this is none. */
const MAX_BYTES = 2 ** 26;

/**
 * @returns undefined if there is no such file
 * @throws {JetError} BAD_FILE if it is no manifest of a shard
 */
export async function readManifest(path: string): Promise<ShardManifest | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw broken(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, path, cause);
  }
  if (bytes.length > MAX_BYTES) throw broken(`${path}: ${bytes.length} bytes`, path);
  try {
    return MANIFEST(parseJson(bytes, path), { where: path, code: 'BAD_FILE' });
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw broken(cause.message, path, cause);
  }
}

function broken(problem: string, path: string, cause?: unknown): JetError {
  return new JetError(
    'BAD_FILE',
    `${problem}; expected the manifest of a shard; score that shard again`,
    { path },
    { cause },
  );
}

const MANIFEST: Check<ShardManifest> = object(
  {
    format: oneOf('jetsdk-shard/1'),
    work: object(
      {
        sdkVersion: text,
        model: object(
          {
            sha256,
            recipe: optional(sha256),
            readout: object(
              {
                output: text,
                kind: oneOf('score', 'logit', 'probabilities', 'logits'),
                columns: whole(1),
                signalColumn: count,
              },
              'kept',
            ),
          },
          'kept',
        ),
        data: listOf(object({ name: text, bytes: count, jets: count, fingerprint: sha256 }, 'kept')),
      },
      'kept',
    ),
    shard: suchThat(object({ index: count, of: count }), 'an index below the number of shards', isShard),
    range: object({ start: count, stop: count }),
    scores: object({ bytes: count, sha256 }),
    runtime: text,
  },
  'kept',
);

/** What of two works differs first, for messages; undefined if they are the same. */
export function differenceOf(got: Work, expected: Work): string | undefined {
  const differ = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b);
  if (got.sdkVersion !== expected.sdkVersion) return `SDK version ${got.sdkVersion}; expected ${expected.sdkVersion}`;
  if (got.model.sha256 !== expected.model.sha256)
    return `model with SHA-256 ${got.model.sha256}; expected ${expected.model.sha256}`;
  if (differ(got.model, expected.model)) return 'another recipe or output of the model; expected the same';
  if (got.data.length !== expected.data.length)
    return `${counted(got.data.length, 'file')} of jets; expected ${expected.data.length}`;
  const i = got.data.findIndex((file, at) => differ(file, expected.data[at]));
  return i < 0
    ? undefined
    : `file ${got.data[i].name} (number ${i + 1}) is another one or has changed; expected the same`;
}
