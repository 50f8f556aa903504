/** @file The addresses of the Open Inference Protocol v2. */

import type { HttpBindings } from '@hono/node-server';
import { SDK_VERSION, shortText } from '@jetsdk/jets';
import { type Context as AnyContext, Hono } from 'hono';
import { HEADER_LENGTH } from '../protocol/body.js';
import { deadline } from '../protocol/deadline.js';
import { type Batcher, batcher, type Job, tooMany } from './batcher.js';
import { isLoopback, requireLocalCaller } from './caller.js';
import { parseGenerateRequest } from './generateRequest.js';
import { inferResponse, parseInferRequest } from './inferRequest.js';
import { makeMetrics } from './metrics.js';
import { noMemory, withBody } from './readBody.js';
import { errorResponse, refusal, statusOf } from './refusal.js';
import type { Served as ServedModel } from './served.js';
import { clientOf, shares } from './shares.js';

type Served = { Bindings: HttpBindings };
type Context = AnyContext<Served>;

/** What the server allows its clients. */
export interface Limits {
  readonly maxBatch: number;
  readonly maxDelayMs: number;
  readonly maxQueue: number;
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
}

/** What each address answers to. */
const METHODS: readonly (readonly [path: RegExp, allow: string])[] = [
  [/^\/v2\/models\/[^/]+(\/versions\/[^/]+)?\/infer$/, 'POST'],
  [/^(\/v2(\/health\/(live|ready)|\/models\/[^/]+(\/versions\/[^/]+)?(\/config|\/ready)?)?|\/metrics)$/, 'GET, HEAD'],
];

/** Bodies of full length that are in memory at once; of one client half as many. */
const BODIES = 8;

/**
 * @param host that the server listens on
 * @param isClosing whether the server finishes what it has and takes nothing new
 * @param onFailure told what strangers are not
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 */
export function makeApp(
  models: readonly ServedModel[],
  limits: Limits,
  host: string,
  isClosing: () => boolean,
  onFailure: (error: unknown) => void,
): Hono<Served> {
  const app = new Hono<Served>();
  const metrics = makeMetrics(models.map(({ name }) => name));
  const memory = shares(BODIES * limits.maxBodyBytes);
  const served = new Map(
    models.map((model): [string, { model: ServedModel; batches: Batcher }] => [
      model.name,
      {
        model,
        batches: batcher(limits, (jets) => metrics.batch(model.name, jets)),
      },
    ]),
  );
  const find = (c: Context): { model: ServedModel; batches: Batcher } => {
    const [name = '', version] = [c.req.param('model'), c.req.param('version')];
    const found = served.get(name);
    if (found === undefined)
      throw refusal(
        404,
        'FILE_NOT_FOUND',
        `no model ${name.slice(0, 60)}; expected one of ${[...served.keys()].join(', ')}`,
      );
    if (version !== undefined && version !== found.model.version)
      throw refusal(
        404,
        'FILE_NOT_FOUND',
        `model ${name} has no version ${version.slice(0, 60)}; expected ${found.model.version}`,
      );
    return found;
  };
  const answer = (error: unknown): Response => {
    if (statusOf(error) === undefined) onFailure(error);
    return errorResponse(error);
  };
  const infer = async (c: Context): Promise<Response> => {
    const { model, batches } = find(c);
    if (isClosing()) throw refusal(503, 'LIMIT_EXCEEDED', 'the server is shutting down; try another one');
    const client = clientOf(c.env.incoming.socket.remoteAddress);
    if (!batches.hasPlace(client)) throw tooMany(batches.queueLength, limits.maxQueue);
    const limit = deadline(limits.timeoutMs, c.req.raw.signal);
    try {
      return await withBody(c.req.raw, limits.maxBodyBytes, memory, client, limit.signal, async (bytes) => {
        const header = c.req.header(HEADER_LENGTH);
        const score = (job: Job): Promise<Float32Array> =>
          job.jets === 0 ? Promise.resolve(new Float32Array(0)) : batches.submit(job, limit.signal, client);
        if (!('generator' in model)) {
          const request = parseInferRequest(model, bytes, header);
          return inferResponse(model, request, await score(request.job));
        }
        const request = parseGenerateRequest(model, bytes, header, limits.maxBodyBytes);
        if (!memory.take(client, request.bytes)) throw noMemory();
        try {
          return request.answer(await score(request.job()));
        } finally {
          memory.give(client, request.bytes);
        }
      });
    } catch (error) {
      if (c.req.raw.signal.aborted) throw refusal(499, 'CANCELLED', 'the client has gone');
      if (limit.passed && statusOf(error) === undefined)
        throw refusal(504, 'CANCELLED', `not scored within ${limits.timeoutMs / 1000} s; send fewer jets at once`);
      throw error;
    } finally {
      limit.end();
    }
  };

  const local = isLoopback(host);
  app.use(async (c, next) => {
    if (local) requireLocalCaller(host, c.req.header('host'), c.req.header('origin'));
    await next();
    if (isClosing()) c.header('connection', 'close');
  });
  app.get('/v2', (c) =>
    c.json({ name: 'jetsdk', version: SDK_VERSION, extensions: ['binary_tensor_data', 'model_configuration'] }),
  );
  app.get('/v2/health/live', (c) => c.json({ live: true }));
  app.get('/v2/health/ready', (c) => c.json({ ready: !isClosing() }, isClosing() ? 503 : 200));
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(path, (c) => c.json(find(c).model.metadata));
    app.get(`${path}/config`, (c) => c.json(find(c).model.config));
    app.get(`${path}/ready`, (c) => {
      const { name } = find(c).model;
      return c.json({ name, ready: !isClosing() }, isClosing() ? 503 : 200);
    });
    app.post(`${path}/infer`, async (c) => {
      const start = performance.now();
      const response = await infer(c).catch(answer);
      metrics.request(c.req.param('model') ?? '', response.status, (performance.now() - start) / 1000);
      return response;
    });
  }
  app.get('/metrics', (c) =>
    c.body(metrics.text(new Map([...served].map(([name, { batches }]) => [name, batches.queueLength]))), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  );
  app.notFound((c) => {
    const allow = METHODS.find(([path]) => path.test(c.req.path))?.[1];
    if (allow !== undefined) {
      const response = errorResponse(
        refusal(405, 'BAD_ARGUMENT', `${shortText(c.req.method, 20)} ${shortText(c.req.path, 100)}; expected ${allow}`),
      );
      response.headers.set('allow', allow);
      return response;
    }
    return errorResponse(
      refusal(
        404,
        'FILE_NOT_FOUND',
        `nothing at ${c.req.method} ${c.req.path.slice(0, 100)}; expected /v2, /v2/models/{model}/infer or the like`,
      ),
    );
  });
  app.onError(answer);
  return app;
}
