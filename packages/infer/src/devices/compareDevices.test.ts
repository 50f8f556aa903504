import { jetImages } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { compareDevices } from '../node/entry.js';
import { fixture, fixturePixels } from '../testing/fixtures.testing.js';

const five = jetImages(fixturePixels(5 * 144), [12, 12, 1]);

describe('compareDevices', () => {
  it('compares every device with the first, and gives a reason for each that does not work here', async () => {
    const [first, second, third, ...more] = await compareDevices(fixture('scoreNhwc'), five, [
      'cpu',
      'wasm',
      process.platform === 'darwin' ? 'dml' : 'coreml',
      'cpu',
    ]);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ device: 'cpu', maxAbsDifference: 0, runtime: expect.stringMatching(/ cpu$/) });
    expect(second).toMatchObject({ device: 'wasm', runtime: expect.stringMatching(/ wasm$/) });
    expect(second?.maxAbsDifference).toBeLessThan(1e-5);
    for (const one of [first, second]) expect(one?.jetsPerSecond).toBeGreaterThan(0);
    expect(third).toEqual({ device: third?.device, reason: expect.stringContaining(String(third?.device)) });
  });

  it('refuses no device at all, and a first one that does not work', async () => {
    await expect(compareDevices(fixture('scoreNhwc'), five, [])).rejects.toThrow('0 devices');
    const missing = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(compareDevices(fixture('scoreNhwc'), five, [missing, 'cpu'])).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
    });
  });
});
