/** @file What loading and scoring need of Node. */
import { availableParallelism } from 'node:os';
import { gpuEngine } from './gpuThread.js';
import { cacheFriendlyBatch, type Platform } from './load.js';
import { NODE_AUTO, NODE_DEVICES, nodeObstacle } from './nodeDevices.js';
import { nodeCpuEngine } from './nodeEngine.js';
import { nodeRuntime } from './nodeRuntime.js';
import { readModelInNode } from './nodeSource.js';
import { mergePooling } from './pooledConvolution.js';

export const nodePlatform: Platform = {
  devices: NODE_DEVICES,
  reference: 'cpu',
  auto: NODE_AUTO,
  threads: availableParallelism,
  obstacle: async (device) => nodeObstacle(device),
  runtime: nodeRuntime,
  read: readModelInNode,
  // chunks run side by side, each on one thread
  sessionThreads: () => 1,
  tune: mergePooling,
  batchJets: (device, msPerJet) => (device === 'cpu' ? cacheFriendlyBatch(msPerJet) : 1024),
  referenceEngine: nodeCpuEngine,
  openEngine: (_, setup) => gpuEngine(setup),
};
