/** @file Bodies of requests, within limits. */
import type { JetError } from '@jetsdk/jets';
import { refusal } from './refusal.js';
import type { Shares } from './shares.js';

/** A client that sends nothing of its body for so long has gone. */
const IDLE_MS = 5000;

/** What other requests hold leaves too little. */
export const noMemory = (): JetError =>
  refusal(503, 'LIMIT_EXCEEDED', 'the bodies of other requests fill the memory; try again later');

/**
 * Reads a body and hands it to `use`; its bytes count as memory of the client as they arrive, until `use` is done.
 *
 * @param maxBytes of one body
 * @param memory of all bodies under way
 * @param signal gives up, e.g. on a client that sends nothing
 * @throws {JetError} LIMIT_EXCEEDED with status 413 if the body is too long, 503 if too many are under way;
 *   UNSUPPORTED with status 415 for compressed bodies; CANCELLED with status 408
 */
export async function withBody<T>(
  request: Request,
  maxBytes: number,
  memory: Shares,
  client: string,
  signal: AbortSignal,
  use: (bytes: Uint8Array) => Promise<T>,
): Promise<T> {
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity')
    throw refusal(415, 'UNSUPPORTED', `the body is compressed (${encoding.slice(0, 40)}); expected it as it is`);
  const length = Number(request.headers.get('content-length') ?? 0);
  if (length > maxBytes) throw tooLong(maxBytes);
  let taken = 0;
  const take = (bytes: number): void => {
    if (!memory.take(client, bytes)) throw noMemory();
    taken += bytes;
  };
  try {
    const parts: Uint8Array[] = [];
    let read = 0;
    let gone = false;
    if (request.body !== null) {
      const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
      const giveUp = (): void => void reader.cancel().catch(() => undefined);
      const idle = setTimeout(() => {
        gone = true;
        giveUp();
      }, IDLE_MS);
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          idle.refresh();
          read += value.length;
          if (read > maxBytes) {
            giveUp();
            throw tooLong(maxBytes);
          }
          take(value.length);
          parts.push(value);
        }
      } finally {
        clearTimeout(idle);
        signal.removeEventListener('abort', giveUp);
      }
    }
    if (signal.aborted || gone)
      throw refusal(408, 'CANCELLED', `${read} bytes of the body came in time; expected all of it`);
    return await use(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  } finally {
    memory.give(client, taken);
  }
}

const tooLong = (maxBytes: number) =>
  refusal(413, 'LIMIT_EXCEEDED', `the body is too long; expected at most ${maxBytes} bytes; send fewer jets at once`);
