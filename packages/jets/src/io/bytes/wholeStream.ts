/** @file Holds a decoder that passes over the end of its stream to that end. */

type Decode = (bytes: Uint8Array, size: number) => Uint8Array;

/** Longer than what a decoder reads ahead of what it needs. */
const BEHIND = 64;

/**
 * A decoder that asks for streams that end with their bytes, of one that does not: what is missing at the end it takes for
 * zeros, and what is left over it does not look at. A whole stream gives the same whatever stands behind it, and something
 * else once its last byte is another.
 */
export function wholeStream(decode: Decode): Decode {
  return (bytes, size) => {
    const content = decode(bytes, size);
    const same = (start: Uint8Array, behind: number): boolean => {
      const changed = new Uint8Array(start.length + BEHIND).fill(behind);
      changed.set(start);
      try {
        const other = decode(changed, size);
        return other.length === content.length && other.every((byte, i) => byte === content[i]);
      } catch {
        return false;
      }
    };
    if (!same(bytes, 0xff)) throw new Error(`a stream that goes on behind its ${bytes.length} bytes`);
    const shorter = bytes.subarray(0, -1);
    if (same(shorter, 0x00) && same(shorter, 0xff))
      throw new Error(`a stream that ends before its ${bytes.length} bytes`);
    return content;
  };
}
