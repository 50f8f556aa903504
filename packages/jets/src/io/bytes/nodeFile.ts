/** @file Opening files in Node, with errors a user can act on. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isJetError, JetError } from '../../errors.js';
import type { BinaryFile } from './binaryFile.js';

/**
 * Says in the SDK's words why a file could not be opened, read or written.
 *
 * @param action what was tried, e.g. `read`
 */
export function fileError(path: string, action: string, error: unknown): JetError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const options = { cause: error };
  if (path.startsWith('~'))
    return new JetError(
      'FILE_NOT_FOUND',
      `${path}: cannot ${action}, a leading ~ is expanded by the shell only, and not inside quotes; write the folder out`,
      { path, code },
      options,
    );
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new JetError(
      'FILE_NOT_FOUND',
      `${path}: cannot ${action}, no such file or folder; check the path (relative to ${process.cwd()})`,
      { path, code },
      options,
    );
  if (code === 'EACCES' || code === 'EPERM')
    return new JetError(
      'BAD_FILE',
      `${path}: cannot ${action}, permission denied; check the owner and the mode of the file and its folder`,
      { path, code },
      options,
    );
  if (code === 'EISDIR')
    return new JetError(
      'BAD_FILE',
      `${path}: cannot ${action}, it is a folder; name a file in it`,
      { path, code },
      options,
    );
  if (code === 'ENOSPC')
    return new JetError(
      'BAD_FILE',
      `${path}: cannot ${action}, no space left on the device; free some`,
      { path, code },
      options,
    );
  return new JetError('BAD_FILE', `${path}: cannot ${action}, the system says ${code}`, { path, code }, options);
}

/** A file of the file system. */
export type NodeFile = Required<BinaryFile>;

/**
 * Opens an existing file that is not empty.
 *
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is a folder, empty, or may not be read; `read` throws BAD_FILE if the file
 *   has been changed since
 */
export function openNodeFile(path: string): NodeFile {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (!stats.isFile())
      throw new JetError('BAD_FILE', `${path}: not a regular file (a pipe or a device); copy it to a file first`, {
        path,
      });
    if (stats.size === 0)
      throw new JetError('BAD_FILE', `${path}: the file is empty, got 0 bytes; make or copy it again`, { path });
    return unchanging(openSync(path, 'r'), path);
  } catch (error) {
    throw isJetError(error) ? error : fileError(path, 'open', error);
  }
}

/** What is read of a file that somebody writes meanwhile belongs to no file. */
function unchanging(fd: number, path: string): NodeFile {
  const file = binaryFile(fd, path);
  const identity = identityOf(fd);
  return {
    ...file,
    get size() {
      return file.size;
    },
    read(into, offset, length, position) {
      const got = file.read(into, offset, length, position);
      if (identityOf(fd) !== identity)
        throw new JetError(
          'BAD_FILE',
          `${path}: the file was changed while it was read; expected one that stays as it is; begin again when it is written`,
          { path },
        );
      return got;
    },
  };
}

/** Opens a file, uses it, and closes it. */
export function withNodeFile<T>(path: string, use: (file: NodeFile) => T): T {
  const file = openNodeFile(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

/** Another text for another file, and for the same one after a change. */
function identityOf(fd: number): string {
  const { dev, ino, size, mtimeMs } = fstatSync(fd);
  return `${dev},${ino},${size},${mtimeMs}`;
}

/** Wraps an open file descriptor; `close` closes it. */
export function binaryFile(fd: number, name: string): NodeFile {
  let closed = false;
  const guard = <T>(action: string, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw fileError(name, action, error);
    }
  };
  return {
    name,
    get size() {
      return fstatSync(fd).size;
    },
    read: (into, offset, length, position) =>
      guard('read', () => {
        let done = 0;
        while (done < length) {
          const got = readSync(fd, into, offset + done, length - done, position + done);
          if (got === 0) break;
          done += got;
        }
        return done;
      }),
    write: (from, offset, length, position) =>
      guard('write', () => {
        let done = 0;
        while (done < length) done += writeSync(fd, from, offset + done, length - done, position + done);
        return done;
      }),
    truncate: (size) => guard('write', () => ftruncateSync(fd, size)),
    place() {
      if (closed)
        throw new JetError('BAD_ARGUMENT', `${name}: the file has been closed; expected an open one; open it again`);
      return { path: resolve(name), identity: identityOf(fd) };
    },
    close() {
      if (!closed) closeSync(fd);
      closed = true;
    },
  };
}
