/** @file What a device does here: tried, compared and timed. */
import { isJetError, type JetImages } from '@jetsdk/jets';
import { samplePixels } from '../choose/sample.js';
import { load } from '../load.js';
import type { Platform } from '../platform.js';
import type { Device } from '../runtime/runtime.js';
import type { SelfTest } from '../scoring/tagger.js';
import { PROBE_MODEL } from './probeModel.js';

/** A device, and whether it works on this machine. */
export interface DeviceReport {
  readonly device: Device;
  readonly available: boolean;
  /** why not, and what would help */
  readonly reason?: string;
  /** e.g. `onnxruntime-node 1.30.0` */
  readonly runtime?: string;
  readonly threads?: number;
  /** with a small convolutional network on 30×30 pixels */
  readonly jetsPerSecond?: number;
  readonly selfTest?: SelfTest;
}

/** The timing grows until it takes so long. */
const LONG_ENOUGH_MS = 150;
const PIXELS = 30;

export async function reportDevice(platform: Platform, device: Device): Promise<DeviceReport> {
  try {
    const model = Uint8Array.from(atob(PROBE_MODEL), (char) => char.charCodeAt(0));
    const tagger = await load(platform, model, { device });
    try {
      const { runtime, threads, selfTest } = tagger.info;
      let jetsPerSecond = 0;
      for (let jets = 256, ms = 0; ms < LONG_ENOUGH_MS; jets *= 2) {
        const images: JetImages = {
          kind: 'images',
          shape: [jets, PIXELS, PIXELS, 1],
          data: samplePixels(jets * PIXELS * PIXELS),
        };
        await tagger.score(images);
        const before = performance.now();
        await tagger.score(images);
        ms = performance.now() - before;
        jetsPerSecond = Math.round(jets / (ms / 1000));
      }
      const report = { device, available: true, runtime, threads, jetsPerSecond };
      return selfTest === undefined ? report : { ...report, selfTest };
    } finally {
      await tagger.dispose();
    }
  } catch (error) {
    if (!isJetError(error)) throw error;
    return { device, available: false, reason: error.message };
  }
}
