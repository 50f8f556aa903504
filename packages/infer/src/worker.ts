/** @file The inside of a worker thread: it opens engines and scores with them. */
import { parentPort } from 'node:worker_threads';
import { buffersOf } from './chunk.js';
import { type Engine, localEngine } from './engine.js';
import { nodeRuntime } from './nodeRuntime.js';
import { type Answer, plainError, type Request } from './thread.js';

const port = parentPort!;
const engines = new Map<number, Engine>();

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
    engines.set(request.engine, localEngine(session, plan, batchJets));
    return { whole: session.whole };
  }
  const engine = engines.get(request.engine)!;
  if (request.kind === 'score') {
    const scores = await engine.score(request.chunk);
    return request.borrowed ? { scores, memory: buffersOf(request.chunk) } : { scores };
  }
  engines.delete(request.engine);
  await engine.close();
  return {};
}
