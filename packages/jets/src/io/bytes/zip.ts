/** @file Reads and writes the ZIP archives that `.npz` files are: strictly, with limits. */

import { Inflate, zipSync } from 'fflate';
import { counted } from '../../counted.js';
import { isJetError, JetError } from '../../errors.js';
import { MEMORY_REMEDY } from '../../memoryBudget.js';
import { shortText } from '../../quoted.js';

/** Limits against hostile archives. */
export interface ZipLimits {
  readonly members: number;
  /** bytes of all members together, decompressed */
  readonly bytes: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
/** Input fed to the decompressor at once; it grows at most about a thousandfold. */
const INFLATE_STEP = 2 ** 14;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** The checksum of ZIP, gzip and Parquet. @returns an unsigned 32-bit number */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * Reads every member of an archive, apart from what macOS adds.
 *
 * @throws {JetError} BAD_FILE if it is truncated, corrupt, or a checksum does not fit; UNSUPPORTED if it is encrypted
 *   or packed in another way than stored or deflated; LIMIT_EXCEEDED
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function readZip(bytes: Uint8Array, name: string, limits: ZipLimits): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(bytes, view, name, limits);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.bytes)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${total} bytes when decompressed, from ${bytes.length}; expected at most ${limits.bytes}; split the archive, ${MEMORY_REMEDY}`,
      { bytes: total, limit: limits.bytes },
    );
  checkPlaces(bytes, view, entries, name);
  const members = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (isFindersOwn(entry.name)) continue;
    if (members.has(entry.name))
      throw new JetError('BAD_FILE', `${name}: two members ${entry.name}; expected one; save the archive again`, {
        member: entry.name,
      });
    members.set(entry.name, readMember(bytes, view, entry, `${name}: ${entry.name}`));
  }
  return members;
}

/** What macOS puts beside the files of an archive. */
const isFindersOwn = (member: string): boolean => /^__MACOSX\/|(^|\/)\.DS_Store$/.test(member);

function corrupt(name: string, what: string, details: Record<string, unknown> = {}): JetError {
  return new JetError(
    'BAD_FILE',
    `${name}: ${what}; the archive is truncated or corrupt, copy or save it again`,
    details,
  );
}

function readDirectory(bytes: Uint8Array, view: DataView, name: string, limits: ZipLimits): Entry[] {
  let end = bytes.length - END_BYTES;
  const lowest = Math.max(0, end - MAX_COMMENT);
  while (
    end >= lowest &&
    !(view.getUint32(end, true) === END && end + END_BYTES + view.getUint16(end + 20, true) === bytes.length)
  )
    end--;
  if (end < lowest) throw corrupt(name, `no end of the archive in ${bytes.length} bytes`, { bytes: bytes.length });
  let count = view.getUint16(end + 10, true);
  let length = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || length === 0xffffffff || at === 0xffffffff) {
    const locator = end - 20;
    const end64 =
      locator >= 0 && view.getUint32(locator, true) === END64_LOCATOR
        ? Number(view.getBigUint64(locator + 8, true))
        : -1;
    if (end64 < 0 || end64 + 56 > locator || view.getUint32(end64, true) !== END64)
      throw corrupt(name, 'no 64-bit end of the archive');
    count = Number(view.getBigUint64(end64 + 32, true));
    length = Number(view.getBigUint64(end64 + 40, true));
    at = Number(view.getBigUint64(end64 + 48, true));
  }
  if (count > limits.members)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${counted(count, 'member')}; expected at most ${limits.members}; split the archive`,
      {
        members: count,
        limit: limits.members,
      },
    );
  const stop = at + length;
  if (stop > end) throw corrupt(name, `a directory of ${length} bytes at ${at}; expected it before byte ${end}`);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > stop || view.getUint32(at, true) !== CENTRAL)
      throw corrupt(name, `no directory entry ${i} of ${count}`);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > stop) throw corrupt(name, `directory entry ${i} of ${count} is cut off`);
    const member = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 8, true) & 1)
      throw new JetError('UNSUPPORTED', `${name}: ${member} is encrypted; save the archive without a password`, {
        member,
      });
    entries.push({
      name: member,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...sizes64(view, at + 46 + nameLength, extraLength, {
        size: view.getUint32(at + 24, true),
        packed: view.getUint32(at + 20, true),
        offset: view.getUint32(at + 42, true),
      }),
    });
    at = next;
  }
  if (at !== stop) throw corrupt(name, `${count} directory entries end at byte ${at}; expected ${stop}`);
  return entries;
}

/** Replaces the sizes that do not fit in 32 bits by those of the 64-bit extra field, in its fixed order. */
function sizes64(
  view: DataView,
  start: number,
  length: number,
  sizes: { size: number; packed: number; offset: number },
): typeof sizes {
  const found = { ...sizes };
  for (let at = start; at + 4 <= start + length; ) {
    const bytes = view.getUint16(at + 2, true);
    const stop = Math.min(at + 4 + bytes, start + length);
    if (view.getUint16(at, true) === 1) {
      let field = at + 4;
      for (const key of ['size', 'packed', 'offset'] as const)
        if (sizes[key] === 0xffffffff && field + 8 <= stop) {
          found[key] = Number(view.getBigUint64(field, true));
          field += 8;
        }
    }
    at += 4 + bytes;
  }
  return found;
}

/** Every member has a place of its own, and there the name that the directory says. */
function checkPlaces(bytes: Uint8Array, view: DataView, entries: readonly Entry[], name: string): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    const where = `${name}: ${shortText(entry.name)}`;
    const { start, nameBytes } = localHeader(bytes, view, entry, where);
    if (entry.offset < end) throw corrupt(where, `it begins at byte ${entry.offset}, inside of another member`);
    if (new TextDecoder().decode(nameBytes) !== entry.name)
      throw corrupt(where, 'the member has another name than in the directory');
    end = start + entry.packed;
  }
}

/** Where the data of a member begin. */
function localHeader(
  bytes: Uint8Array,
  view: DataView,
  { offset, packed }: Entry,
  where: string,
): { readonly start: number; readonly nameBytes: Uint8Array } {
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL)
    throw corrupt(where, `no member at byte ${offset}`);
  const nameLength = view.getUint16(offset + 26, true);
  const start = offset + 30 + nameLength + view.getUint16(offset + 28, true);
  if (start + packed > bytes.length)
    throw corrupt(where, `${packed} bytes at ${start}; expected to end before byte ${bytes.length}`, { packed, start });
  return { start, nameBytes: bytes.subarray(offset + 30, offset + 30 + nameLength) };
}

function readMember(bytes: Uint8Array, view: DataView, entry: Entry, where: string): Uint8Array {
  const { packed, size, method, crc } = entry;
  const { start } = localHeader(bytes, view, entry, where);
  const data = bytes.subarray(start, start + packed);
  if (method !== STORED && method !== DEFLATED)
    throw new JetError(
      'UNSUPPORTED',
      `${where}: compression method ${method}; expected ${STORED} (stored) or ${DEFLATED} (deflated)`,
      { method },
    );
  const content = method === STORED ? data : inflate(data, size, where);
  if (content.length !== size)
    throw corrupt(where, `got ${content.length} bytes; expected ${size}`, { bytes: content.length, expected: size });
  const actual = crc32(content);
  if (actual !== crc) throw corrupt(where, `checksum ${actual}; expected ${crc}`, { checksum: actual, expected: crc });
  return content;
}

/** Decompresses to at most the size that the directory announces. */
function inflate(data: Uint8Array, size: number, where: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    length += part.length;
    if (length > size) throw corrupt(where, `more than the announced ${size} bytes`, { expected: size });
    parts.push(part);
  });
  try {
    for (let at = 0; at < data.length; at += INFLATE_STEP)
      stream.push(data.subarray(at, at + INFLATE_STEP), at + INFLATE_STEP >= data.length);
  } catch (error) {
    if (isJetError(error)) throw error;
    throw corrupt(where, `cannot be decompressed (${error instanceof Error ? error.message : error})`);
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Writes an archive, deflated; the same members always give the same bytes. */
export function writeZip(members: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(members), { level: 6, mtime: new Date(1980, 0, 1) });
}
