/** @file Texts of people, such as JSON, from disk and within the budget of memory. */
import { closeSync, openSync, readSync } from 'node:fs';
import { isJetError, JetError } from '../../errors.js';
import { requireMemory } from '../../memoryBudget.js';

const CHUNK_BYTES = 2 ** 20;

/**
 * Reads a text of at most what a JSON text may take, also of a pipe, whose length nobody knows.
 *
 * @param missing what the message says where it cannot be read
 * @throws {JetError} FILE_NOT_FOUND; LIMIT_EXCEEDED
 */
export function readTextFile(path: string, missing = `${path}: cannot be read`): string {
  try {
    return readAll(path);
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    throw new JetError('FILE_NOT_FOUND', missing, { path }, { cause });
  }
}

function readAll(path: string): string {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    let length = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(CHUNK_BYTES);
      const got = readSync(file, part, 0, CHUNK_BYTES, null);
      if (got === 0) return Buffer.concat(parts, length).toString('utf8');
      parts.push(part.subarray(0, got));
      length += got;
      requireMemory('json', length, `${path}: its texts`, 'shorten it');
    }
  } finally {
    closeSync(file);
  }
}
