/** @file The folder in which inputs of trainings are kept, so that they are made once. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalJson,
  type InputForm,
  isJetError,
  JetError,
  type JetSource,
  type Progress,
  SDK_VERSION,
} from '@jetsdk/jets';
import { fileHash, makeFolder } from '@jetsdk/jets/files';
import { type CachedJets, type CacheFacts, describeCache, FORMAT, openCache, writeCache } from './cacheFile.js';

const ENDING = '.inputs';

/** Where inputs are kept: below `$JETSDK_CACHE`, else below the cache folder of the user. */
export function cacheFolder(): string {
  const base =
    process.env['JETSDK_CACHE'] || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'jetsdk');
  return join(base, 'inputs');
}

/** What inputs are made of. */
export interface CacheRequest {
  /** files of jets, one after the other */
  readonly paths: readonly string[];
  /** all else that decides the inputs, beside the form: rows, layout and the like, as JSON */
  readonly options: object;
  /** what the network takes of a jet; undefined for images as they are */
  readonly form: InputForm | undefined;
  /** a column of the jets that is kept with them */
  readonly column?: string;
  /** opens the jets; called only where the inputs are not there yet */
  open(): Promise<JetSource>;
  onProgress?(progress: Progress): void;
  /** told how many bytes of a file have been hashed, which tells whether its inputs are there */
  onHash?(path: string, progress: Progress): void;
}

/** Inputs, and what they were made of. */
export interface CacheResult {
  readonly jets: CachedJets;
  /** SHA-256 of each file, hexadecimal */
  readonly hashes: readonly string[];
}

/**
 * Inputs of a network for labelled jets: those that are kept, or else made and kept.
 *
 * @throws {JetError} as `writeCache` and `openCache`; BAD_FILE if a file changes while it is read
 */
export async function cachedInputs({
  paths,
  options,
  form,
  column,
  open,
  onProgress,
  onHash,
}: CacheRequest): Promise<CacheResult> {
  const before = paths.map(identityOf);
  const hashes: string[] = [];
  for (const path of paths) hashes.push(await fileHash(path, (progress) => onHash?.(path, progress)));
  const key = createHash('sha256')
    .update(
      canonicalJson({
        format: FORMAT,
        sdkVersion: SDK_VERSION,
        hashes,
        options,
        column: column ?? null,
        form: form ?? null,
      }),
    )
    .digest('hex');
  const folder = cacheFolder();
  const path = join(folder, `${key}${ENDING}`);
  if (!existsSync(path)) {
    const source = await open();
    try {
      await makeFolder(folder);
      await writeCache(path, source, form, {
        key,
        ...(column !== undefined && { column }),
        ...(onProgress && { onProgress }),
        check: () => requireUnchanged(paths, before),
      });
    } finally {
      source.close();
    }
    return { jets: await openCache(path, key), hashes };
  }
  return { jets: await openCache(path, key, onProgress), hashes };
}

function identityOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : [found.dev, found.ino, found.size, found.mtimeNs].join();
}

function requireUnchanged(paths: readonly string[], before: readonly string[]): void {
  const changed = paths.find((path, i) => identityOf(path) !== before[i]);
  if (changed !== undefined)
    throw new JetError(
      'BAD_FILE',
      `${changed}: the file was changed while it was read; expected one that stays as it is; begin again when it is written`,
      { path: changed },
    );
}

/** A file of the cache. */
export interface CacheEntry {
  readonly path: string;
  readonly bytes: number;
  /** when it was made */
  readonly made: Date;
  /** undefined where it is cut or of another version */
  readonly facts: CacheFacts | undefined;
}

/** What is kept, oldest first. */
export async function listCache(): Promise<readonly CacheEntry[]> {
  const folder = cacheFolder();
  const names = await readdir(folder).catch(() => []);
  const entries: CacheEntry[] = [];
  for (const name of names.filter((name) => name.endsWith(ENDING))) {
    const path = join(folder, name);
    const { size, mtime } = await stat(path);
    entries.push({ path, bytes: size, made: mtime, facts: factsOf(path) });
  }
  return entries.sort((a, b) => a.made.getTime() - b.made.getTime());
}

function factsOf(path: string): CacheFacts | undefined {
  try {
    return describeCache(path);
  } catch (error) {
    if (isJetError(error)) return undefined;
    throw error;
  }
}

/** Removes what is kept, and says what it was. A training that reads it goes on. */
export async function clearCache(): Promise<readonly CacheEntry[]> {
  const entries = await listCache();
  for (const { path } of entries) await rm(path, { force: true });
  return entries;
}
