// Targets whose seeds are the test files of a folder.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutateBytes } from './mutate.mjs';

const root = join(import.meta.dirname, '..');

/** @param {string} folder from the root of the project @param {RegExp} names */
export function seedFiles(folder, names) {
  const path = join(root, folder);
  return readdirSync(path)
    .filter((file) => names.test(file))
    .sort()
    .map((file) => new Uint8Array(readFileSync(join(path, file))))
    .filter((bytes) => bytes.length > 0 && bytes.length < 200_000);
}

/**
 * A target whose reader wants a path.
 *
 * @param {string} folder
 * @param {RegExp} names
 * @param {(path: string) => Promise<unknown>} read
 */
export function fileTarget(folder, names, read) {
  const here = mkdtempSync(join(tmpdir(), 'jetsdk-fuzz-'));
  process.on('exit', () => rmSync(here, { recursive: true, force: true }));
  const path = join(here, 'case');
  return {
    seeds: () => seedFiles(folder, names),
    mutate: mutateBytes,
    async read(bytes) {
      writeFileSync(path, bytes);
      await read(path);
    },
  };
}

/** Opens a file as jets and reads all that is in it. */
export async function readAllJets(openJets, path) {
  const source = await openJets(path);
  try {
    const count = Math.min(source.count, 2000);
    await source.labels();
    for (let at = 0; at < count; at += 500) await source.read(at, Math.min(count, at + 500));
  } finally {
    source.close();
  }
}
