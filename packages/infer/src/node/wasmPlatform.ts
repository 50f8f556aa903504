/** @file ONNX Runtime's WebAssembly build in Node: the scores that a browser will give, without a browser. */
import type { Platform } from '../platform.js';
import { webRuntime } from '../runtime/ortWeb.js';
import { localEngine } from '../scoring/engine.js';
import { NODE_DEVICES } from './obstacles.js';
import { nodePlatform } from './platform.js';
import { tryInChild } from './trial.js';

export const nodeWasmPlatform: Platform = {
  ...nodePlatform,
  devices: ['wasm'],
  reference: 'wasm',
  auto: [],
  obstacle: async () => undefined,
  threads: () => 1,
  tune: () => undefined,
  tryOut: tryInChild('wasm'),
  runtime: (devices) => webRuntime(devices, 1),
  referenceEngine: (session, { plan, batchJets }) => localEngine(session, plan, batchJets),
  openEngine: async (runtime, { model, settings, plan, batchJets }) =>
    localEngine(await runtime.open(model, settings), plan, batchJets),
};

/** The same where the native library is missing: `auto` records the reason, any other device is refused with it. */
export const withoutNative = (reason: string): Platform => ({
  ...nodeWasmPlatform,
  devices: ['wasm', ...NODE_DEVICES],
  auto: ['cpu'],
  obstacle: async () => reason,
});
