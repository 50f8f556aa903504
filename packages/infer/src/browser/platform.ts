/** @file What loading and scoring need of a browser. */
import { cacheFriendlyBatch } from '../choose/batchSize.js';
import type { Platform } from '../platform.js';
import { pageThreads, webRuntime } from '../runtime/ortWeb.js';
import type { Device } from '../runtime/runtime.js';
import { localEngine } from '../scoring/engine.js';
import { readModelInBrowser } from './source.js';

export const browserPlatform: Omit<Platform, 'tryOut'> = {
  devices: ['wasm', 'webgpu', 'webnn'],
  reference: 'wasm',
  auto: ['webgpu'],
  threads: pageThreads,
  obstacle,
  runtime: webRuntime,
  read: readModelInBrowser,
  sessionThreads: (threads) => threads,
  // the kernels of WebAssembly do no better with it
  tune: () => undefined,
  // a page has 4 GB and no more
  rowBytes: () => undefined,
  batchJets: (device, msPerJet) => (device === 'wasm' ? cacheFriendlyBatch(msPerJet) : 256),
  rest: breathe,
  referenceEngine: (session, { plan, batchJets }) => localEngine(session, plan, batchJets, breathe()),
  async openEngine(runtime, { model, settings, plan, batchJets }) {
    return localEngine(await runtime.open(model, settings), plan, batchJets, breathe());
  },
};

/** Of WebGPU, what tells whether there is a graphics card to use. */
interface Gpu {
  requestAdapter(): Promise<object | null>;
}

async function obstacle(device: Device): Promise<string | undefined> {
  if (device === 'webnn' && !('ml' in navigator))
    return 'this browser has no WebNN (navigator.ml); use one that has it enabled, or webgpu or wasm';
  if (device !== 'webgpu') return undefined;
  if (!('gpu' in navigator))
    return 'this browser or page has no WebGPU (navigator.gpu); use a recent browser and serve the page over https';
  const adapter = await (navigator.gpu as Gpu).requestAdapter();
  return adapter === null
    ? 'WebGPU finds no graphics adapter; update its driver or allow it in the browser'
    : undefined;
}

/** A page that scores draws its next frame in time. */
const FRAME_MS = 12;

function breathe(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < FRAME_MS) return undefined;
    return turn().then(() => {
      last = performance.now();
    });
  };
}

/** A message to oneself, which comes after what the page has to do; making the channel takes longer than the message. */
let channel: MessageChannel | undefined;
const waiting: (() => void)[] = [];

function turn(): Promise<void> {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()!();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(undefined);
  });
}
