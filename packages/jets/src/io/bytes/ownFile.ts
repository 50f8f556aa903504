/** @file Files that another file names, in Node. */
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { JetError } from '../../errors.js';

/**
 * A model from elsewhere must not choose what it reads, nor make us wait for a pipe.
 *
 * @param model the file that names the other
 * @throws {JetError} BAD_FILE unless it is a regular file in the model's folder, also behind links
 */
export async function requireOwnFile(model: string, path: string): Promise<void> {
  // a file that is not there is told of by who reads it
  const found = await realpath(path).catch(() => undefined);
  if (found === undefined) return;
  const way = relative(await realpath(dirname(model)), found);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new JetError('BAD_FILE', `${path}: a link out of the model's folder; expected a file in it`, { path });
  if (!(await stat(found)).isFile())
    throw new JetError('BAD_FILE', `${path}: no regular file; expected the weights`, { path });
}
