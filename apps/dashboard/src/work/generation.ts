/** @file Showers and jets made by a generator of the site. */
import { type Generator, loadGenerator } from '@jetsdk/infer';
import type { GeneratorCard, Tensor } from '@jetsdk/jets';
import type { Task } from './rpc.js';
import { fetchRuntime } from './runtimeFiles.js';

/** One shower or jet. */
export interface Made {
  readonly card: GeneratorCard;
  readonly asked: Asked;
  /** by name, as in the card */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** that the network took */
  readonly milliseconds: number;
}

/** What a shower or jet follows from. */
export interface Asked {
  readonly seed: number;
  /** of those that the card has and that are not said, the middle of the range */
  readonly conditions: Readonly<Record<string, number>>;
}

let open: { readonly model: string; readonly generator: Generator } | undefined;

/**
 * Makes one shower or jet; the generator stays loaded until another one is asked for.
 *
 * @param input `model` the address of a generator
 * @throws {JetError} as `loadGenerator` and `generate`
 */
export async function make(
  { model, seed, conditions: said }: Asked & { readonly model: string },
  task: Task,
): Promise<Made> {
  if (open?.model !== model) {
    const last = open;
    open = undefined;
    await last?.generator.dispose();
    await fetchRuntime('wasm', task);
    const { signal, progress: onProgress } = task;
    open = { model, generator: await loadGenerator(model, { device: 'wasm', batchSize: 1, signal, onProgress }) };
  }
  const { generator } = open;
  const { card } = generator.info;
  const conditions = Object.fromEntries(
    card.conditions.map(({ name, range: [low, high], whole }) => [
      name,
      said[name] ?? (whole ? high : Math.round((low + high) / 2)),
    ]),
  );
  const begun = performance.now();
  const { outputs } = await generator.generate(1, { conditions, seed, signal: task.signal });
  return { card, asked: { seed, conditions }, outputs, milliseconds: performance.now() - begun };
}
