/** @file The frames of Zstandard data: where they end, how long their content is, and its check sum. */

/** XXH64 of bytes. */
export type XxHash = (bytes: Uint8Array, seed: bigint) => bigint;

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const HEADER_BYTES = 5;
const RLE = 1;
const RESERVED = 3;

/** A frame with content. */
interface Frame {
  /** bytes of its content, where it says so */
  readonly size: number | undefined;
  /** low half of the XXH64 of its content, where it has one */
  readonly sum: number | undefined;
}

/**
 * Looks at frames and at what was decompressed of them.
 *
 * @param bytes frames, from the first to the last byte
 * @throws {Error} if they do not end where the bytes do, say another length, or their check sum does not fit
 * @see https://www.rfc-editor.org/rfc/rfc8878 section 3.1
 */
export function checkZstd(bytes: Uint8Array, content: Uint8Array, xxh64: XxHash): void {
  const frames = framesOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let at = 0;
  for (const { size = frames.length === 1 ? content.length : Number.NaN, sum } of frames) {
    const part = content.subarray(at, at + size);
    if (part.length !== size) throw new Error(`a frame of ${size} bytes at ${at} of ${content.length}`);
    if (sum !== undefined && Number(BigInt.asUintN(32, xxh64(part, 0n))) !== sum)
      throw new Error('the check sum is wrong');
    at += size;
  }
  if (at !== content.length) throw new Error(`frames of ${at} bytes; expected ${content.length}`);
}

function framesOf(view: DataView): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < view.byteLength; ) {
    if ((view.getUint32(at, true) & ~15) >>> 0 === SKIPPABLE) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (view.getUint32(at, true) !== MAGIC) throw new Error(`no frame at byte ${at} of ${view.byteLength}`);
    const flags = view.getUint8(at + 4);
    const sizeAt = at + HEADER_BYTES + (flags & 32 ? 0 : 1) + [0, 1, 2, 4][flags & 3];
    const { size, end } = contentSize(view, sizeAt, flags);
    at = endOfBlocks(view, end);
    const summed = (flags & 4) !== 0;
    frames.push({ size, sum: summed ? view.getUint32(at, true) : undefined });
    if (summed) at += 4;
    if (at > view.byteLength) throw new Error(`a frame that ends at byte ${at} of ${view.byteLength}`);
  }
  return frames;
}

function contentSize(view: DataView, at: number, flags: number): { size: number | undefined; end: number } {
  switch (flags >> 6) {
    case 0:
      return flags & 32 ? { size: view.getUint8(at), end: at + 1 } : { size: undefined, end: at };
    case 1:
      return { size: view.getUint16(at, true) + 256, end: at + 2 };
    case 2:
      return { size: view.getUint32(at, true), end: at + 4 };
    default:
      return { size: Number(view.getBigUint64(at, true)), end: at + 8 };
  }
}

function endOfBlocks(view: DataView, start: number): number {
  for (let at = start; ; ) {
    const head = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const kind = (head >> 1) & 3;
    if (kind === RESERVED) throw new Error(`a block of no known kind at byte ${at}`);
    at += 3 + (kind === RLE ? 1 : head >> 3);
    if (head & 1) return at;
  }
}
