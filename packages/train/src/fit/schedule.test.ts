import { expect, test } from 'vitest';
import type { EpochRecord } from './history.js';
import { learningRateAfter, type Schedule } from './schedule.js';

const after = (valLosses: number[]): EpochRecord[] =>
  valLosses.map((valLoss, i) => ({
    epoch: i + 1,
    loss: 1,
    accuracy: 0,
    valLoss,
    valAccuracy: 0,
    learningRate: 1,
    seconds: 0,
  }));
const rates = (schedule: Schedule | undefined, valLosses: number[]): number[] =>
  valLosses.map((_, i) => learningRateAfter(schedule, 0.1, 4, after(valLosses.slice(0, i))));

test('without a schedule the learning rate stays', () => {
  expect(rates(undefined, [3, 2, 1])).toEqual([0.1, 0.1, 0.1]);
});

test('step multiplies after every so many epochs', () => {
  const expected = [0.1, 0.1, 0.05, 0.05, 0.025];
  for (const [i, rate] of rates({ kind: 'step', every: 2, factor: 0.5 }, [1, 1, 1, 1, 1]).entries())
    expect(rate).toBeCloseTo(expected[i], 12);
});

test('cosine falls from the start to the final share', () => {
  const got = rates({ kind: 'cosine', final: 0.2 }, [1, 1, 1, 1, 1]);
  const expected = [0.1, 0.0882842712, 0.06, 0.0317157288, 0.02];
  for (const [i, rate] of got.entries()) expect(rate).toBeCloseTo(expected[i], 9);
});

test('plateau multiplies when the validation loss stops falling, and starts counting again', () => {
  const got = rates({ kind: 'plateau', patience: 2, factor: 0.5 }, [3, 2, 2.5, 2.5, 2.5, 2.5, 1]);
  const expected = [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.025];
  for (const [i, rate] of got.entries()) expect(rate).toBeCloseTo(expected[i], 12);
});
