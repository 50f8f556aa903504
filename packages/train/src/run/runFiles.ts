/** @file The files of a run folder. */
import { join } from 'node:path';
import { readTextFile, writeFileAtomically } from '@jetsdk/jets/files';
import { parseJson } from '@jetsdk/jets/json';

/** The state after the last epoch, beside `run.json` and `history.json`. */
export const CHECKPOINT = join('checkpoint', 'last.bin');

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is no JSON, or as `parse` */
export async function readJson<T>(path: string, parse: (value: unknown, where: string) => T): Promise<T> {
  const text = readTextFile(path, `${path}: no such file; expected the folder of a training run`);
  return parse(parseJson(text, path), path);
}
