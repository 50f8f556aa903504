/** @file A loaded model that scores jets; the same code on every platform. */
/// <reference lib="esnext.disposable" preserve="true" />
import { JetError, type ModelCard, type Recipe, requireOptions } from '@jetsdk/jets';
import type { Precision } from '@jetsdk/onnx';
import type { InputPlan, Plan, ReadoutPlan } from '../model/plan.js';
import { once } from '../runtime/queue.js';
import type { Device, Optimisation } from '../runtime/runtime.js';
import { wholeChunk } from './chunk.js';
import { requireScorable } from './door.js';
import { type Engine, requireNotCancelled } from './engine.js';
import { senseOf } from './sense.js';
import {
  countOf,
  gather,
  SCORE_OPTIONS,
  type Scorable,
  type ScoreBatch,
  type ScoreOptions,
  streamScores,
  untilCancelled,
  warn,
} from './stream.js';

export type { JetArrays } from './chunk.js';
export type { Scorable, ScoreBatch, ScoreOptions } from './stream.js';

/** Probabilities of every class. */
export interface Probabilities {
  /** a column per class, in the order of the card's `classes`; without a card, background and signal or the model's own */
  readonly shape: readonly [jets: number, classes: number];
  /** row-major */
  readonly data: Float32Array;
}

/** What was loaded, and what it really runs on. */
export interface TaggerInfo {
  readonly name: string;
  readonly card: ModelCard | undefined;
  readonly recipe: Recipe | undefined;
  /** SHA-256 of the model file and its external data, hexadecimal; undefined where a server runs it and does not tell */
  readonly sha256: string | undefined;
  readonly inputs: readonly InputPlan[];
  readonly readout: ReadoutPlan;
  /** undefined where a server runs the model */
  readonly opset: number | undefined;
  /** of the weights; undefined where a server runs the model and does not tell */
  readonly precision: Precision | undefined;
  /** `remote` where a server runs the model */
  readonly device: Device | 'remote';
  /** whether every operator runs on the device; else those it lacks run on the processor */
  readonly wholeOnDevice: boolean;
  /** e.g. `onnxruntime-node 1.30.0` */
  readonly runtime: string;
  /** undefined where a server runs the model */
  readonly optimisation: Optimisation | undefined;
  readonly threads: number;
  /** jets a run */
  readonly batchSize: number;
  /** what is odd in the model, as far as its graph tells, such as initialisers that nothing uses; empty where a server runs it */
  readonly oddities: readonly string[];
  /** devices that `auto` tried and did not take */
  readonly passedOver: readonly PassedOver[];
  /** comparison with the reference device, where the device is another */
  readonly selfTest: SelfTest | undefined;
}

/** A device that is not used, and why. */
export interface PassedOver {
  readonly device: Device;
  readonly reason: string;
}

/** How far a device is from the reference on the same jets. */
export interface SelfTest {
  readonly reference: Device;
  readonly jets: number;
  readonly maxAbsDifference: number;
  readonly tolerance: number;
}

/** A model that scores jets. Calls may overlap. */
export interface Tagger {
  readonly info: TaggerInfo;
  /**
   * @param x images as `pixelate` leaves them (the recipe's normalisation is applied), or constituents
   * @returns (jets,) signal probabilities, row i belongs to jet i
   * @throws {JetError} SHAPE_MISMATCH, NOT_FINITE with the first jet, CANCELLED
   */
  score(x: Scorable, options?: ScoreOptions): Promise<Float32Array>;
  /** The same in batches, in order, with memory that does not grow with the number of jets. */
  scoreStream(x: Scorable, options?: ScoreOptions): AsyncGenerator<ScoreBatch, void, undefined>;
  /**
   * The probabilities of all classes; where the model gives the signal's alone, background is what is left of 1.
   *
   * @param x as for `score`
   * @throws {JetError} as `score`
   */
  probabilities(x: Scorable, options?: ScoreOptions): Promise<Probabilities>;
  /** Waits for what is being scored, then frees the model. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function makeTagger(engine: Engine, plan: Plan, info: TaggerInfo): Tagger {
  let open = true;
  const requireOpen = (): void => {
    if (!open)
      throw new JetError('BAD_ARGUMENT', 'score: the tagger has been disposed of; expected an open one; load it again');
  };

  const dispose = once(async () => {
    open = false;
    await engine.close();
  });
  return {
    info,
    scoreStream: (x, options = {}) => streamScores(engine, plan, x, options, false, requireOpen),
    async score(x, options = {}) {
      requireOpen();
      requireScorable(x);
      requireOptions('score', options, SCORE_OPTIONS);
      requireNotCancelled(options.signal);
      const total = countOf(x);
      if (!('read' in x) && 'kind' in x && total !== undefined && total > 0 && total <= engine.batchJets) {
        const chunk = wholeChunk(x, plan, 0);
        const scores = await untilCancelled(engine.score(chunk, options.signal), options.signal);
        options.onProgress?.({ done: scores.length, total });
        warn(plan, senseOf(chunk, plan), options);
        return scores;
      }
      return gather(streamScores(engine, plan, x, options, false, requireOpen), total, 1);
    },
    async probabilities(x, options = {}) {
      const { columns } = engine;
      const data = await gather(streamScores(engine, plan, x, options, true, requireOpen), undefined, columns);
      const jets = data.length / columns;
      if (columns > 1) return { shape: [jets, columns], data };
      const { classes, signalClass } = info.card ?? { classes: ['background', 'signal'], signalClass: 'signal' };
      const signal = classes.indexOf(signalClass);
      const both = Float32Array.from({ length: 2 * jets }, (_, i) =>
        i % 2 === signal ? data[i >> 1] : 1 - data[i >> 1],
      );
      return { shape: [jets, 2], data: both };
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
