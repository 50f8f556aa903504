/** @file A loaded model that makes showers or jets; the same code on every platform. */
/// <reference lib="esnext.disposable" preserve="true" />
import { type GeneratorCard, JetError, sizeOf, type Tensor } from '@jetsdk/jets';
import { once } from '../runtime/queue.js';
import type { Device, Session } from '../runtime/runtime.js';
import { requireNotCancelled } from '../scoring/engine.js';
import { type CheckedRequest, checkRequest, type GenerateRequest } from './request.js';

/** An output of a generator, with its unit. */
export interface GeneratedTensor extends Tensor {
  readonly unit: string;
}

/** Consecutive showers or jets. */
export interface Generated {
  /** number of the first one */
  readonly first: number;
  /** (n,) each, by name */
  readonly conditions: Readonly<Record<string, Float32Array>>;
  /** (n, …) each, by name */
  readonly outputs: Readonly<Record<string, GeneratedTensor>>;
}

/** What was loaded, and what it really runs on. */
export interface GeneratorInfo {
  readonly name: string;
  readonly card: GeneratorCard;
  /** SHA-256 of the file, hexadecimal */
  readonly sha256: string;
  readonly device: Device | 'remote';
  /** whether every operator runs on the device */
  readonly wholeOnDevice: boolean;
  readonly runtime: string;
  readonly threads: number;
  /** showers or jets a run */
  readonly batchSize: number;
}

/** A model that makes showers or jets. Calls may overlap. */
export interface Generator {
  readonly info: GeneratorInfo;
  /**
   * @param count how many
   * @param request seed (or noise) and every condition: a number, `{ low, high }`, or one for each
   * @returns row i follows from seed, `first` + i and its conditions alone
   * @throws {JetError} as `checkRequest`; CANCELLED
   */
  generate(count: number, request: GenerateRequest): Promise<Generated>;
  /** The same in batches, in order, with memory that does not grow with their number. */
  generateStream(count: number, request: GenerateRequest): AsyncGenerator<Generated, void, undefined>;
  /** Waits for what is being made, then frees the model. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param rest asked after every run, so that a page can breathe; what it gives is waited for */
export function makeGenerator(
  session: Pick<Session, 'run' | 'release'>,
  info: GeneratorInfo,
  rest?: () => Promise<void> | undefined,
): Generator {
  const { card, batchSize } = info;
  const names = card.outputs.map(({ name }) => name);
  const units = new Map(card.outputs.map(({ name, unit }) => [name, unit]));
  const running = new Set<Promise<unknown>>();
  let open = true;

  async function* stream(
    count: number,
    request: GenerateRequest,
    checked?: CheckedRequest,
  ): AsyncGenerator<Generated, void, undefined> {
    requireOpen();
    const { feeds: feedsOf } = checked ?? checkRequest(card, count, request);
    const { signal, onProgress, first = 0 } = request;
    for (let start = 0; start < count; start += batchSize) {
      requireNotCancelled(signal, 'generate');
      requireOpen();
      const stop = Math.min(count, start + batchSize);
      const feeds = feedsOf(start, stop);
      const run = session.run(feeds, names);
      running.add(run);
      let outputs: Record<string, Tensor>;
      try {
        outputs = await run;
      } finally {
        running.delete(run);
      }
      onProgress?.({ done: stop, total: count });
      const pause = rest?.();
      if (pause !== undefined) await pause;
      yield {
        first: first + start,
        conditions: Object.fromEntries(card.conditions.map(({ name }) => [name, feeds[name].data])),
        outputs: Object.fromEntries(names.map((name) => [name, { ...outputs[name], unit: units.get(name)! }])),
      };
    }
  }

  const requireOpen = (): void => {
    if (!open)
      throw new JetError(
        'BAD_ARGUMENT',
        'generate: the generator has been disposed of; expected an open one; load it again',
      );
  };
  const dispose = once(async () => {
    open = false;
    await Promise.allSettled(running);
    await session.release();
  });
  return {
    info,
    generateStream: (count, request) => stream(count, request),
    async generate(count, request) {
      requireOpen();
      const checked = checkRequest(card, count, request);
      const conditions = Object.fromEntries(card.conditions.map(({ name }) => [name, new Float32Array(count)]));
      const outputs = Object.fromEntries(
        card.outputs.map(({ name, shape, unit }) => [
          name,
          { shape: [count, ...shape], data: new Float32Array(count * sizeOf(shape)), unit },
        ]),
      );
      const { first = 0 } = request;
      for await (const batch of stream(count, request, checked)) {
        const at = batch.first - first;
        for (const name of Object.keys(conditions)) conditions[name].set(batch.conditions[name], at);
        for (const { name } of card.outputs) {
          const { data, shape } = batch.outputs[name];
          outputs[name].data.set(data, (data.length / shape[0]) * at);
        }
      }
      return { first, conditions, outputs };
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
