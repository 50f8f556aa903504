/**
 * @file Streams of zlib in memory, unpacked into memory. Tables of codes are filled and looked up as libdeflate does it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1950 and https://www.rfc-editor.org/rfc/rfc1951
 */

/** Bits of a code that the tables know at once; longer ones go on in a table behind. */
const LITERAL_BITS: u32 = 11;
const OFFSET_BITS: u32 = 8;
const LENGTH_BITS: u32 = 7;

const LITERALS: usize = 0;
const OFFSETS: usize = 12288;
const LENGTHS: usize = 14336;
/** Bytes: how long the codes of the symbols are. */
const SIZES: usize = 14848;
/** (16,) uint32 each: symbols of each length, and where they begin in `SORTED`. */
const COUNTS: usize = 15360;
const PLACES: usize = 15424;
/** uint16: symbols by the length of their codes. */
const SORTED: usize = 15488;

/**
 * Entries of tables: a value from bit 16 on, bits of the code from bit 8 on, and with the bits that follow it in the lowest byte.
 * A literal, the end of a block, a table behind; what is exceptional and neither of these is no code.
 */
const LITERAL: u32 = 0x80000000;
const EXCEPTIONAL: u32 = 0x8000;
const BEHIND: u32 = 0x4000;
const END: u32 = 0x2000;

/** Kinds of symbols. */
const IN_BLOCK: u32 = 0;
const IN_OFFSETS: u32 = 1;
const IN_LENGTHS: u32 = 2;

let next: usize = 0;
let stop: usize = 0;
/** The next `held` bits. */
let bits: u64 = 0;
let held: u32 = 0;

@inline
function refill(): void {
  bits |= load<u64>(next) << held;
  next += (63 - held) >> 3;
  held |= 56;
}

@inline
function take(count: u32): u32 {
  const value = <u32>(bits & ((<u64>1 << count) - 1));
  bits >>= count;
  held -= count;
  return value;
}

/** What a symbol means, without its code. */
function meaning(kind: u32, symbol: u32): u32 {
  if (kind === IN_LENGTHS) return symbol << 16;
  if (kind === IN_OFFSETS) {
    if (symbol > 29) return EXCEPTIONAL;
    if (symbol < 4) return (symbol + 1) << 16;
    const more = (symbol >> 1) - 1;
    return ((1 + ((2 + (symbol & 1)) << more)) << 16) | more;
  }
  if (symbol < 256) return LITERAL | (symbol << 16);
  if (symbol === 256) return EXCEPTIONAL | END;
  const length = symbol - 257;
  if (length > 28) return EXCEPTIONAL;
  if (length === 28) return 258 << 16;
  if (length < 8) return (3 + length) << 16;
  const more = (length >> 2) - 1;
  return ((3 + ((4 + (length & 3)) << more)) << 16) | more;
}

@inline
function entry(kind: u32, symbol: u32, length: u32): u32 {
  return meaning(kind, symbol) + (length << 8) + length;
}

@inline
function put(table: usize, at: u32, value: u32): void {
  store<u32>(table + (at << 2), value);
}

/** The entry of the code that is next. */
@inline
function lookUp(table: usize, direct: u32, b: u64): u32 {
  return load<u32>(table + (<usize>(b & ((1 << direct) - 1)) << 2));
}

@inline
function countOf(length: u32): u32 {
  return load<u32>(COUNTS + (length << 2));
}

/** The code after this one of the same length, both with their first bit lowest. */
@inline
function following(code: u32, length: u32): u32 {
  const bit: u32 = 0x80000000 >> clz(code ^ ((1 << length) - 1));
  return (code & (bit - 1)) | bit;
}

/**
 * Fills a table from the lengths of codes.
 *
 * @param sizes bytes, one for each of `symbols`
 * @param direct bits of a code that the table knows at once
 * @returns false where there are more codes than there can be, or fewer and not just one of one bit
 */
function fill(kind: u32, table: usize, direct: u32, sizes: usize, symbols: u32): bool {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) {
    const count = COUNTS + (<usize>load<u8>(sizes + i) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  let longest: u32 = 15;
  while (longest > 0 && countOf(longest) === 0) longest--;
  let place: u32 = 0;
  let used: u32 = 0;
  for (let length: u32 = 1; length <= longest; length++) {
    store<u32>(PLACES + (length << 2), place);
    place += countOf(length);
    used = (used << 1) + countOf(length);
  }
  for (let i: u32 = 0; i < symbols; i++) {
    const length = <usize>load<u8>(sizes + i);
    if (length === 0) continue;
    const at = PLACES + (length << 2);
    const index = load<u32>(at);
    store<u16>(SORTED + (index << 1), <u16>i);
    store<u32>(at, index + 1);
  }
  const size: u32 = 1 << direct;
  if (used !== <u32>1 << longest) {
    if (longest > 1 || used > 1 || kind === IN_LENGTHS) return false;
    const only = used === 1 ? entry(kind, load<u16>(SORTED), 1) : EXCEPTIONAL;
    for (let i: u32 = 0; i < size; i++) put(table, i, (i & 1) === 0 ? only : EXCEPTIONAL);
    return true;
  }
  let sorted: usize = SORTED;
  let code: u32 = 0;
  let length: u32 = 1;
  let left = countOf(1);
  while (left === 0) left = countOf(++length);
  let end: u32 = 1 << length;
  while (length <= direct) {
    do {
      put(table, code, entry(kind, load<u16>(sorted), length));
      sorted += 2;
      if (code === end - 1) {
        for (; length < direct; length++, end <<= 1) memory.copy(table + (end << 2), table, end << 2);
        return true;
      }
      code = following(code, length);
    } while (--left > 0);
    do {
      if (++length <= direct) {
        memory.copy(table + (end << 2), table, end << 2);
        end <<= 1;
      }
      left = countOf(length);
    } while (left === 0);
  }
  end = size;
  let prefix: u32 = u32.MAX_VALUE;
  let start: u32 = 0;
  while (true) {
    if ((code & (size - 1)) !== prefix) {
      prefix = code & (size - 1);
      start = end;
      let more = length - direct;
      let space = left;
      while (space < <u32>1 << more) {
        more++;
        space = (space << 1) + countOf(direct + more);
      }
      end = start + (1 << more);
      put(table, prefix, (start << 16) | EXCEPTIONAL | BEHIND | (more << 8) | direct);
    }
    const value = entry(kind, load<u16>(sorted), length - direct);
    sorted += 2;
    for (let i = start + (code >> direct); i < end; i += 1 << (length - direct)) put(table, i, value);
    if (code === (<u32>1 << length) - 1) return true;
    code = following(code, length);
    left--;
    while (left === 0) left = countOf(++length);
  }
}

/** The codes that need not be told. */
function fixedCodes(): bool {
  memory.fill(SIZES, 8, 144);
  memory.fill(SIZES + 144, 9, 112);
  memory.fill(SIZES + 256, 7, 24);
  memory.fill(SIZES + 280, 8, 8);
  if (!fill(IN_BLOCK, LITERALS, LITERAL_BITS, SIZES, 288)) return false;
  memory.fill(SIZES, 5, 32);
  return fill(IN_OFFSETS, OFFSETS, OFFSET_BITS, SIZES, 32);
}

/** The order in which lengths of lengths are told: five bits each. */
@inline
function lengthOrder(i: u32): u32 {
  if (i < 3) return 16 + i;
  if (i === 3) return 0;
  return (i & 1) === 0 ? 8 + ((i - 4) >> 1) : 7 - ((i - 5) >> 1);
}

/** The codes that a block tells. */
function toldCodes(): bool {
  refill();
  const literals: u32 = 257 + take(5);
  const offsets: u32 = 1 + take(5);
  const lengths: u32 = 4 + take(4);
  if (literals > 286 || offsets > 30) return false;
  memory.fill(SIZES, 0, 19);
  for (let i: u32 = 0; i < lengths; i++) {
    refill();
    store<u8>(SIZES + lengthOrder(i), <u8>take(3));
  }
  if (!fill(IN_LENGTHS, LENGTHS, LENGTH_BITS, SIZES, 19)) return false;
  const symbols = literals + offsets;
  for (let i: u32 = 0; i < symbols; ) {
    refill();
    if (next > stop + 8) return false;
    const code = lookUp(LENGTHS, LENGTH_BITS, bits);
    take(code & 255);
    const symbol = code >> 16;
    if (symbol < 16) {
      store<u8>(SIZES + i++, <u8>symbol);
      continue;
    }
    if (symbol === 16 && i === 0) return false;
    const value = symbol === 16 ? load<u8>(SIZES + i - 1) : <u8>0;
    const count: u32 = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
    if (i + count > symbols) return false;
    memory.fill(SIZES + i, value, count);
    i += count;
  }
  // a block without an end is none
  if (load<u8>(SIZES + 256) === 0) return false;
  return (
    fill(IN_OFFSETS, OFFSETS, OFFSET_BITS, SIZES + literals, offsets) &&
    fill(IN_BLOCK, LITERALS, LITERAL_BITS, SIZES, literals)
  );
}

/** A block as it is. @returns where its bytes end; 0 where it is damaged */
function plainBlock(out: usize, end: usize): usize {
  const from = next - (held >> 3);
  if (from + 4 > stop) return 0;
  const length = <usize>load<u16>(from);
  if ((length ^ 0xffff) !== load<u16>(from, 2) || from + 4 + length > stop || out + length > end) return 0;
  memory.copy(out, from + 4, length);
  next = from + 4 + length;
  bits = 0;
  held = 0;
  return out + length;
}

/** @returns where the bytes of the block end; 0 where it is damaged */
function codedBlock(out: usize, begin: usize, end: usize): usize {
  const last = stop + 8;
  refill();
  let p = next;
  let b = bits;
  let h = held;
  // looked up before more bits come, which it need not wait for: at least 11 are left of every turn
  let code = lookUp(LITERALS, LITERAL_BITS, b);
  while (p <= last && out <= end) {
    b |= load<u64>(p) << h;
    p += (63 - h) >> 3;
    h |= 56;
    if (code & LITERAL) {
      b >>= code & 63;
      h -= code & 63;
      store<u8>(out++, <u8>(code >> 16));
      code = lookUp(LITERALS, LITERAL_BITS, b);
      if (code & LITERAL) {
        b >>= code & 63;
        h -= code & 63;
        store<u8>(out++, <u8>(code >> 16));
        code = lookUp(LITERALS, LITERAL_BITS, b);
        if (code & LITERAL) {
          b >>= code & 63;
          h -= code & 63;
          store<u8>(out++, <u8>(code >> 16));
          code = lookUp(LITERALS, LITERAL_BITS, b);
          continue;
        }
      }
    }
    if (code & EXCEPTIONAL) {
      if (code & BEHIND) {
        b >>= LITERAL_BITS;
        h -= LITERAL_BITS;
        const more = (code >> 8) & 15;
        code = load<u32>(LITERALS + (<usize>((code >> 16) + (<u32>b & ((1 << more) - 1))) << 2));
        if (code & LITERAL) {
          b >>= code & 63;
          h -= code & 63;
          store<u8>(out++, <u8>(code >> 16));
          code = lookUp(LITERALS, LITERAL_BITS, b);
          continue;
        }
      }
      if (code & EXCEPTIONAL) {
        if (!(code & END)) return 0;
        bits = b >> (code & 63);
        held = h - (code & 63);
        next = p;
        return out;
      }
    }
    const length: usize = (code >> 16) + (<u32>(b & ((<u64>1 << (code & 63)) - 1)) >> ((code >> 8) & 15));
    b >>= code & 63;
    h -= code & 63;
    code = lookUp(OFFSETS, OFFSET_BITS, b);
    b |= load<u64>(p) << h;
    p += (63 - h) >> 3;
    h |= 56;
    if (code & EXCEPTIONAL) {
      if (!(code & BEHIND)) return 0;
      b >>= OFFSET_BITS;
      h -= OFFSET_BITS;
      const more = (code >> 8) & 15;
      code = load<u32>(OFFSETS + (<usize>((code >> 16) + (<u32>b & ((1 << more) - 1))) << 2));
      if (code & EXCEPTIONAL) return 0;
    }
    const offset: usize = (code >> 16) + (<u32>(b & ((<u64>1 << (code & 63)) - 1)) >> ((code >> 8) & 15));
    b >>= code & 63;
    h -= code & 63;
    code = lookUp(LITERALS, LITERAL_BITS, b);
    const from = out - offset;
    const to = out + length;
    if (offset > out - begin || to > end) return 0;
    // up to 15 bytes behind it are overwritten by what follows
    if (offset >= 16) {
      v128.store(out, v128.load(from));
      for (let at: usize = 16; at < length; at += 16) v128.store(out + at, v128.load(from + at));
    } else if (offset === 1) {
      const byte = i8x16.splat(load<i8>(from));
      for (; out < to; out += 16) v128.store(out, byte);
    } else for (; out < to; out++) store<u8>(out, load<u8>(out - offset));
    out = to;
  }
  return 0;
}

const MODULUS: u32 = 65521;
/** A multiple of 16: sums of so many bytes stay below 2³². */
const SUMMED: usize = 5552;

@inline
function total(four: v128): u32 {
  return (
    i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1) + i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3)
  );
}

/** @see https://www.rfc-editor.org/rfc/rfc1950 section 9 */
function adler32(from: usize, size: usize): u32 {
  const end = from + size;
  let a: u32 = 1;
  let b: u32 = 0;
  while (from < end) {
    const stretch = min(SUMMED, end - from);
    const whole = from + (stretch & ~15);
    b += a * <u32>(stretch & ~15);
    // sums of bytes, of these sums before each sixteen, and of bytes by their place among the sixteen
    let sum = i32x4.splat(0);
    let sums = i32x4.splat(0);
    let placed = i32x4.splat(0);
    for (; from < whole; from += 16) {
      const bytes = v128.load(from);
      sums = i32x4.add(sums, sum);
      if (!v128.any_true(bytes)) continue;
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), i16x8(16, 15, 14, 13, 12, 11, 10, 9));
      const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), i16x8(8, 7, 6, 5, 4, 3, 2, 1));
      placed = i32x4.add(placed, i32x4.add(low, high));
    }
    a += total(sum);
    b += 16 * total(sums) + total(placed);
    if (stretch < SUMMED)
      for (; from < end; from++) {
        a += load<u8>(from);
        b += a;
      }
    a %= MODULUS;
    b %= MODULUS;
  }
  return (b << 16) | a;
}

/**
 * Unpacks a zlib stream.
 *
 * @param from `bytes` bytes, and 32 that may be anything
 * @param to room for `size` bytes and 32 more
 * @returns whether they are as many as `size`, and their check sum fits
 */
export function inflate(from: usize, bytes: usize, to: usize, size: usize): bool {
  stop = from + bytes;
  const header = (<u32>load<u8>(from) << 8) | load<u8>(from, 1);
  if (bytes < 6 || ((header >> 8) & 15) !== 8 || header >> 12 > 7 || header % 31 !== 0 || (header & 0x20) !== 0)
    return false;
  next = from + 2;
  bits = 0;
  held = 0;
  const end = to + size;
  let out = to;
  let more = true;
  while (more) {
    refill();
    if (next > stop + 8) return false;
    more = take(1) === 0;
    const kind = take(2);
    if (kind === 0) out = plainBlock(out, end);
    else if (kind === 3 || !(kind === 1 ? fixedCodes() : toldCodes())) return false;
    else out = codedBlock(out, to, end);
    if (out === 0) return false;
  }
  const sum = next - (held >> 3);
  return out === end && sum + 4 <= stop && bswap(load<u32>(sum)) === adler32(to, size);
}
