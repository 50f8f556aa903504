import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makePlan } from '../model/plan.js';
import { nodePlatform } from '../node/platform.js';
import type { Platform } from '../platform.js';
import { nodeRuntime } from '../runtime/ortNode.js';
import type { SessionSettings } from '../runtime/runtime.js';
import { type Engine, type EngineSetup, localEngine } from '../scoring/engine.js';
import type { PassedOver } from '../scoring/tagger.js';
import { fixture } from '../testing/fixtures.testing.js';
import { chooseDevice } from './chooseDevice.js';

// the only clock: time passes where an engine says so, whatever else the machine does
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const model = fixture('scoreNhwc');
const settings: SessionSettings = { device: 'cpu', threads: 1, optimisation: 'extended' };

/** ONNX Runtime on the processor; a jet takes so many milliseconds. */
async function engineTaking(msPerJet: number): Promise<{ engine: Engine; setup: EngineSetup }> {
  const session = await (await nodeRuntime()).open(model, settings);
  const { plan } = makePlan('fixture', { metadata: new Map(), producedBy: new Map([['y', 'Sigmoid']]) }, session);
  const engine = localEngine(session, plan, 64);
  return {
    setup: { model, settings: { ...settings, device: 'webgpu' }, plan, batchJets: 64 },
    engine: {
      ...engine,
      async score(chunk, signal) {
        const scores = await engine.score(chunk, signal);
        vi.advanceTimersByTime(msPerJet * chunk.jets);
        return scores;
      },
    },
  };
}

async function chosen(cardMs: number, processorMs: number) {
  const card = await engineTaking(cardMs);
  const processor = await engineTaking(processorMs);
  const platform: Platform = { ...nodePlatform, openEngine: async () => card.engine };
  const passedOver: PassedOver[] = [];
  const { device, engine } = await chooseDevice(
    platform,
    await nodeRuntime(),
    () => card.setup,
    processor.engine,
    ['webgpu'],
    { wanted: 'auto', passedOver, signal: undefined },
  );
  await engine.close();
  return { device, passedOver };
}

it('auto passes over a card that is slower than the processor, and says how fast both are', async () => {
  expect(await chosen(2, 1)).toEqual({
    device: 'cpu',
    passedOver: [
      {
        device: 'webgpu',
        reason:
          'device webgpu: slower than cpu on this model, 500 against 1000 jets/s; name the device to use it nevertheless',
      },
    ],
  });
});

it('auto passes over a card that would not be done with one batch in two seconds', async () => {
  const { device, passedOver } = await chosen(40, 1);
  expect(device).toBe('cpu');
  expect(passedOver[0]?.reason).toContain('slower than cpu on this model, far fewer against 1000 jets/s');
});

it('auto takes a card that is faster than the processor', async () => {
  expect(await chosen(1, 2)).toEqual({ device: 'webgpu', passedOver: [] });
});
