/** @file A loaded model that scores jets; the same code on every platform. */
/// <reference lib="esnext.disposable" preserve="true" />
import {
  counted,
  JetError,
  type JetSource,
  type ModelCard,
  type Progress,
  type Recipe,
  requireOptions,
} from '@jetsdk/jets';
import type { Precision } from '@jetsdk/onnx';
import type { InputPlan, Plan, ReadoutPlan } from '../model/plan.js';
import { once } from '../runtime/queue.js';
import type { Device, Optimisation } from '../runtime/runtime.js';
import { type Chunk, type JetArrays, sliceChunk, wholeChunk } from './chunk.js';
import { requireScorable } from './door.js';
import { type Engine, requireNotCancelled } from './engine.js';
import { joinSense, type Sense, senseOf, warningsOf } from './sense.js';

export type { JetArrays } from './chunk.js';

/** Everything that can be scored. */
export type Scorable = JetArrays | JetSource | AsyncIterable<JetArrays>;

export interface ScoreOptions {
  /** stops the scoring within one batch */
  readonly signal?: AbortSignal;
  /** told the jets that have been scored */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * told once per call of each thing that is odd about the jets: empty ones, energies that may be in MeV, pixels that
   * the recipe does not make; `console.warn` by default
   */
  readonly onWarning?: (warning: string) => void;
}

const SCORE_OPTIONS = Object.keys({ signal: true, onProgress: true, onWarning: true } satisfies Record<
  keyof ScoreOptions,
  true
>);

/** Scores of consecutive jets. */
export interface ScoreBatch {
  /** number of the first jet */
  readonly start: number;
  /** (jets,) signal probabilities */
  readonly scores: Float32Array;
}

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

  async function* stream(x: Scorable, options: ScoreOptions, all: boolean): AsyncGenerator<ScoreBatch, void> {
    requireOpen();
    requireScorable(x);
    requireOptions('score', options, SCORE_OPTIONS);
    const { signal, onProgress } = options;
    let sense: Sense | undefined;
    const look = (seen: Sense | undefined): void => {
      sense = joinSense(sense, seen);
    };
    const total = countOf(x);
    let done = 0;
    const pending: { start: number; scores: Promise<Float32Array> }[] = [];
    // twice the width: while this thread reads jets, every worker still has the next chunk
    const ahead = 2 * engine.width;
    const next = async (): Promise<ScoreBatch> => {
      const { start, scores } = pending.shift()!;
      const batch = { start, scores: await untilCancelled(scores, signal) };
      done += batch.scores.length / (all ? engine.columns : 1);
      onProgress?.({ done, total });
      return batch;
    };
    for await (const work of workOf(x, plan, engine, all, look)) {
      requireNotCancelled(signal);
      requireOpen();
      const scores = work.score(signal);
      scores.catch(() => undefined);
      pending.push({ start: work.start, scores });
      if (pending.length >= ahead) yield await next();
    }
    while (pending.length > 0) yield await next();
    warn(sense, options);
  }

  const warn = (sense: Sense | undefined, { onWarning = console.warn }: ScoreOptions): void => {
    if (sense !== undefined) for (const warning of warningsOf(plan, sense)) onWarning(warning);
  };

  const dispose = once(async () => {
    open = false;
    await engine.close();
  });
  return {
    info,
    scoreStream: (x, options = {}) => stream(x, options, false),
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
        warn(senseOf(chunk, plan), options);
        return scores;
      }
      return gather(stream(x, options, false), total, 1);
    },
    async probabilities(x, options = {}) {
      const { columns } = engine;
      const data = await gather(stream(x, options, true), undefined, columns);
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

/** All batches in one array. */
async function gather(batches: AsyncIterable<ScoreBatch>, jets = 0, columns = 1): Promise<Float32Array> {
  let all = new Float32Array(jets * columns);
  let length = 0;
  for await (const { start, scores } of batches) {
    length = start * columns + scores.length;
    if (length > all.length) {
      const grown = new Float32Array(Math.max(length, 2 * all.length));
      grown.set(all);
      all = grown;
    }
    all.set(scores, start * columns);
  }
  return length === all.length ? all : all.slice(0, length);
}

function countOf(x: Scorable): number | undefined {
  if ('read' in x) return x.count;
  if (!('kind' in x)) return undefined;
  if (x.kind !== 'inputs') return x.shape[0];
  return Object.values(x.inputs)[0]?.shape[0] ?? 0;
}

/** Consecutive jets that are scored together. */
interface Work {
  /** number of the first jet */
  readonly start: number;
  score(signal: AbortSignal | undefined): Promise<Float32Array>;
}

async function* workOf(
  x: Scorable,
  plan: Plan,
  engine: Engine,
  all: boolean,
  look: (seen: Sense | undefined) => void,
): AsyncGenerator<Work, void> {
  const score = (chunk: Chunk, signal: AbortSignal | undefined): Promise<Float32Array> => {
    const scores = engine.score(all ? { ...chunk, all } : chunk, signal);
    look(senseOf(chunk, plan));
    return scores;
  };
  const scored = (chunk: Chunk): Work => ({ start: chunk.first, score: (signal) => score(chunk, signal) });
  if ('read' in x) {
    const reading = all ? undefined : engine.reading?.(x);
    const step = reading === undefined ? engine.chunkJets : stepOf(x.count, engine, reading.block);
    for (let start = 0; start < x.count; start += step) {
      const stop = Math.min(start + step, x.count);
      if (reading === undefined) yield scored(await readChunk(x, plan, start, stop));
      else
        yield {
          start,
          score: async (signal) => {
            const read = await reading.score(start, stop);
            if (read === undefined) return score(await readChunk(x, plan, start, stop), signal);
            look(read.sense);
            return read.scores;
          },
        };
    }
  } else if ('kind' in x) for (const part of partsOf(wholeChunk(x, plan, 0), engine)) yield scored(part);
  else {
    let first = 0;
    for await (const arrays of x) {
      const chunk = wholeChunk(arrays, plan, first);
      first += chunk.jets;
      for (const part of partsOf(chunk, engine)) yield scored(part);
    }
  }
}

async function readChunk(x: JetSource, plan: Plan, start: number, stop: number): Promise<Chunk> {
  const chunk = wholeChunk(await x.read(start, stop), plan, start);
  if (chunk.jets !== stop - start)
    throw new JetError(
      'BAD_FILE',
      `${x.name}: ${counted(chunk.jets, 'jet')} read from ${start} to ${stop}; expected ${stop - start}`,
      { start, stop, jets: chunk.jets },
    );
  return { ...chunk, read: true };
}

/** As many jets as the engine likes at once, or fewer so that every worker has some; a multiple of `unit`. */
function stepOf(jets: number, { chunkJets, width }: Engine, unit: number): number {
  const parts = width * Math.ceil(jets / (chunkJets * width));
  return unit * Math.ceil(jets / parts / unit);
}

function* partsOf(chunk: Chunk, engine: Engine): Generator<Chunk> {
  const step = stepOf(chunk.jets, engine, engine.batchJets);
  for (let start = 0; start < chunk.jets; start += step)
    yield sliceChunk(chunk, start, Math.min(start + step, chunk.jets));
}

/** Does not wait for work that nobody wants any more. */
function untilCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      try {
        requireNotCancelled(signal);
      } catch (error) {
        reject(error);
      }
    };
    stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
