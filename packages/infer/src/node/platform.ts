/** @file What loading and scoring need of Node. */
import { availableParallelism } from 'node:os';
import { mergePooling, patchModel, skimModel, summariseGraph } from '@jetsdk/onnx';
import { cacheFriendlyBatch } from '../choose/batchSize.js';
import type { Platform } from '../platform.js';
import { nodeRuntime } from '../runtime/ortNode.js';
import { nodeCpuEngine } from './cpuEngine.js';
import { gpuEngine } from './gpuEngine.js';
import { NODE_AUTO, NODE_DEVICES, nodeObstacle } from './obstacles.js';
import { readModelInNode } from './source.js';
import { tryInChild } from './trial.js';

export const nodePlatform: Platform = {
  devices: NODE_DEVICES,
  reference: 'cpu',
  auto: NODE_AUTO,
  threads: availableParallelism,
  obstacle: async (device) => nodeObstacle(device),
  runtime: nodeRuntime,
  read: readModelInNode,
  tryOut: tryInChild('cpu'),
  // chunks run side by side, each on one thread
  sessionThreads: () => 1,
  // from operator set 5 on, Reshape takes the shape as an input
  tune: (model, opset) => (opset < 5 ? undefined : patchModel(model, mergePooling)),
  rowBytes: (model) => summariseGraph(skimModel(model).graph).activationBytes,
  batchJets: (device, msPerJet) => (device === 'cpu' ? cacheFriendlyBatch(msPerJet) : 1024),
  referenceEngine: nodeCpuEngine,
  openEngine: (_, setup) => gpuEngine(setup),
};
