/** @file The .xz streams that ROOT packs with LZMA. */
import { checkXz } from './xz.js';

type Streams = typeof import('xz-decompress');

/** A module of the old kind, which Node gives as the default of a new one, and bundlers as it is. */
async function library(): Promise<Streams> {
  const module: Streams & { readonly default?: Streams } = await import('xz-decompress');
  return module.default ?? module;
}

/**
 * Decompresses one .xz stream and holds it to its sums.
 *
 * @param size of the result in bytes
 * @throws {Error} if there is more or less than `size`, the stream is damaged, or it does not end where the bytes do
 */
export async function unxz(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const { XzReadableStream } = await library();
  const reader = new XzReadableStream(new Blob([bytes.slice()]).stream()).getReader();
  const content = new Uint8Array(size);
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size) {
      await reader.cancel();
      throw new Error(`more than ${size} bytes`);
    }
    content.set(value, at);
    at += value.length;
  }
  if (at !== size) throw new Error(`${at} bytes; expected ${size}`);
  checkXz(bytes, content);
  return content;
}
