/** @file NumPy `.npy` arrays, over bytes alone. */
export { type NpyArray, npyHeader, type ReadNpyOptions, readNpy, writeNpy } from './npy.js';
export { labelsOf, scoresOf } from './perJet.js';
export type { NpyData, NpyDtype, NpyNumberType } from './types.js';
