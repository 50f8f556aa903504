/** @file What is written beside a finished shard. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson, JetError, recipeHash, SDK_VERSION } from '@jetsdk/jets';
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
  let manifest: unknown;
  try {
    const bytes = await readFile(path);
    if (bytes.length > MAX_BYTES) throw new SyntaxError(`${bytes.length} bytes`);
    manifest = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw broken(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  assertManifest(manifest, path);
  return manifest;
}

function broken(path: string, problem: string, cause?: unknown): JetError {
  return new JetError(
    'BAD_FILE',
    `${path}: ${problem}; expected the manifest of a shard; score that shard again`,
    { path },
    { cause },
  );
}

function assertManifest(value: unknown, path: string): asserts value is ShardManifest {
  const object = (field: string, inner: unknown): Record<string, unknown> => {
    if (typeof inner !== 'object' || inner === null) throw broken(path, `field ${field} is missing`);
    return inner as Record<string, unknown>;
  };
  const check = (field: string, right: boolean): void => {
    if (!right) throw broken(path, `field ${field} is missing or wrong`);
  };
  const count = (inner: unknown): boolean => Number.isSafeInteger(inner) && (inner as number) >= 0;
  const hash = (inner: unknown): boolean => typeof inner === 'string' && /^[0-9a-f]{64}$/.test(inner);

  const top = object('manifest', value);
  check('format', top['format'] === 'jetsdk-shard/1');
  check('runtime', typeof top['runtime'] === 'string');
  const shard = object('shard', top['shard']);
  check('shard', count(shard['index']) && count(shard['of']) && (shard['index'] as number) < (shard['of'] as number));
  const range = object('range', top['range']);
  check('range', count(range['start']) && count(range['stop']));
  const scores = object('scores', top['scores']);
  check('scores', count(scores['bytes']) && hash(scores['sha256']));
  const work = object('work', top['work']);
  check('work.sdkVersion', typeof work['sdkVersion'] === 'string');
  const model = object('work.model', work['model']);
  check('work.model', hash(model['sha256']) && (model['recipe'] === undefined || hash(model['recipe'])));
  object('work.model.readout', model['readout']);
  const { data } = work;
  if (!Array.isArray(data)) throw broken(path, 'field work.data is missing');
  for (const file of data) {
    const { name, bytes, jets, fingerprint } = object('work.data', file);
    check('work.data', typeof name === 'string' && count(bytes) && count(jets) && hash(fingerprint));
  }
}

/** What of two works differs first, for messages; undefined if they are the same. */
export function differenceOf(got: Work, expected: Work): string | undefined {
  const differ = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b);
  if (got.sdkVersion !== expected.sdkVersion) return `SDK version ${got.sdkVersion}; expected ${expected.sdkVersion}`;
  if (got.model.sha256 !== expected.model.sha256)
    return `model with SHA-256 ${got.model.sha256}; expected ${expected.model.sha256}`;
  if (differ(got.model, expected.model)) return 'another recipe or output of the model; expected the same';
  if (got.data.length !== expected.data.length)
    return `${got.data.length} files of jets; expected ${expected.data.length}`;
  const i = got.data.findIndex((file, at) => differ(file, expected.data[at]));
  return i < 0
    ? undefined
    : `file ${got.data[i].name} (number ${i + 1}) is another one or has changed; expected the same`;
}
