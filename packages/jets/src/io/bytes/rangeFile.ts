/** @file A file at an address that is read by ranges: what is asked for is fetched, and kept for a while. */
import { isJetError, JetError } from '../../errors.js';
import type { BinaryFile } from './binaryFile.js';
import { blockFile } from './blockFile.js';

/** A file on a server that answers with ranges of it. */
export interface RangedFile {
  readonly url: string;
  /** bytes */
  readonly size: number;
  /** what the server calls this version of the file; undefined where it does not tell */
  readonly etag: string | undefined;
}

/**
 * Asks for bytes of an address, and waits for them.
 *
 * @param end one past the last byte
 * @throws whatever went wrong
 */
export type FetchRange = (file: RangedFile, start: number, end: number) => Uint8Array;

export function remoteError(url: string, what: string, cause?: unknown): JetError {
  return new JetError('REMOTE', `${url}: ${what}; expected the file; check the address`, { address: url }, { cause });
}

/** What is waited between attempts. */
const PAUSES_MS = [0, 50, 250];

/**
 * Fetches, up to four times: servers close connections that were idle, and tell only whoever uses them next. There may be several, and
 * those that are closed already are known when others have had their turn.
 */
export async function fetchAgain(url: string, init: RequestInit = {}): Promise<Response> {
  for (const pause of PAUSES_MS)
    try {
      return await fetch(url, init);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  return fetch(url, init);
}

/**
 * Asks a server for a file.
 *
 * @returns the file where it is given by ranges, else the answer with all of it
 * @throws {JetError} REMOTE if the server does not answer with it
 */
export async function askForRanges(address: string | URL): Promise<RangedFile | Response> {
  const url = String(address);
  let answer: Response;
  try {
    answer = await fetchAgain(url, url.startsWith('blob:') ? {} : { headers: { range: 'bytes=0-0' } });
    if (answer.status !== 206 || answer.headers.has('content-encoding')) {
      if (answer.ok && answer.status !== 206) return answer;
      if (answer.status !== 206 && answer.status !== 416)
        throw remoteError(url, `the server answered ${answer.status}`);
      await answer.body?.cancel();
      return await fetchAgain(url);
    }
    await answer.arrayBuffer();
    // other sites show this header to pages only where they say so
    const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
    const size = Number(
      total ?? (await fetchAgain(url, { method: 'HEAD' })).headers.get('content-length') ?? Number.NaN,
    );
    const etag = answer.headers.get('etag') ?? undefined;
    if (Number.isSafeInteger(size) && size > 0) return { url, size, etag };
    return await fetchAgain(url);
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    throw remoteError(url, `cannot be fetched (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
}

/**
 * Checks that an answer is the range that was asked for, of the file that was opened.
 *
 * @throws {JetError} REMOTE; BAD_FILE if the file has been changed since
 */
export function checkRange(
  { url, etag }: RangedFile,
  answer: { readonly status: number; readonly etag: string | undefined; readonly length: number },
  start: number,
  end: number,
): void {
  if (answer.status !== 206)
    throw remoteError(url, `the server answered ${answer.status} for bytes ${start} to ${end - 1}`);
  if (etag !== undefined && answer.etag !== undefined && answer.etag !== etag)
    throw new JetError(
      'BAD_FILE',
      `${url}: the file was changed while it was read; expected one that stays as it is; open it again`,
      { address: url },
    );
  if (answer.length !== end - start)
    throw remoteError(url, `${answer.length} bytes arrived of ${end - start} from byte ${start} on`);
}

/** The file, of which what is read is fetched in blocks. */
export const rangeFile = (file: RangedFile, fetchRange: FetchRange, close?: () => void): BinaryFile =>
  blockFile(file.url, file.size, (start, end) => fetchRange(file, start, end), close && { close });
