/**
 * @file Inputs as they are kept on disk: of each jet what is not zero. A record holds n float32 values, then their n
 * positions in the jet as uint16 (uint32 where a jet has more than 65,536 numbers), filled up to four bytes; a jet for
 * which that is no shorter is kept as it is. All little-endian, so that the bytes of an array are the bytes of the file.
 */

/** Numbers of a jet whose positions fit into 16 bits. */
const SHORT = 2 ** 16;

const bytesOf = (values: number, size: number): number => (values * (size > SHORT ? 8 : 6) + 3) & ~3;
const valuesIn = (bytes: number, size: number): number => Math.floor(bytes / (size > SHORT ? 8 : 6));

/**
 * Records of jets.
 *
 * @param rows (jets × size)
 * @param size numbers of a jet
 * @param lengths is given the bytes of each record
 * @returns the records, one after the other
 */
export function encodeRecords(rows: Float32Array, size: number, lengths: Uint32Array): Uint8Array {
  const out = new ArrayBuffer(rows.byteLength);
  const bits = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const [words, shorts] = [new Uint32Array(out), new Uint16Array(out)];
  const positions = new Uint32Array(size);
  let at = 0;
  for (let jet = 0, base = 0; base < rows.length; jet++, base += size) {
    let count = 0;
    for (let i = 0; i < size; i++) if (bits[base + i] !== 0) positions[count++] = i;
    const length = bytesOf(count, size);
    const word = at / 4;
    if (length >= 4 * size) words.set(bits.subarray(base, base + size), word);
    else {
      for (let i = 0; i < count; i++) words[word + i] = bits[base + positions[i]];
      if (size > SHORT) words.set(positions.subarray(0, count), word + count);
      else shorts.set(positions.subarray(0, count), 2 * (word + count));
    }
    lengths[jet] = Math.min(length, 4 * size);
    at += lengths[jet];
  }
  return new Uint8Array(out, 0, at);
}

/** Memory with records, as what they are made of. */
export interface RecordViews {
  readonly values: Float32Array;
  readonly shorts: Uint16Array;
  readonly longs: Uint32Array;
}

/** @param memory of a multiple of 4 bytes */
export function recordViews(memory: ArrayBuffer): RecordViews {
  return { values: new Float32Array(memory), shorts: new Uint16Array(memory), longs: new Uint32Array(memory) };
}

/**
 * The numbers of one record.
 *
 * @param views with the record at byte `at`, a multiple of 4
 * @param into is given `size` numbers from `first` on; zero before
 * @returns false where the record cannot be one
 */
export function decodeRecord(
  { values, shorts, longs }: RecordViews,
  at: number,
  length: number,
  into: Float32Array,
  first: number,
  size: number,
): boolean {
  const start = at / 4;
  if (length === 4 * size) {
    into.set(values.subarray(start, start + size), first);
    return true;
  }
  const count = valuesIn(length, size);
  const positions = size > SHORT ? longs : shorts;
  const places = size > SHORT ? start + count : 2 * (start + count);
  for (let i = 0; i < count; i++) {
    const position = positions[places + i];
    if (position >= size) return false;
    into[first + position] = values[start + i];
  }
  return true;
}
