/**
 * @file The messages of an object's header in an HDF5 file, of either version.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
import type { BinaryFile } from '../bytes/binaryFile.js';

/** What a header says of its object. */
export interface HeaderMessage {
  readonly type: number;
  /** the body is where it lies, not what it is */
  readonly shared: boolean;
  readonly body: DataView;
}

export const DATATYPE = 0x03;
export const EXTERNAL_FILES = 0x07;
const CONTINUATION = 0x10;
const MAX_HEADER_BYTES = 2 ** 20;
const MAX_USER_BLOCK = 2 ** 30;
const SIGNATURE = 0x0a1a0a0d46444889n;
const VERSION_2 = 0x5244484f;

/** Reads exactly this many bytes, or gives undefined. */
function bytesAt(file: BinaryFile, position: number, length: number): DataView | undefined {
  if (!Number.isSafeInteger(position) || position < 0 || length < 0 || position + length > file.size) return undefined;
  const bytes = new Uint8Array(length);
  return file.read(bytes, 0, length, position) === length ? new DataView(bytes.buffer) : undefined;
}

/** Byte from which addresses count; undefined where they have another length than 8 bytes. */
function baseOf(file: BinaryFile): number | undefined {
  for (let at = 0; at <= MAX_USER_BLOCK; at = at === 0 ? 512 : at * 2) {
    const start = bytesAt(file, at, 16);
    if (start === undefined) return undefined;
    if (start.getBigUint64(0, true) !== SIGNATURE) continue;
    const sizes = start.getUint8(8) < 2 ? 13 : 9;
    return start.getUint8(sizes) === 8 && start.getUint8(sizes + 1) === 8 ? at : undefined;
  }
  return undefined;
}

/**
 * The messages of the header at an address.
 *
 * @returns undefined where the header has a form that is not known here
 */
export function headerMessages(file: BinaryFile, address: number): HeaderMessage[] | undefined {
  const base = baseOf(file);
  const start = base === undefined ? undefined : bytesAt(file, base + address, 16);
  if (base === undefined || start === undefined) return undefined;
  const second = start.getUint32(0, true) === VERSION_2 && start.getUint8(4) === 2;
  if (!second && start.getUint8(0) !== 1) return undefined;
  const flags = start.getUint8(5);
  const messageBytes = second ? (flags & 4 ? 6 : 4) : 8;
  const blocks: { readonly position: number; readonly length: number }[] = [];
  if (second) {
    const sizeAt = 6 + (flags & 32 ? 16 : 0) + (flags & 16 ? 4 : 0);
    const sizeBytes = 1 << (flags & 3);
    const size = bytesAt(file, base + address + sizeAt, sizeBytes);
    if (size === undefined) return undefined;
    let length = 0;
    for (let i = sizeBytes - 1; i >= 0; i--) length = length * 256 + size.getUint8(i);
    blocks.push({ position: base + address + sizeAt + sizeBytes, length });
  } else blocks.push({ position: base + address + 16, length: start.getUint32(8, true) });
  const messages: HeaderMessage[] = [];
  let total = 0;
  for (const { position, length } of blocks) {
    total += length + 16;
    const block = total > MAX_HEADER_BYTES ? undefined : bytesAt(file, position, length);
    if (block === undefined) return undefined;
    for (let at = 0; at + messageBytes <= length; ) {
      const type = second ? block.getUint8(at) : block.getUint16(at, true);
      const size = block.getUint16(at + (second ? 1 : 2), true);
      const shared = (block.getUint8(at + (second ? 3 : 4)) & 2) !== 0;
      const body = at + messageBytes;
      if (body + size > length) return undefined;
      if (type === CONTINUATION) {
        const more = Number(block.getBigUint64(body, true)) + base;
        const bytes = Number(block.getBigUint64(body + 8, true));
        // the second version has a signature before and a check sum behind
        blocks.push(second ? { position: more + 4, length: bytes - 8 } : { position: more, length: bytes });
      } else messages.push({ type, shared, body: new DataView(block.buffer, body, size) });
      at = body + size;
    }
  }
  return messages;
}
