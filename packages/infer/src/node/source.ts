/** @file Model files in Node: paths, URLs with a cache folder, the registry. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJetError, JetError, nearestName } from '@jetsdk/jets';
import { requireOwnFile } from '@jetsdk/jets/files';
import type { ModelFile } from '@jetsdk/onnx';
import {
  download,
  isModelName,
  MAX_BYTES,
  type ModelSource,
  modelAt,
  type ReadModelOptions,
  readBlob,
} from '../model/source.js';

/**
 * @throws {JetError} FILE_NOT_FOUND, REMOTE, CANCELLED
 */
export async function readModelInNode(source: ModelSource, options: ReadModelOptions): Promise<ModelFile> {
  if (source instanceof Uint8Array) return { name: 'model', bytes: source };
  if (source instanceof ArrayBuffer) return { name: 'model', bytes: new Uint8Array(source) };
  if (source instanceof Blob) return readBlob(source);
  const text = String(source);
  if (/^https?:/i.test(text)) return modelAt(text, text, (url) => fetchCached(url, options));
  if (typeof source === 'string' && isModelName(source)) return readNamed(source, options);
  return readPath(/^file:/i.test(text) ? fileURLToPath(text) : text);
}

/** Where a model of this name is looked for: `models`, and if it is not there, the package `@jetsdk/models`. */
function folderWith(name: string): string {
  if (existsSync(join('models', name, 'model.onnx'))) return 'models';
  try {
    return dirname(createRequire(import.meta.url).resolve('@jetsdk/models/package.json'));
  } catch {
    return 'models';
  }
}

async function readNamed(name: string, options: ReadModelOptions): Promise<ModelFile> {
  const models = String(options.models ?? folderWith(name));
  if (/^https?:/i.test(models)) {
    const url = new URL(`${name}/model.onnx`, models.endsWith('/') ? models : `${models}/`).href;
    return modelAt(url, name, (address) => fetchCached(address, options));
  }
  const folder = /^file:/i.test(models) ? fileURLToPath(models) : models;
  const path = join(folder, name, 'model.onnx');
  try {
    return { name, bytes: await readRegular(path), beside: besidePath(path) };
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    if (!isMissing(cause)) throw unreadable(path, cause);
    if (existsSync(join(folder, name, 'generator.json')))
      throw new JetError(
        'FILE_NOT_FOUND',
        `model ${name}: its card is in ${join(folder, name)}, its file is not; expected model.onnx there; README.md beside the card has the commands that make it`,
        { name, path },
        { cause },
      );
    const known = (await readdir(folder).catch(() => [])).filter((one) => existsSync(join(folder, one, 'model.onnx')));
    const near = nearestName(name, known);
    throw new JetError(
      'FILE_NOT_FOUND',
      `model ${name}: no file ${path}; expected ${known.length > 0 ? `one of ${known.join(', ')}` : `models in ${folder}`}${near === undefined ? '' : `; did you mean ${near}?`}; a path to a file needs its ending, e.g. ${name}.onnx`,
      { name, path, known },
      { cause },
    );
  }
}

const besidePath =
  (path: string): NonNullable<ModelFile['beside']> =>
  async (location) => {
    const beside = join(dirname(path), location);
    await requireOwnFile(path, beside);
    return (await readPath(beside)).bytes;
  };

/** @throws {JetError} BAD_FILE for what may never end; LIMIT_EXCEEDED; and what the file system throws */
async function readRegular(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  const { size } = found;
  if (found.isDirectory()) {
    const model = (await readdir(path)).find((name) => name.endsWith('.onnx'));
    throw new JetError(
      'BAD_FILE',
      `${path}: it is a folder; expected an ONNX model; name a file in it${model === undefined ? '' : `, such as ${join(path, model)}`}`,
      { path },
    );
  }
  if (!found.isFile())
    throw new JetError('BAD_FILE', `${path}: not a regular file (a pipe or a device); copy it to a file first`, {
      path,
    });
  if (size > MAX_BYTES)
    throw new JetError('LIMIT_EXCEEDED', `${path}: ${size} bytes; expected at most ${MAX_BYTES}`, {
      size,
      limit: MAX_BYTES,
    });
  return readFile(path);
}

async function readPath(path: string): Promise<ModelFile> {
  try {
    return { name: basename(path), bytes: await readRegular(path), beside: besidePath(path) };
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    if (!isMissing(cause)) throw unreadable(path, cause);
    throw new JetError(
      'FILE_NOT_FOUND',
      `${path}: no such file; expected an ONNX model; check the path`,
      { path },
      { cause },
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

function unreadable(path: string, cause: unknown): JetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new JetError('BAD_FILE', `${path}: cannot be read (${reason}); expected an ONNX model`, { path }, { cause });
}

/** A copy is used when the server says that it has not changed; what is kept is complete or not there. */
async function fetchCached(url: string, options: ReadModelOptions): Promise<Uint8Array> {
  if (options.cache === false) return (await download(url, options)).bytes!;
  const folder = options.cache ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'jetsdk');
  const path = join(folder, `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.onnx`);
  const kept = await readKept(path);
  const { bytes, etag } = await download(url, options, kept?.etag);
  if (bytes === undefined) return kept!.bytes;
  if (etag !== undefined) {
    // a cache that cannot be written to is no reason not to score
    await keep(folder, path, { url, etag }, bytes).catch(() => undefined);
  }
  return bytes;
}

async function readKept(path: string): Promise<{ etag: string; bytes: Uint8Array } | undefined> {
  try {
    const about: unknown = JSON.parse(await readFile(`${path}.json`, 'utf8'));
    const bytes = await readFile(path);
    if (typeof about !== 'object' || about === null || !('etag' in about) || !('sha256' in about)) return undefined;
    const { etag, sha256 } = about;
    if (typeof etag !== 'string' || createHash('sha256').update(bytes).digest('hex') !== sha256) return undefined;
    return { etag, bytes };
  } catch {
    return undefined;
  }
}

async function keep(folder: string, path: string, about: Record<string, string>, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  for (const [target, content] of [
    [path, bytes],
    [`${path}.json`, JSON.stringify({ ...about, sha256 })],
  ] as const) {
    const beside = `${target}.${randomUUID()}`;
    await writeFile(beside, content);
    await rename(beside, target);
  }
}
