import { expect, test } from 'vitest';
import type { GanEpoch } from './ganEpoch.js';
import { oddities } from './oddities.js';

const epoch = (simulated: number, generated: number, spread: number): GanEpoch => ({
  epoch: 4,
  simulated: { real: simulated },
  generated: { real: generated },
  generator: { real: 1 },
  spread,
  seconds: 1,
});

test('of two networks that hold each other in check nothing is odd', () => {
  expect(oddities({ flip: 0 }, epoch(0.5, 0.6, 1.1))).toEqual([]);
});

test('images that are alike, and images that run away, are told of with how much they differ', () => {
  expect(oddities({ flip: 0 }, epoch(0.5, 0.6, 0.1))).toEqual([
    expect.stringMatching(/^epoch 4: generated images are alike: they differ 0\.10 times as much as simulated/),
  ]);
  expect(oddities({ flip: 0 }, epoch(0.5, 0.6, 213))).toEqual([
    expect.stringMatching(/^epoch 4: generated images run away: they differ 2\.1e\+2 times .*--learning-rate/),
  ]);
});

test('a discriminator that is never wrong is told of, also where labels are told wrongly to it', () => {
  expect(oddities({ flip: 0 }, epoch(0.02, 0.01, 1))).toEqual([expect.stringContaining('without fail')]);
  expect(oddities({ flip: 0 }, epoch(0.02, 0.2, 1))).toEqual([]);
  // −0.05 ln 0.05 − 0.95 ln 0.95 = 0.1985
  expect(oddities({ flip: 0.05 }, epoch(0.217, 0.222, 1))).toEqual([
    expect.stringContaining('(cross-entropy 0.22 and 0.22, of which 0.20 is from wrong labels)'),
  ]);
  expect(oddities({ flip: 0.05 }, epoch(0.238, 0.347, 1))).toEqual([]);
});
