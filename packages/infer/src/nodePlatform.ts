/** @file What loading and scoring need of Node. */
import { availableParallelism } from 'node:os';
import { gpuEngine } from './gpuThread.js';
import type { Platform } from './load.js';
import { NODE_AUTO, NODE_DEVICES, nodeObstacle } from './nodeDevices.js';
import { nodeCpuEngine } from './nodeEngine.js';
import { nodeRuntime } from './nodeRuntime.js';
import { readModelInNode } from './nodeSource.js';

export const nodePlatform: Platform = {
  devices: NODE_DEVICES,
  reference: 'cpu',
  auto: NODE_AUTO,
  threads: availableParallelism,
  obstacle: async (device) => nodeObstacle(device),
  runtime: nodeRuntime,
  read: readModelInNode,
  // the worker threads are the parallelism
  sessionThreads: () => 1,
  batchJets: (device) => (device === 'cpu' ? 64 : 1024),
  referenceEngine: nodeCpuEngine,
  openEngine: (_, setup) => gpuEngine(setup),
};
