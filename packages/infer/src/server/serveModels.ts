import { once as event } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { JetError, requireOptions } from '@jetsdk/jets';
import type { Generator } from '../generation/generator.js';
import { once } from '../runtime/queue.js';
import type { Regressor } from '../scoring/regressor.js';
import type { Tagger } from '../scoring/tagger.js';
import { type Limits, makeApp } from './app.js';
import { servedModel } from './served.js';
import { clientOf, shares } from './shares.js';

export interface ServeOptions extends Partial<Limits> {
  /** 0 for any that is free; 8080 unless given */
  readonly port?: number;
  /** address to listen on; this machine alone unless given */
  readonly host?: string;
  /** milliseconds that requests under way may take when the server is closed; 10,000 unless given */
  readonly drainMs?: number;
  /** told about failures of the server itself; answers do not carry them */
  readonly onFailure?: (error: unknown) => void;
}

export interface InferenceServer {
  /** ends in `/v2` */
  readonly url: string;
  /** addresses of the models, for `loadTagger`, `loadRegressor` and `loadGenerator` */
  readonly models: readonly string[];
  /** Takes nothing new, answers what is under way, then stops; the models stay open. */
  close(): Promise<void>;
}

const SERVE_OPTIONS = Object.keys({
  port: true,
  host: true,
  drainMs: true,
  onFailure: true,
  maxBatch: true,
  maxDelayMs: true,
  maxQueue: true,
  maxBodyBytes: true,
  timeoutMs: true,
} satisfies Record<keyof ServeOptions, true>);

/** When the server is closed, connections that nobody asks on are kept for so long. */
const IDLE_MS = 250;

/** Connections at once; most systems let a process have more. */
const CONNECTIONS = 2048;

const LIMITS: Limits = {
  maxBatch: 256,
  maxDelayMs: 2,
  maxQueue: 512,
  maxBodyBytes: 2 ** 26,
  timeoutMs: 30_000,
};

/**
 * Serves taggers, regressors and generators by the Open Inference Protocol v2 over HTTP, with JSON and binary tensors, dynamic batching, and
 * metrics for Prometheus at `/metrics`.
 *
 * @param served names must differ; they are disposed of by the caller, after `close`
 * @throws {JetError} BAD_ARGUMENT if a limit or name is wrong, or the port is taken
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 */
export async function serveModels(
  served: readonly (Tagger | Regressor | Generator)[],
  options: ServeOptions = {},
): Promise<InferenceServer> {
  requireOptions('serve', options, SERVE_OPTIONS);
  const { port = 8080, host = '127.0.0.1', drainMs = 10_000, onFailure = () => undefined, ...asked } = options;
  const limits = { ...LIMITS, ...asked };
  for (const [limit, value] of Object.entries(limits)) {
    const least = limit === 'maxDelayMs' ? 0 : 1;
    if (!(Number.isFinite(value) && value >= least))
      throw new JetError('BAD_ARGUMENT', `serve: ${limit} ${value}; expected a number of at least ${least}`, {
        [limit]: value,
      });
  }
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535))
    throw new JetError(
      'BAD_ARGUMENT',
      `serve: port ${port}; expected a whole number from 0 to 65535, 0 for any that is free`,
      {
        port,
      },
    );
  const models = served.map((model) => servedModel(model, limits.maxBatch));
  const names = models.map(({ name }) => name);
  if (new Set(names).size !== names.length || names.length === 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `serve: models ${names.join(', ') || 'none'}; expected at least one, of different names`,
    );

  let closing = false;
  const app = makeApp(models, limits, host, () => closing, onFailure);
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { requestTimeout: limits.timeoutMs, headersTimeout: Math.min(10_000, limits.timeoutMs) },
  }) as Server;
  shareConnections(server);
  server.listen(port, host);
  try {
    await event(server, 'listening');
  } catch (cause) {
    throw new JetError(
      'BAD_ARGUMENT',
      `serve: cannot listen on ${host}, port ${port} (${cause instanceof Error ? cause.message : String(cause)}); ${remedyFor(cause)}`,
      { host, port },
      { cause },
    );
  }
  const { address, family, port: taken } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/v2`;
  return {
    url,
    models: names.map((name) => `${url}/models/${encodeURIComponent(name)}`),
    close: once(async () => {
      const closed = event(server, 'close');
      await arrived();
      // stops listening, but leaves connections that wait; whoever asks on them then learns to close, and is refused elsewhere
      NetServer.prototype.close.call(server);
      closing = true;
      const idle = setTimeout(() => void arrived().then(() => server.close()), Math.min(IDLE_MS, drainMs));
      const late = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(idle);
      clearTimeout(late);
    }),
  };
}

/** What to do where an address cannot be listened on. */
function remedyFor(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') return 'expected a free port; choose another one with the option port';
  if (code === 'EACCES') return 'expected a port that you may use, above 1023; choose one with the option port';
  return 'expected an address of this machine; name one with the option host';
}

/** What has arrived so far is taken: connections and requests that wait in the system would be reset. */
const arrived = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Connections beyond what a client may have are closed at once. */
function shareConnections(server: Server): void {
  const places = shares(CONNECTIONS);
  server.on('connection', (socket) => {
    const client = clientOf(socket.remoteAddress);
    if (!places.take(client, 1)) socket.destroy();
    else socket.once('close', () => places.give(client, 1));
  });
}
