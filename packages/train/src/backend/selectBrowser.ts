/** @file Chooses what TensorFlow.js computes on in a browser. */
import { type Starters, startFirst, useCpu } from './backend.js';
import type * as node from './select.js';
import { requireAdapter, useWebgpu } from './webgpu.js';

export const selectBackend: typeof node.selectBackend = (choice = 'auto', { threads = 1 } = {}) =>
  startFirst(choice, ['webgpu', 'cpu'], starters, threads);

const starters: Starters = {
  webgpu: async () => {
    if (!navigator.gpu) throw new Error('this browser or page has no WebGPU; use a recent one, over https');
    await requireAdapter(navigator.gpu);
    await useWebgpu();
    return 1;
  },
  cpu: useCpu,
};
