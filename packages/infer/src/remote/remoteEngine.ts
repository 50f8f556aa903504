/** @file An engine that has its chunks scored by a server. */
import type { Plan, ReadoutPlan } from '../model/plan.js';
import type { ServedModel } from '../model/servedModel.js';
import { decodeTensors, readTensors } from '../protocol/body.js';
import { CONSTITUENTS_INPUT, OWN_PLATFORM, PROBABILITIES_OUTPUT } from '../protocol/keys.js';
import { once } from '../runtime/queue.js';
import type { Chunk } from '../scoring/chunk.js';
import type { Engine } from '../scoring/engine.js';
import { requireNotCancelled } from '../scoring/engine.js';
import { feedMaker } from '../scoring/feeds.js';
import { readProbabilities, readScores } from '../scoring/readout.js';
import { ask, remote } from './client.js';
import { inferRequest } from './inferRequest.js';
import type { ServedModelInfo } from './modelInfo.js';

/** Requests that are under way at once: one is scored while others travel. */
const WIDTH = 4;
/** A request of this size is worth its overhead. */
const REQUEST_BYTES = 2 ** 21;
const MAX_REQUEST_JETS = 1024;

/** @param plan of the model as the server shows it */
export function remoteEngine(
  served: ServedModel,
  info: ServedModelInfo,
  plan: Plan,
  { batchSize, timeoutMs }: { readonly batchSize?: number | undefined; readonly timeoutMs: number },
): Engine {
  const own = info.platform === OWN_PLATFORM;
  // our own server wants jets as a tagger takes them
  const wirePlan: Plan = own ? { ...plan, recipe: undefined } : plan;
  const maker = once(() => feedMaker(wirePlan));
  const constituentMaker = once(() => feedMaker({ ...wirePlan, inputs: [CONSTITUENTS] }));
  const datatypes = new Map(info.inputs.map(({ name, datatype }) => [name, datatype]));
  const allColumns = own ? probabilitiesOf(info, plan.readout) : plan.readout;
  const batchJets = plan.fixedBatch ?? batchSize ?? usualBatch(plan, info.maxBatch);
  const url = `${served.model}/infer`;
  const limit = limiter(WIDTH);
  const working = new Set<Promise<unknown>>();

  const infer = async (chunk: Chunk, start: number, stop: number, scores: Float32Array, signal?: AbortSignal) => {
    requireNotCancelled(signal);
    const readout = chunk.all ? allColumns : plan.readout;
    const { output, columns } = readout;
    const makesImages = own && chunk.kind === 'constituents' && plan.inputs[0].kind === 'images';
    const feeds = await (makesImages ? constituentMaker : maker)();
    const request = inferRequest(feeds(chunk, start, stop), [output], {
      asBytes: info.binary,
      datatypes,
    });
    const { json, binary } = await ask(url, request, { timeoutMs, signal });
    const wrong = (problem: string) => remote(url, problem);
    const tensors = readTensors(json, 'outputs', wrong);
    const at = tensors.findIndex(({ name }) => name === output);
    if (at < 0) throw wrong(`the answer has no output ${output}`);
    const data = decodeTensors(tensors, binary, wrong)[at];
    const batch = plan.fixedBatch ?? stop - start;
    if (data.length !== batch * columns) throw wrong(`${data.length} numbers in output ${output} for ${batch} jets`);
    const read = chunk.all ? readProbabilities : readScores;
    read(readout, { shape: tensors[at].shape, data }, batch, stop - start, scores, start, chunk.first + start);
  };
  return {
    whole: true,
    columns: allColumns.columns,
    batchJets,
    chunkJets: batchJets,
    width: WIDTH,
    async score(chunk, signal) {
      const scores = new Float32Array(chunk.jets * (chunk.all ? allColumns.columns : 1));
      const requests: Promise<void>[] = [];
      for (let start = 0; start < chunk.jets; start += batchJets) {
        const stop = Math.min(start + batchJets, chunk.jets);
        const request = limit(() => infer(chunk, start, stop, scores, signal));
        working.add(request);
        request.finally(() => working.delete(request)).catch(() => undefined);
        requests.push(request);
      }
      await Promise.all(requests);
      return scores;
    },
    async close() {
      await Promise.allSettled(working);
    },
  };
}

/** Our own server gives the score, and the probabilities by a name of their own. */
function probabilitiesOf({ outputs }: ServedModelInfo, score: ReadoutPlan): ReadoutPlan {
  const columns = outputs.find(({ name }) => name === PROBABILITIES_OUTPUT)?.shape[1];
  if (columns === undefined) return score;
  return { output: PROBABILITIES_OUTPUT, kind: 'probabilities', columns, signalColumn: 0 };
}

const CONSTITUENTS = {
  name: CONSTITUENTS_INPUT,
  kind: 'constituents',
  shape: [undefined, 4],
  layout: 'same',
  graphShape: [undefined, 4],
} as const;

function usualBatch(plan: Plan, maxBatch = MAX_REQUEST_JETS): number {
  const bytes = plan.inputs.reduce(
    (sum, { shape }) => sum + 4 * shape.reduce<number>((product, size) => product * (size ?? 64), 1),
    0,
  );
  return Math.max(1, Math.min(maxBatch, MAX_REQUEST_JETS, Math.floor(REQUEST_BYTES / bytes)));
}

/** Runs at most so many tasks at once; the others wait in line. */
function limiter(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
