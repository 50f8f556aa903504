import { expect, it } from 'vitest';
import { cacheFriendlyBatch } from './batchSize.js';

it.each([
  [0.01, 64],
  [0.1, 32],
  [7, 32],
  [10, 16],
  [200, 1],
  [5000, 1],
])('networks that take %d ms a jet run %d jets at a time: memory grows with the time', (ms, jets) => {
  expect(cacheFriendlyBatch(ms)).toBe(jets);
});
