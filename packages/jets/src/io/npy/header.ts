/** @file The header of a NumPy `.npy` file, parsed strictly. */
import { JetError } from '../../errors.js';

/** What the header says. */
export interface NpyHeader {
  /** NumPy's type string, e.g. `<f4` */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** byte at which the numbers begin */
  readonly dataOffset: number;
}

/** As NumPy: a header longer than this is refused. */
const MAX_HEADER = 10_000;
const MAX_DIMENSIONS = 64;
export const NPY_MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
/** Enough bytes for any header that is accepted. */
export const NPY_HEADER_BYTES = MAX_HEADER + 12;

/**
 * Parses the header at the start of a file.
 *
 * @param bytes at least the header; more is ignored
 * @throws {JetError} BAD_FILE; UNSUPPORTED for structured types and unknown versions; LIMIT_EXCEEDED for huge headers
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  if (bytes.length < 10 || NPY_MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new JetError(
      'BAD_FILE',
      `${name}: not a .npy file, it begins with "${printable(bytes.subarray(0, 6))}"; expected "\\x93NUMPY"; write it with numpy.save`,
      { bytes: bytes.length },
    );
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0)
    throw new JetError('UNSUPPORTED', `${name}: .npy version ${major}.${minor}; expected 1.0, 2.0 or 3.0`, {
      major,
      minor,
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : bytes.length >= 12 ? view.getUint32(8, true) : 0;
  if (length > MAX_HEADER)
    throw new JetError('LIMIT_EXCEEDED', `${name}: header of ${length} bytes; expected at most ${MAX_HEADER}`, {
      length,
      limit: MAX_HEADER,
    });
  if (bytes.length < start + length)
    throw new JetError(
      'BAD_FILE',
      `${name}: truncated in the header, got ${bytes.length} bytes; expected at least ${start + length}; copy the file again`,
      { bytes: bytes.length, expected: start + length },
    );
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length));
  return { ...parseDictionary(text, name), dataOffset: start + length };
}

/**
 * A header of version 1.0; the numbers behind it are aligned to 64 bytes.
 *
 * @param descr NumPy's type string
 */
export function encodeNpyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = new Uint8Array(length);
  header.set(NPY_MAGIC);
  header.set([1, 0, (length - 10) & 255, (length - 10) >> 8], NPY_MAGIC.length);
  header.set(new TextEncoder().encode(`${dictionary.padEnd(length - 11)}\n`), 10);
  return header;
}

function printable(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`))
    .join('');
}

/** `{'descr': …, 'fortran_order': …, 'shape': …}`: these three keys once each, in any order, and nothing else. */
function parseDictionary(text: string, name: string): Omit<NpyHeader, 'dataOffset'> {
  let at = 0;
  const fail = (expected: string): never => {
    const shown = text.slice(at, at + 40).trimEnd();
    throw new JetError('BAD_FILE', `${name}: header at character ${at}, got "${shown}"; expected ${expected}`, { at });
  };
  /** Takes what the (sticky) pattern matches, after spaces. */
  const take = (pattern: RegExp): string | undefined => {
    while (text[at] === ' ') at++;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  const string = (): string | undefined => take(/'([^'\\\n]*)'/y) ?? take(/"([^"\\\n]*)"/y);

  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  if (take(/\{/y) === undefined) fail('{');
  while (take(/\}/y) === undefined) {
    const key = string();
    if (key === undefined || take(/:/y) === undefined) fail("a key and ':'");
    if (key === 'descr' && descr === undefined) {
      descr = string();
      if (descr === undefined && take(/\[/y) !== undefined)
        throw new JetError(
          'UNSUPPORTED',
          `${name}: a structured data type; expected plain numbers or strings; save the columns as separate arrays`,
        );
      if (descr === undefined) fail('a type string such as "<f4"');
    } else if (key === 'fortran_order' && fortranOrder === undefined) {
      const value = take(/True|False/y);
      if (value === undefined) fail('True or False');
      fortranOrder = value === 'True';
    } else if (key === 'shape' && shape === undefined) shape = tuple();
    else fail("each of 'descr', 'fortran_order' and 'shape' once");
    if (take(/,/y) === undefined && take(/(?=\})/y) === undefined) fail("',' or '}'");
  }
  if (!/^[ \n]*$/.test(text.slice(at))) fail('nothing but spaces and a line end after the dictionary');
  if (descr === undefined || fortranOrder === undefined || shape === undefined)
    throw new JetError(
      'BAD_FILE',
      `${name}: header "${text.trim()}"; expected the keys 'descr', 'fortran_order' and 'shape'`,
    );
  return { descr, fortranOrder, shape };

  function tuple(): number[] {
    const lengths: number[] = [];
    if (take(/\(/y) === undefined) fail("'('");
    while (take(/\)/y) === undefined) {
      const digits = take(/(-?\d+)L?/y);
      if (digits === undefined) fail('a whole number');
      const length = Number(digits);
      if (!Number.isSafeInteger(length) || length < 0 || lengths.length === MAX_DIMENSIONS)
        throw new JetError(
          'BAD_FILE',
          `${name}: dimension ${lengths.length} of the shape is ${digits}; expected 0 to 2^53 and at most ${MAX_DIMENSIONS} dimensions`,
          { dimension: lengths.length, length: digits },
        );
      lengths.push(length);
      const closed = take(/(?=\))/y) !== undefined;
      if (take(/,/y) === undefined && (!closed || lengths.length === 1)) fail("','");
    }
    return lengths;
  }
}
