/** @file Node's Brotli. */
import { brotliDecompressSync } from 'node:zlib';

/** What Node gives where it is asked for `info`, which its types do not know. */
interface Decompressed {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

const isDecompressed = (value: object): value is Decompressed =>
  'buffer' in value && value.buffer instanceof Uint8Array && 'engine' in value;

/**
 * Decompresses a Brotli stream that ends with the bytes.
 *
 * @param size of the result in bytes
 * @throws {Error} if there is more than `size`, or the stream does not end where the bytes do
 */
export function unbrotli(bytes: Uint8Array, size: number): Uint8Array {
  const options = { chunkSize: Math.max(64, size), maxOutputLength: Math.max(1, size), info: true };
  const made = brotliDecompressSync(bytes, options);
  if (!isDecompressed(made)) throw new Error('this Node does not say where a Brotli stream ends');
  const { buffer, engine } = made;
  if (engine.bytesWritten !== bytes.length)
    throw new Error(`a stream of ${engine.bytesWritten} bytes; expected ${bytes.length}`);
  return buffer;
}
