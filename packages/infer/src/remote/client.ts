/** @file Requests of the Open Inference Protocol, with limits on what a server may do to its caller. */
import { isJetError, JetError, type JetErrorCode, shortText } from '@jetsdk/jets';
import { object, optional, text } from '@jetsdk/jets/json';
import { splitBody } from '../protocol/body.js';
import { deadline } from '../protocol/deadline.js';
import { deepest, readAll } from '../protocol/http.js';
import { requireNotCancelled } from '../scoring/engine.js';

export interface ClientOptions {
  /** milliseconds until an answer must be complete, waiting for a busy server included */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer, taken apart. */
export interface Reply {
  readonly json: Readonly<Record<string, unknown>>;
  readonly binary: Uint8Array;
}

/** Answers are scores, a few bytes a jet. */
const MAX_REPLY_BYTES = 2 ** 26;
/** Longest wait before a busy server is asked again. */
const MAX_WAIT_MS = 5000;
/** Codes with which our own server says what was wrong with the jets. */
const CALLERS_FAULT: readonly string[] = [
  'SHAPE_MISMATCH',
  'NOT_FINITE',
  'BAD_ARGUMENT',
  'BAD_DATASET',
  'OUT_OF_RANGE',
];

/**
 * Asks a server, again while it is busy.
 *
 * @param init of `fetch`, without a signal
 * @throws {JetError} REMOTE if the server cannot be reached, is too slow, answers with an error or with something else
 *   than the protocol; CANCELLED; what our own server found wrong with the jets
 */
export async function ask(url: string, init: RequestInit, { timeoutMs, signal }: ClientOptions): Promise<Reply> {
  requireNotCancelled(signal, url);
  const limit = deadline(timeoutMs, signal);
  try {
    for (let wait = 100; ; wait = Math.min(2 * wait, MAX_WAIT_MS)) {
      const response = await fetch(url, { ...init, signal: limit.signal });
      if (response.status !== 503) return await readReply(url, response);
      const asked = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000;
      const busy = await failureOf(url, response);
      // a server that does not say when to come back is not busy but down
      if (!(asked >= 0)) throw busy;
      await pause(Math.min(Math.max(asked, wait) * (1 + Math.random() / 2), MAX_WAIT_MS), limit.signal, busy);
    }
  } catch (cause) {
    if (signal?.aborted) throw new JetError('CANCELLED', `${url}: stopped by the caller`, { url }, { cause });
    if (isJetError(cause)) throw cause;
    if (limit.passed) throw remote(url, `no complete answer within ${timeoutMs / 1000} s`, {}, cause);
    throw remote(url, `no connection (${deepest(cause)})`, {}, cause);
  } finally {
    limit.end();
  }
}

/** @throws `busy` if the time is over before */
function pause(ms: number, signal: AbortSignal, busy: JetError): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(busy);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

export function remote(
  url: string,
  problem: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): JetError {
  return new JetError(
    'REMOTE',
    `${url}: ${problem}; this should be a server of the Open Inference Protocol v2; check the address and the server`,
    { url, ...details },
    { cause },
  );
}

async function readReply(url: string, response: Response): Promise<Reply> {
  if (!response.ok) throw await failureOf(url, response);
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html')) {
    await response.body?.cancel();
    throw remote(url, `the server answered with a page (${type})`);
  }
  const bytes = await readLimited(url, response);
  const wrong = (problem: string): JetError => remote(url, problem);
  return splitBody(bytes, response.headers.get('inference-header-content-length'), wrong);
}

async function readLimited(url: string, { body }: Response): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0);
  return readAll(body, (bytes) => {
    if (bytes > MAX_REPLY_BYTES) throw remote(url, `an answer of more than ${MAX_REPLY_BYTES} bytes`);
  });
}

const FAILURE = object({ error: optional(text), code: optional(text) }, 'dropped');

/** What the server says about its failure, where it says it as the protocol wants. */
async function failureOf(url: string, response: Response): Promise<JetError> {
  const { status, statusText } = response;
  let said = '';
  let code: string | undefined;
  if ((response.headers.get('content-type') ?? '').startsWith('text/html')) {
    await response.body?.cancel();
    said = ' with a page';
  } else {
    const answer = new TextDecoder().decode(await readLimited(url, response));
    try {
      const body = FAILURE(JSON.parse(answer), { where: url, code: 'REMOTE' });
      if (body.error !== undefined) said = `: ${shortText(body.error, 500)}`;
      code = body.code;
    } catch {
      said = answer === '' ? '' : `: ${answer.slice(0, 100)}`;
    }
  }
  if (status >= 400 && status < 500 && code !== undefined && isCallersFault(code))
    return new JetError(code, `${url}${said}`, { url, status });
  return remote(url, `the server answered ${status} ${statusText}${said}`, { status });
}

const isCallersFault = (code: string): code is JetErrorCode => CALLERS_FAULT.includes(code);
