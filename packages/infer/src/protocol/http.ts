/** @file What all requests over HTTP have in common. */
import { joinBytes } from '@jetsdk/jets';

/** Milliseconds after which a server that sends nothing has hung up. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** Why a request failed; `fetch failed` hides the reason in its cause. */
export function deepest(error: unknown): string {
  return error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
}

/**
 * Reads a body to its end.
 *
 * @param arrived told the bytes that have come, before more of them are kept; what it throws ends the reading
 */
export async function readAll(body: ReadableStream<Uint8Array>, arrived: (bytes: number) => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const reader = body.getReader();
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return parts.length === 1 ? parts[0] : joinBytes(parts);
    bytes += value.length;
    try {
      arrived(bytes);
    } catch (error) {
      // the reason is known already, whatever cancelling says
      reader.cancel().catch(() => undefined);
      throw error;
    }
    parts.push(value);
  }
}
