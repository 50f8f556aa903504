/** @file The taggers that are loaded, and what they say of the jets. */
import { type DeviceReport, loadTagger, type ModelHints, type Tagger, type TaggerInfo } from '@jetsdk/infer';
import type { JetSource } from '@jetsdk/jets';
import type { Task } from './rpc.js';
import { fetchRuntime } from './runtimeFiles.js';

export type BrowserDevice = Extract<DeviceReport['device'], 'wasm' | 'webgpu'>;

/** What the cards show of a loaded tagger. */
export type Loaded = Pick<TaggerInfo, 'name' | 'card' | 'device' | 'runtime' | 'threads' | 'selfTest'>;

export function taggers(source: () => JetSource) {
  const loaded = new Map<string, Tagger>();
  return {
    /**
     * @param input `model` is the address or the file of a model, `id` the name it is called by from then on, `hints` what
     *   is said of one without a card
     */
    async load(
      input: {
        readonly id: string;
        readonly model: string | File;
        readonly device: BrowserDevice;
        readonly hints: ModelHints;
      },
      { signal, progress }: Task,
    ): Promise<Loaded> {
      const { id, device } = input;
      const known = loaded.get(id);
      if (known !== undefined) {
        loaded.delete(id);
        await known.dispose();
      }
      await fetchRuntime(device, { signal, progress });
      const tagger = await loadTagger(input.model, {
        ...input.hints,
        device,
        signal,
        onProgress: progress,
      });
      loaded.set(id, tagger);
      const { name, card, runtime, threads, selfTest } = tagger.info;
      return { name, card, device: tagger.info.device, runtime, threads, selfTest };
    },

    /** @returns (jets,) signal probabilities of the tagger loaded as `id`, and what is odd about the jets */
    async score(
      { id }: { readonly id: string },
      { signal, progress }: Task,
    ): Promise<{ readonly scores: Float32Array; readonly warnings: readonly string[] }> {
      const warnings: string[] = [];
      const onWarning = (warning: string): void => {
        warnings.push(warning.replace(/^score: /, ''));
      };
      const scores = await loaded.get(id)!.score(source(), { signal, onProgress: progress, onWarning });
      return { scores, warnings };
    },
  };
}
