/** @file The same jets on several devices. */
import { isJetError, JetError } from '@jetsdk/jets';
import type { ModelSource } from '../model/source.js';
import type { LoadOptions } from '../options.js';
import type { Device } from '../runtime/runtime.js';
import type { JetArrays, Tagger } from '../scoring/tagger.js';

/** What a device makes of some jets. */
export interface DeviceComparison {
  readonly device: Device;
  /** e.g. `onnxruntime-node 1.30.0 cpu`; undefined where the device does not work here */
  readonly runtime?: string;
  /** max |Δscore| from the first device */
  readonly maxAbsDifference?: number;
  /** of jets in memory, their imaging included, in the fastest of several runs */
  readonly jetsPerSecond?: number;
  /** why the device does not work here */
  readonly reason?: string;
}

/** @throws {JetError} as `compareDevices` */
export async function compareOn(
  load: (source: ModelSource, options: LoadOptions) => Promise<Tagger>,
  model: ModelSource,
  jets: JetArrays,
  devices: readonly Device[],
  options: Omit<LoadOptions, 'device'>,
): Promise<DeviceComparison[]> {
  const [first, ...others] = [...new Set(devices)];
  if (first === undefined)
    throw new JetError('BAD_ARGUMENT', 'compareDevices: 0 devices; expected one or more, the first to compare with');
  const scoreOn = async (device: Device) => {
    await using tagger = await load(model, { ...options, device });
    const scores = await tagger.score(jets);
    const seconds = await fastest(() => tagger.score(jets));
    const jetsPerSecond = Math.round(scores.length / seconds);
    return { scores, ran: { device, runtime: `${tagger.info.runtime} ${tagger.info.device}`, jetsPerSecond } };
  };
  const { scores: wanted, ran } = await scoreOn(first);
  const compared: DeviceComparison[] = [{ ...ran, maxAbsDifference: 0 }];
  for (const device of others) {
    try {
      const { scores, ran: other } = await scoreOn(device);
      const maxAbsDifference = scores.reduce((most, score, i) => Math.max(most, Math.abs(score - wanted[i])), 0);
      compared.push({ ...other, maxAbsDifference });
    } catch (error) {
      if (!isJetError(error, 'DEVICE_UNAVAILABLE')) throw error;
      compared.push({ device, reason: error.message });
    }
  }
  return compared;
}

/** Seconds of the fastest run of those that fit into one second. */
async function fastest(run: () => Promise<unknown>): Promise<number> {
  let [best, spent] = [Number.POSITIVE_INFINITY, 0];
  while (spent < 1) {
    const start = performance.now();
    await run();
    const seconds = (performance.now() - start) / 1000;
    spent += seconds;
    best = Math.min(best, seconds);
  }
  return best;
}
