/** @file Challenges on disk. */
export * from './challengeFolder.js';
export * from './initChallenge.js';
export * from './rankFolder.js';
export * from './submissionFolder.js';
