/** @file A file at an address. */
import { isJetError, JetError } from '../../errors.js';

/**
 * Fetches a file whole.
 *
 * @param maxBytes largest size that is taken; default: any
 * @throws {JetError} REMOTE if the server does not answer with it; LIMIT_EXCEEDED as soon as it is known to be larger
 */
export async function fetchBlob(address: string | URL, maxBytes = Number.POSITIVE_INFINITY): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw failed(address, `cannot be fetched (${cause instanceof Error ? cause.message : cause})`, cause);
  }
  return wholeBlob(response, address, maxBytes);
}

const failed = (address: string | URL, what: string, cause?: unknown): JetError =>
  new JetError(
    'REMOTE',
    `${address}: ${what}; expected the file; check the address`,
    { address: String(address) },
    { cause },
  );

/**
 * The whole file of an answer.
 *
 * @throws {JetError} as `fetchBlob`
 */
export async function wholeBlob(
  response: Response,
  address: string | URL,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Blob> {
  if (!response.ok) throw failed(address, `the server answered ${response.status}`);
  const announced = Number(response.headers.get('content-length') ?? 0);
  const tooLarge = (bytes: number): JetError =>
    new JetError(
      'LIMIT_EXCEEDED',
      `${address}: ${bytes} bytes or more; expected at most ${maxBytes}; download it, and name the file`,
      { address: String(address), bytes, limit: maxBytes },
    );
  if (announced > maxBytes) {
    await response.body?.cancel();
    throw tooLarge(announced);
  }
  try {
    let bytes = 0;
    const counted = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.length;
          if (bytes > maxBytes) controller.error(tooLarge(bytes));
          else controller.enqueue(chunk);
        },
      }),
    );
    return await new Response(counted ?? null).blob();
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    throw failed(address, 'the answer broke off', cause);
  }
}
