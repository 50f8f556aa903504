/**
 * @file Chunks of rows as HDF5 stores them, unpacked. Imported memory, no allocator, no static data: the first 16 KiB are tables of
 * `inflate`.
 */
export { inflate } from './inflate';

@inline
function low8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

@inline
function high8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

@inline
function low16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

@inline
function high16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** Four bytes of each of four elements, `stride` bytes apart. */
@inline
function store4(to: usize, stride: usize, four: v128): void {
  v128.store32_lane(to, four, 0);
  v128.store32_lane(to + stride, four, 1);
  v128.store32_lane(to + 2 * stride, four, 2);
  v128.store32_lane(to + 3 * stride, four, 3);
}

/**
 * Undoes HDF5's shuffle: the first bytes of all elements, then the second bytes of all, and so on. Four bytes of 16 elements at a
 * time; most jets fill a fraction of their slots, so zeros are stepped over.
 *
 * @param count elements
 * @param size bytes of each
 */
export function unshuffle(from: usize, count: usize, size: usize, to: usize): void {
  memory.fill(to, 0, count * size);
  const rows = count & ~15;
  const columns = size & ~3;
  for (let column: usize = 0; column < columns; column += 4) {
    const plane = from + column * count;
    for (let row: usize = 0; row < rows; row += 16) {
      const at = plane + row;
      const a = v128.load(at);
      const b = v128.load(at + count);
      const c = v128.load(at + 2 * count);
      const d = v128.load(at + 3 * count);
      if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
      const out = to + row * size + column;
      const abLow = low8(a, b);
      const abHigh = high8(a, b);
      const cdLow = low8(c, d);
      const cdHigh = high8(c, d);
      store4(out, size, low16(abLow, cdLow));
      store4(out + 4 * size, size, high16(abLow, cdLow));
      store4(out + 8 * size, size, low16(abHigh, cdHigh));
      store4(out + 12 * size, size, high16(abHigh, cdHigh));
    }
    for (let byte: usize = 0; byte < 4; byte++)
      for (let row = rows; row < count; row++)
        store<u8>(to + row * size + column + byte, load<u8>(plane + byte * count + row));
  }
  for (let byte = columns; byte < size; byte++)
    for (let row: usize = 0; row < count; row++)
      store<u8>(to + row * size + byte, load<u8>(from + byte * count + row));
}
