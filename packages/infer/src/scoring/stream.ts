/** @file From jets in any form to numbers in batches; the same for classifiers and regressors. */
import { counted, JetError, type JetSource, type Progress, requireOptions } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';
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

export const SCORE_OPTIONS = Object.keys({ signal: true, onProgress: true, onWarning: true } satisfies Record<
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

/**
 * Numbers of all jets in batches, in order.
 *
 * @param all whether all numbers of a jet are wanted, not only the score
 * @param requireOpen throws if the model has been disposed of
 * @throws {JetError} as `Tagger.score`
 */
export async function* streamScores(
  engine: Engine,
  plan: Plan,
  x: Scorable,
  options: ScoreOptions,
  all: boolean,
  requireOpen: () => void,
): AsyncGenerator<ScoreBatch, void> {
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
  warn(plan, sense, options);
}

/** Tells what is odd about jets that were scored. */
export function warn(plan: Plan, sense: Sense | undefined, { onWarning = console.warn }: ScoreOptions): void {
  if (sense !== undefined) for (const warning of warningsOf(plan, sense)) onWarning(warning);
}

/** All batches in one array. */
export async function gather(batches: AsyncIterable<ScoreBatch>, jets = 0, columns = 1): Promise<Float32Array> {
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

export function countOf(x: Scorable): number | undefined {
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
export function untilCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
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
