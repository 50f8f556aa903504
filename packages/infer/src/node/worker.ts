/** @file The inside of a worker thread: it opens engines and scores with them. */
import { parentPort } from 'node:worker_threads';
import { isJetError, plainError } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';
import { nodeRuntime } from '../runtime/ortNode.js';
import { once, serialQueue } from '../runtime/queue.js';
import { buffersOf, wholeChunk } from '../scoring/chunk.js';
import { type Engine, localEngine } from '../scoring/engine.js';
import { senseOf } from '../scoring/sense.js';
import type { Answer, Request } from './thread.js';

const port = parentPort!;
const engines = new Map<number, { readonly engine: Engine; readonly plan: Plan }>();
const files = once(() => import('@jetsdk/jets/packed'));
/** What is asked for first is done first, so that its answer can be used while the next is in work. */
const readings = serialQueue();
/** What is read lies here until it has been scored. */
let memory: Float32Array = new Float32Array(0);

port.on('message', ({ call, request }: { call: number; request: Request }) => {
  handle(request).then(
    (answer) => {
      const moved = answer.scores === undefined ? [] : [answer.scores.buffer as ArrayBuffer];
      port.postMessage({ call, ...answer } satisfies Answer, [...moved, ...(answer.memory ?? [])]);
    },
    (error: unknown) => port.postMessage({ call, error: plainError(error) } satisfies Answer),
  );
});

async function handle(request: Request): Promise<Omit<Answer, 'call'>> {
  if (request.kind === 'open') {
    const { model, settings, plan, batchJets } = request.setup;
    const session = await (await nodeRuntime()).open(model, settings);
    engines.set(request.engine, { engine: localEngine(session, plan, batchJets), plan });
    return { whole: session.whole };
  }
  const { engine, plan } = engines.get(request.engine)!;
  if (request.kind === 'score') {
    const scores = await engine.score(request.chunk);
    return { scores, memory: buffersOf(request.chunk) };
  }
  if (request.kind === 'read') {
    const { packed, start, stop } = request;
    const { readPackedJets } = await files();
    return readings(async () => {
      const jets = readPackedJets(packed, start, stop, memory);
      if (jets === undefined) return {};
      if (jets.data.length > memory.length) memory = jets.data;
      try {
        const chunk = wholeChunk(jets, plan, start);
        return { scores: await engine.score(chunk), sense: senseOf(chunk, plan) };
      } catch (error) {
        // the source names the file, and the jet by its number in there
        if (isJetError(error) && (error.code === 'NOT_FINITE' || error.code === 'BAD_DATASET')) return {};
        throw error;
      }
    });
  }
  engines.delete(request.engine);
  await engine.close();
  return {};
}
