import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makePlan } from '../model/plan.js';
import { nodeRuntime } from '../runtime/ortNode.js';
import type { Session } from '../runtime/runtime.js';
import { fixture } from '../testing/fixtures.testing.js';
import { timeJet } from './timing.js';

// the only clock: time passes where a session says so, whatever else the machine does
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** ONNX Runtime on the processor, where a run takes so many milliseconds, and the numbers of jets of its runs. */
async function sessionTaking(name: string, msPerRun: number) {
  const session = await (await nodeRuntime()).open(fixture(name), {
    device: 'cpu',
    threads: 1,
    optimisation: 'extended',
  });
  const { plan } = makePlan(name, { metadata: new Map(), producedBy: new Map([['y', 'Sigmoid']]) }, session);
  const runs: number[] = [];
  const slow: Session = {
    ...session,
    async run(feeds, outputs) {
      runs.push(Object.values(feeds)[0]!.shape[0]!);
      const made = await session.run(feeds, outputs);
      vi.advanceTimersByTime(msPerRun);
      return made;
    },
  };
  return { slow, plan, runs };
}

it('a network that is fast is timed in runs of several jets', async () => {
  const { slow, plan, runs } = await sessionTaking('scoreNhwc', 0.125);
  expect(await timeJet('fast', slow, plan)).toBe(0.125 / 16);
  expect(new Set(runs)).toEqual(new Set([1, 16]));
});

it('a network that takes long runs once on two jets', async () => {
  const { slow, plan, runs } = await sessionTaking('scoreNhwc', 80);
  expect(await timeJet('slow', slow, plan)).toBe(80);
  expect(runs).toEqual([1, 1, 1, 2]);
});

it('with one jet at a time it runs on one', async () => {
  const { slow, plan, runs } = await sessionTaking('scoreNhwc', 80);
  expect(await timeJet('slow', slow, plan, 1)).toBe(80);
  expect(runs).toEqual([1, 1, 1]);
});
