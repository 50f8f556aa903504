/** @file The reference models and the sample, which are packages of their own. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the reference models. */
export const MODELS = dirname(fileURLToPath(import.meta.resolve('@jetsdk/models/package.json')));

/** The path of a file of the sample. */
export function sampleFile(name: 'train.h5' | 'val.h5' | 'test.h5'): string {
  return fileURLToPath(new URL(name, import.meta.resolve('@jetsdk/sample/package.json')));
}
