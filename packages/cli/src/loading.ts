/** @file The model that a command scores with, and where it runs. */
import { type Device, isServedModel, loadTagger, type Tagger } from '@jetsdk/infer';
import type { Command } from 'commander';
import { MODELS } from './modelFile.js';
import { choice, whole } from './options.js';

export interface LoadFlags {
  readonly device?: Device | 'auto';
  readonly batchSize?: number;
  readonly threads?: number;
}

const device = choice<Device | 'auto'>('auto', 'cpu', 'cuda', 'tensorrt', 'dml', 'coreml', 'webgpu', 'wasm');

/** Adds the options of `loadModel`. */
export function withLoadOptions(command: Command): Command {
  return command
    .option('--device <name>', 'where to run; a device asked for by name runs or fails (default: cpu)', device)
    .option('--batch-size <jets>', 'jets a run', whole(1))
    .option('--threads <number>', 'worker threads', whole(1));
}

/** @param model ONNX file, URL, name of the registry, or address of a model that a server runs */
export function loadModel(model: string, { device, batchSize, threads }: LoadFlags): Promise<Tagger> {
  return loadTagger(model, {
    models: MODELS,
    device: device ?? (isServedModel(model) ? 'auto' : 'cpu'),
    ...(batchSize !== undefined && { batchSize }),
    ...(threads !== undefined && { threads }),
  });
}
