/** Where the fixtures and the shared data lie, and temporary folders for tests. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { isJetError } from '../errors.js';
import type { JetSource } from '../source/source.js';

export const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

export const fixtureBytes = (name: string): Uint8Array => new Uint8Array(readFileSync(fixture(name)));

/** An array as NumPy prints it; 64-bit integers as text. */
export interface Printed {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}

/** The arrays of `printed.jsonl`. */
export const printedArrays = (): Printed[] =>
  readFileSync(fixture('printed.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Printed);

/** A file beside the repository that is there on some machines only. */
export const shared = (name: string): string =>
  fileURLToPath(new URL(`../../../../../shared/data/${name}`, import.meta.url));

/** A folder for the tests of one file, removed afterwards. */
export function temporaryFolder(): (name: string) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jets-io-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** All numbers of a source, which is closed. */
export async function readWhole(source: JetSource): Promise<Float32Array> {
  const { data } = await source.read(0, source.count);
  source.close();
  return data;
}

/** The code and message of the JetError that `run` ends with; `no error` if it ends well. */
export async function errorOf(run: () => Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await run();
  } catch (error) {
    if (isJetError(error)) return error;
    throw error;
  }
  return { code: 'no error', message: '' };
}
