/** @file Names of files as a shell would expand them, for patterns that stand in quotes. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JetError } from '@jetsdk/jets';

/**
 * Collects the files of an argument or option that takes several.
 *
 * @param name of a file; or a pattern, with `*` for any characters and `?` for one in the last part of the path
 * @param before those collected
 * @throws {JetError} FILE_NOT_FOUND if no file has such a name
 */
export function fileNames(name: string, before: readonly string[] = []): readonly string[] {
  const slash = Math.max(name.lastIndexOf('/'), process.platform === 'win32' ? name.lastIndexOf('\\') : -1);
  const pattern = name.slice(slash + 1);
  if (!/[*?]/.test(pattern) || existsSync(name)) return [...before, name];
  const text = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const fits = new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
  const folder = slash < 0 ? '.' : dirname(name);
  const found = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = found.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && fits.test(entry.name));
  if (names.length === 0)
    throw new JetError(
      'FILE_NOT_FOUND',
      `${name}: no file of such a name; expected at least one; check the pattern (relative to ${process.cwd()})`,
      { pattern: name },
    );
  const sorted = names.map((entry) => entry.name).sort();
  return [...before, ...sorted.map((file) => (slash < 0 ? file : join(folder, file)))];
}
