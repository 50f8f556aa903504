/** @file The model that a command scores with, and where it runs. */
import type { Device, ModelHints, Tagger } from '@jetsdk/infer';
import { isJetError, type Recipe } from '@jetsdk/jets';
import type { Command } from 'commander';
import { MODELS } from './bundled.js';
import { withOptionNames } from './optionNames.js';
import { choice, recipeOption, whole } from './options.js';
import { say } from './terminal.js';

export interface LoadFlags extends HintFlags {
  readonly device?: Device | 'auto';
  readonly batchSize?: number;
  readonly threads?: number;
  readonly sha256?: string;
  readonly verbose?: true;
}

/** What a model without a card does not say of itself. */
export interface HintFlags {
  readonly recipe?: Recipe;
  readonly inputKind?: 'images' | 'constituents';
  readonly imageLayout?: 'NCHW' | 'NHWC';
  readonly outputName?: string;
  readonly outputKind?: OutputKind;
  readonly signalColumn?: number;
}

type OutputKind = NonNullable<ModelHints['outputKind']>;

export const device = choice<Device | 'auto'>('auto', 'cpu', 'cuda', 'tensorrt', 'dml', 'coreml', 'webgpu', 'wasm');

/** Adds the options of `loadModel`. */
export function withLoadOptions(command: Command): Command {
  command
    .option('--device <name>', 'where to run; a device asked for by name runs or fails (default: cpu)', device)
    .option('--batch-size <jets>', 'jets a run', whole(1))
    .option('--threads <number>', 'worker threads', whole(1))
    .option('--sha256 <hash>', 'what the model file must be; a file known by its hash is loaded without a trial')
    .option('--verbose', 'show what ONNX Runtime warns of in the model; without it, a line tells what its graph shows');
  return withHintOptions(command);
}

/** Adds the options of `hintsOf`. */
export function withHintOptions(command: Command): Command {
  return command
    .optionsGroup('Of a model without a card:')
    .option('--recipe <name|file.json>', 'how constituents become its images', recipeOption)
    .option('--input-kind <kind>', 'what its input (n, m, 4) holds: images or constituents', inputKind)
    .option('--image-layout <NCHW|NHWC>', 'memory order of its images, where the graph leaves it open', imageLayout)
    .option('--output-name <name>', 'output to score with, where several hold numbers')
    .option('--output-kind <kind>', 'what the output holds: score, logit, probabilities, logits', outputKind)
    .option('--signal-column <number>', 'column of the signal class, from 0; of two classes 1 unless told', whole(0));
}

const inputKind = choice<'images' | 'constituents'>('images', 'constituents');
const imageLayout = choice<'NCHW' | 'NHWC'>('NCHW', 'NHWC');
const outputKind = choice<OutputKind>('score', 'logit', 'probabilities', 'logits');

/** The options for `loadTagger`. */
export function hintsOf({
  recipe,
  inputKind,
  imageLayout: layout,
  outputName: output,
  outputKind: kind,
  signalColumn,
}: HintFlags): ModelHints {
  return {
    ...(recipe !== undefined && { recipe }),
    ...(inputKind !== undefined && { inputKind }),
    ...(layout !== undefined && { layout }),
    ...(output !== undefined && { output }),
    ...(kind !== undefined && { outputKind: kind }),
    ...(signalColumn !== undefined && { signalColumn }),
  };
}

/** What `loadTagger` calls them. */
export const HINT_NAMES = { layout: '--image-layout', output: '--output-name' };

/** @param model ONNX file, URL, name of the registry, or address of a model that a server runs */
export async function loadModel(
  model: string,
  { device, batchSize, threads, sha256, verbose, ...hints }: LoadFlags,
): Promise<Tagger> {
  const { isServedModel, loadTagger } = await import('@jetsdk/infer');
  const load = (on: Device | 'auto'): Promise<Tagger> =>
    withOptionNames(HINT_NAMES, () =>
      loadTagger(model, {
        ...hintsOf(hints),
        models: MODELS,
        device: on,
        ...(batchSize !== undefined && { batchSize }),
        ...(threads !== undefined && { threads }),
        ...(sha256 !== undefined && { sha256 }),
        ...(verbose && { verbose }),
      }),
    );
  const tagger = await onDevice(device ?? (isServedModel(model) ? 'auto' : undefined), load);
  if (!verbose) tellOddities(model, tagger);
  return tagger;
}

/** A line on what is odd in the graph of a model. */
export function tellOddities(model: string, { info: { oddities } }: Tagger): void {
  if (oddities.length > 0)
    say(`${model}: its graph has ${oddities.join(', ')}; jetsdk score --verbose shows what ONNX Runtime warns of`);
}

/** What scores on the processor: WebAssembly, once one load has found its library missing. */
let processor: 'cpu' | 'wasm' = 'cpu';

/** On the device that is asked for; else on the processor, in WebAssembly where its library is not installed. */
export async function onDevice<T>(
  device: Device | 'auto' | undefined,
  load: (device: Device | 'auto') => Promise<T>,
): Promise<T> {
  if (device !== undefined) return load(device);
  try {
    return await load(processor);
  } catch (error) {
    if (processor === 'wasm' || !isJetError(error, 'DEVICE_UNAVAILABLE')) throw error;
    say(`${error.message}; goes on in WebAssembly, which is slower`);
    processor = 'wasm';
    return load(processor);
  }
}

/** A model in memory on the processor. */
export async function loadBytes(bytes: Uint8Array): Promise<Tagger> {
  const { loadTagger } = await import('@jetsdk/infer');
  return onDevice(undefined, (on) => loadTagger(bytes, { device: on }));
}
