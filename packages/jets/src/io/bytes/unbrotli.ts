/** @file Node's Brotli. */
import { brotliDecompressSync } from 'node:zlib';

/** What Node gives where it is asked for `info`, which its types do not know. */
interface Decompressed {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * Decompresses a Brotli stream that ends with the bytes.
 *
 * @param size of the result in bytes
 * @throws {Error} if there is more than `size`, or the stream does not end where the bytes do
 */
export function unbrotli(bytes: Uint8Array, size: number): Uint8Array {
  const options = { chunkSize: Math.max(64, size), maxOutputLength: Math.max(1, size), info: true };
  const { buffer, engine } = brotliDecompressSync(bytes, options) as unknown as Decompressed;
  if (engine.bytesWritten !== bytes.length)
    throw new Error(`a stream of ${engine.bytesWritten} bytes; expected ${bytes.length}`);
  return buffer;
}
