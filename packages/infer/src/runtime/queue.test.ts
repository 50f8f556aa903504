import { expect, it } from 'vitest';
import { once, serialQueue } from './queue.js';

it('a serial queue runs one task at a time, in order, and survives a failure', async () => {
  const queue = serialQueue();
  const log: string[] = [];
  const task = (name: string, fails: boolean) => async () => {
    log.push(`${name} starts`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    log.push(`${name} ends`);
    if (fails) throw new Error(name);
    return name;
  };
  const results = await Promise.allSettled([queue(task('a', false)), queue(task('b', true)), queue(task('c', false))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
});

it('once makes a thing one time and forgets a failure', async () => {
  let calls = 0;
  const get = once(async () => {
    if (++calls === 1) throw new Error('first');
    return calls;
  });
  await expect(get()).rejects.toThrow('first');
  expect(await Promise.all([get(), get()])).toEqual([2, 2]);
});
