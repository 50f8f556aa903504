/** @file The reference models and the sample, which are packages of their own. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const fileOf = (module: string): string => fileURLToPath(import.meta.resolve(module));

/** The folder of the reference models. */
export const MODELS = dirname(fileOf('@jetsdk/models/package.json'));

/** The path of a file of the sample. */
export const sampleFile = (name: 'train.h5' | 'val.h5' | 'test.h5'): string => fileOf(`@jetsdk/sample/${name}`);
