/** @file The process that tries a model. */
import { Worker } from 'node:worker_threads';
import { plainError } from '@jetsdk/jets';
import { runGeneratorTrial } from '../generation/loadGenerator.js';
import { runTrial } from '../load.js';
import { nodePlatform } from './platform.js';
import type { TrialAnswer, TrialRequest } from './trial.js';
import { nodeWasmPlatform } from './wasmPlatform.js';

process.once('message', async ({ device, mostMemory, ...trial }: TrialRequest) => {
  const watch = new Worker(new URL('./trialWatch.js', import.meta.url), {
    workerData: { mostMemory, parent: process.ppid },
    execArgv: [],
  });
  await new Promise((resolve) => watch.once('message', resolve));
  let answer: TrialAnswer = {};
  try {
    const platform = device === 'wasm' ? nodeWasmPlatform : nodePlatform;
    await (trial.use.kind === 'generator' ? runGeneratorTrial : runTrial)(platform, trial);
  } catch (error) {
    answer = { error: plainError(error) };
  }
  process.send!(answer);
});
process.once('disconnect', () => process.exit());
