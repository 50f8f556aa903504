import { readFile } from 'node:fs/promises';
import { JetError } from '@jetsdk/jets';
import { expect, it, onTestFinished, vi } from 'vitest';
import { generatorCardFromJson } from '../model/onnxFile.js';
import { madeUp, within } from './trial.js';

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

it.each(['calo-flow', 'calogan-eplus', 'jet-flow', 'lagan'])(
  'inputs are made up for %s, whose conditions may be called as an option is',
  async (name) => {
    const json = await readFile(new URL(`../../../../models/${name}/generator.json`, import.meta.url), 'utf8');
    const card = generatorCardFromJson(json, name);
    const { feeds, names } = madeUp(card, 3);
    expect(names).toEqual(card.outputs.map((output) => output.name));
    for (const { name, range } of card.conditions)
      for (const value of feeds[name].data) {
        expect(value).toBeGreaterThanOrEqual(range[0]);
        expect(value).toBeLessThanOrEqual(range[1]);
      }
  },
);
