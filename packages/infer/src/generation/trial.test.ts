import { JetError } from '@jetsdk/jets';
import { expect, it, onTestFinished, vi } from 'vitest';
import { within } from './trial.js';

const late = (): JetError => new JetError('DEVICE_UNAVAILABLE', 'late');

it('a device that never answers is not waited for', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const waiting = within(30_000, new Promise(() => undefined), late);
  const refused = expect(waiting).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
});

it('one that answers gives its answer, or its failure, and leaves no timer behind', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  expect(await within(1, Promise.resolve(3), late)).toBe(3);
  await expect(within(1, Promise.reject(new Error('lost')), late)).rejects.toThrow('lost');
  expect(vi.getTimerCount()).toBe(0);
});
