/** @file The device that a model runs on. */
import { isJetError, JetError } from '@jetsdk/jets';
import type { Platform } from '../platform.js';
import type { Device, Runtime } from '../runtime/runtime.js';
import { type Engine, type EngineSetup, requireNotCancelled } from '../scoring/engine.js';
import type { PassedOver, SelfTest } from '../scoring/tagger.js';
import { canSample } from './sample.js';
import { compareDevice, measureRate } from './selfTest.js';

/** What will run. */
export interface Chosen {
  readonly device: Device;
  readonly engine: Engine;
  readonly selfTest: SelfTest | undefined;
}

/**
 * The devices worth trying beside the reference.
 *
 * @param passedOver gets those that `auto` leaves out
 * @throws {JetError} BAD_ARGUMENT if the platform does not know the device; DEVICE_UNAVAILABLE if it cannot work here
 */
export async function candidatesFor(
  platform: Platform,
  wanted: Device | 'auto',
  passedOver: PassedOver[],
): Promise<Device[]> {
  requireDevice(platform, wanted);
  const candidates: Device[] = [];
  for (const device of wanted === 'auto' ? platform.auto : [wanted]) {
    if (device === platform.reference) continue;
    const reason = await platform.obstacle(device);
    if (reason === undefined) candidates.push(device);
    else if (wanted === 'auto') passedOver.push({ device, reason });
    else throw new JetError('DEVICE_UNAVAILABLE', `device ${device}: ${reason}`, { device });
  }
  return candidates;
}

/**
 * Takes the first candidate that works and is as good as the reference; the reference where none is.
 *
 * @param reference closed where another device is taken
 * @param passedOver gets those that `auto` leaves out
 * @throws {JetError} DEVICE_UNAVAILABLE, PARITY_FAILED for a device that was asked for by name; CANCELLED
 */
export async function chooseDevice(
  platform: Platform,
  runtime: Runtime,
  setupFor: (device: Device) => EngineSetup,
  reference: Engine,
  candidates: readonly Device[],
  {
    wanted,
    passedOver,
    signal,
  }: { readonly wanted: Device | 'auto'; readonly passedOver: PassedOver[]; readonly signal: AbortSignal | undefined },
): Promise<Chosen> {
  for (const device of candidates) {
    requireNotCancelled(signal, 'loadTagger');
    try {
      const taken = await tryDevice(platform, runtime, setupFor(device), reference, wanted === 'auto');
      await reference.close();
      return { device, ...taken };
    } catch (error) {
      if (wanted !== 'auto' || !isJetError(error)) throw error;
      passedOver.push({ device, reason: error.message });
    }
  }
  return { device: platform.reference, engine: reference, selfTest: undefined };
}

/**
 * @throws {JetError} DEVICE_UNAVAILABLE; PARITY_FAILED if the scores differ from the reference; BAD_ARGUMENT if
 *   `mustBeFaster` and it is not
 */
async function tryDevice(
  platform: Platform,
  runtime: Runtime,
  setup: EngineSetup,
  reference: Engine,
  mustBeFaster: boolean,
): Promise<{ engine: Engine; selfTest: SelfTest | undefined }> {
  const { plan } = setup;
  const { device } = setup.settings;
  const testable = canSample(plan);
  if (mustBeFaster && !testable)
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      `device ${device}: the model takes images of any size, so it cannot be compared with ${platform.reference}; name the device to use it nevertheless`,
      { device },
    );
  const engine = await platform.openEngine(runtime, setup);
  if (!testable) return { engine, selfTest: undefined };
  try {
    const { msForTest, ...selfTest } = await compareDevice(engine, reference, platform.reference, plan);
    const { maxAbsDifference, tolerance, jets } = selfTest;
    if (!(maxAbsDifference <= tolerance))
      throw new JetError(
        'PARITY_FAILED',
        `device ${device}: scores of ${jets} jets differ from ${platform.reference} by ${maxAbsDifference.toExponential(1)}; expected at most ${tolerance.toExponential(1)}; use ${platform.reference}`,
        { device, maxAbsDifference, tolerance },
      );
    if (mustBeFaster) {
      const rate = await measureRate(engine, plan, msForTest);
      const referenceRate = await measureRate(reference, plan, 0);
      if (rate === undefined || rate < referenceRate! * reference.width)
        throw new JetError(
          'DEVICE_UNAVAILABLE',
          `device ${device}: slower than ${platform.reference} on this model, ${rate === undefined ? 'far fewer' : Math.round(rate)} against ${Math.round(referenceRate! * reference.width)} jets/s; name the device to use it nevertheless`,
          { device, rate, referenceRate },
        );
    }
    return { engine, selfTest };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function requireDevice({ devices }: Platform, device: Device | 'auto'): void {
  if (device !== 'auto' && !devices.includes(device))
    throw new JetError('BAD_ARGUMENT', `loadTagger: device ${device}; expected auto, ${devices.join(', ')}`, {
      device,
    });
}
