/** @file Writing a file so that it is either there whole or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isJetError, JetError } from '../../errors.js';
import { fileError } from './nodeFile.js';

/** Bytes, text, or a function that writes to the open file. */
export type FileContent = Uint8Array | string | ((file: FileHandle) => Promise<void>);

/**
 * Writes a file beside its place, brings it to the disk and renames it; an existing file is replaced.
 * On failure nothing is left behind and an existing file stays as it was; what a killed process of this machine has left
 * of the same file goes now.
 *
 * @throws {JetError} FILE_NOT_FOUND if the folder does not exist; BAD_FILE if it cannot be written;
 *   BAD_ARGUMENT if the path is a folder or a device; whatever the function throws
 */
export async function writeFileAtomically(path: string, content: FileContent): Promise<void> {
  const { target, mode } = await findTarget(path);
  const folder = dirname(target);
  const stem = stemOf(basename(target));
  const temporary = join(folder, `${stem}${process.pid}.${randomBytes(6).toString('hex')}.part`);
  await removeLeftOvers(folder, stem);
  const removeNow = (): void => rmSync(temporary, { force: true });
  // before it is there: a signal may end the process as soon as it is
  process.once('exit', removeNow);
  try {
    const file = await open(temporary, 'wx+', mode);
    try {
      if (typeof content === 'function') await content(file);
      else await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw isSystemError(error) ? fileError(path, 'write', error) : error;
  } finally {
    process.off('exit', removeNow);
  }
}

/**
 * Asks for the folder of a file that takes long to make, before it is made.
 *
 * @throws {JetError} FILE_NOT_FOUND if the folder does not exist; BAD_FILE if it may not be written to
 */
export async function requireFolderOf(path: string): Promise<void> {
  try {
    await access(`${dirname(path)}/.`, constants.W_OK);
  } catch (error) {
    throw fileError(path, 'write', error);
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Bytes of the name of a file, at most, on every common file system. */
const LONGEST_NAME = 255;
/** What comes behind the stem: a process, a dot, twelve digits, an ending. */
const REST = 32;

/** How the names of half-written files begin: the file's own name, cut where it is too long, and this machine. */
function stemOf(name: string): string {
  const machine = digest(hostname()).slice(0, 8);
  const short = Buffer.byteLength(name) + machine.length + REST > LONGEST_NAME ? digest(name).slice(0, 32) : name;
  return `.${short}.${machine}.`;
}

async function removeLeftOvers(folder: string, stem: string): Promise<void> {
  for (const file of await readdir(folder).catch(() => [])) {
    if (!file.startsWith(stem)) continue;
    const [, pid] = /^(\d+)\.[0-9a-f]{12}\.part$/.exec(file.slice(stem.length)) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await unlink(join(folder, file)).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // a process of another user is there too
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Makes a folder and those above it; one that is there already stays.
 *
 * @throws {JetError} BAD_ARGUMENT if a file has that name; BAD_FILE or FILE_NOT_FOUND if it cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'EEXIST' || cause.code === 'ENOTDIR'))
      throw new JetError(
        'BAD_ARGUMENT',
        `${path}: cannot make this folder, a file is in its place; name another`,
        { path },
        { cause },
      );
    throw fileError(path, 'make', cause);
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && !isJetError(error) && 'syscall' in error;
}

/** Follows links, so that a link stays one; keeps the mode of a file that is replaced. */
async function findTarget(path: string): Promise<{ target: string; mode: number }> {
  try {
    const target = await realpath(path);
    const found = await stat(target);
    if (!found.isFile())
      throw new JetError(
        'BAD_ARGUMENT',
        `${path}: cannot write, it is a ${found.isDirectory() ? 'folder; name a file in it' : 'device or pipe; name a regular file'}`,
        { path },
      );
    return { target, mode: found.mode & 0o777 };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { target: path, mode: 0o666 };
    throw isJetError(error) ? error : fileError(path, 'write', error);
  }
}
