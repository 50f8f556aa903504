/** @file Data files in Node: what every machine has of them, and writing. */
export * from './bytes/atomicFile.js';
export * from './bytes/fileHash.js';
export * from './bytes/ownFile.js';
export * from './bytes/textFile.js';
export * from './files.js';
export * from './writeArray.js';
export * from './writeArrays.js';
export * from './writeJets.js';
