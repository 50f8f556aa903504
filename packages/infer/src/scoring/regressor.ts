/** @file A loaded model that gives images of jets; the same code on every platform. */
/// <reference lib="esnext.disposable" preserve="true" />
import { JetError, type RegressorCard } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';
import { once } from '../runtime/queue.js';
import type { Engine } from './engine.js';
import { countOf, gather, type Scorable, type ScoreOptions, streamScores } from './stream.js';
import type { TaggerInfo } from './tagger.js';

/** What was loaded, and what it really runs on. */
export interface RegressorInfo
  extends Omit<TaggerInfo, 'card' | 'recipe' | 'readout'>,
    Pick<RegressorCard, 'output' | 'recipe'> {
  readonly card: RegressorCard;
}

/** Images of jets. */
export interface CorrectedImages {
  /** η, then φ, channels last */
  readonly shape: readonly [jets: number, height: number, width: number, channels: number];
  /** row-major, in the unit of `info.output` */
  readonly data: Float32Array;
}

/** Images of consecutive jets. */
export interface CorrectedBatch extends CorrectedImages {
  /** number of the first jet */
  readonly start: number;
}

/** A model from images of jets to an image of each. Calls may overlap. */
export interface Regressor {
  readonly info: RegressorInfo;
  /**
   * @param x constituents with charge and vertex, or the images of the recipe as `{ kind: 'inputs', inputs }`
   * @returns image i belongs to jet i
   * @throws {JetError} SHAPE_MISMATCH, BAD_DATASET, NOT_FINITE with the first jet, CANCELLED
   */
  correct(x: Scorable, options?: ScoreOptions): Promise<CorrectedImages>;
  /** The same in batches, in order, with memory that does not grow with the number of jets. */
  correctStream(x: Scorable, options?: ScoreOptions): AsyncGenerator<CorrectedBatch, void, undefined>;
  /** Waits for what is in work, then frees the model. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function makeRegressor(engine: Engine, plan: Plan, info: RegressorInfo): Regressor {
  let open = true;
  const requireOpen = (): void => {
    if (!open)
      throw new JetError(
        'BAD_ARGUMENT',
        'correct: the regressor has been disposed of; expected an open one; load it again',
      );
  };
  const [height, width, channels] = info.output.shape as [number, number, number];
  const size = height * width * channels;
  const images = (data: Float32Array): CorrectedImages => ({
    shape: [data.length / size, height, width, channels],
    data,
  });
  const dispose = once(async () => {
    open = false;
    await engine.close();
  });
  return {
    info,
    async correct(x, options = {}) {
      const batches = streamScores(engine, plan, x, options, true, requireOpen);
      return images(await gather(batches, typeof x === 'object' && x !== null ? countOf(x) : undefined, size));
    },
    async *correctStream(x, options = {}) {
      for await (const { start, scores } of streamScores(engine, plan, x, options, true, requireOpen))
        yield { start, ...images(scores) };
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
