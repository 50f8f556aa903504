/** @file A file at an address. */
import { JetError } from '../../errors.js';

/**
 * Fetches a file whole.
 *
 * @throws {JetError} REMOTE if the server does not answer with it
 */
export async function fetchBlob(address: string | URL): Promise<Blob> {
  const failed = (what: string, cause?: unknown): JetError =>
    new JetError(
      'REMOTE',
      `${address}: ${what}; expected the file; check the address`,
      { address: String(address) },
      { cause },
    );
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw failed(`cannot be fetched (${cause instanceof Error ? cause.message : cause})`, cause);
  }
  if (!response.ok) throw failed(`the server answered ${response.status}`);
  try {
    return await response.blob();
  } catch (cause) {
    throw failed('the answer broke off', cause);
  }
}
