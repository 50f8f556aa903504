/**
 * @file Whether the numbers of a dataset are what their size says. HDF5 knows integers of 12 bits in 16, numbers of other
 * exponents (bfloat16) and more, which the library hands out as they are stored.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html (datatype message)
 */
import type { BinaryFile } from '../bytes/binaryFile.js';
import { DATATYPE, headerMessages } from './objectHeader.js';

/** What the type of a dataset is like. */
export interface TypeForm {
  /** integers of all bits of their size, IEEE numbers, or no numbers at all */
  readonly plain: boolean;
  /** of a record, in order */
  readonly members: readonly TypeForm[];
}

/** A type and the byte after it. */
interface Parsed extends TypeForm {
  readonly end: number;
}

/** size → bit offset, precision, exponent's place and bits, mantissa's place and bits, bias, place of the sign */
const IEEE: Readonly<Record<number, string>> = {
  2: '0,16,10,5,0,10,15,15',
  4: '0,32,23,8,0,23,127,31',
  8: '0,64,52,11,0,52,1023,63',
};
const MAX_DEPTH = 16;
const MAX_MEMBERS = 65_536;

/**
 * The form of the type of the dataset whose header is at an address.
 *
 * @returns undefined where it cannot be told
 */
export function typeForm(file: BinaryFile, address: number): TypeForm | undefined {
  try {
    let message = headerMessages(file, address)?.find(({ type }) => type === DATATYPE);
    if (message?.shared) {
      const { body } = message;
      const named = Number(body.getBigUint64(body.getUint8(0) === 1 ? 8 : 2, true));
      message = headerMessages(file, named)?.find(({ type }) => type === DATATYPE);
    }
    return message && !message.shared ? parse(message.body, 0, 0) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(view: DataView, at: number, depth: number): Parsed | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const kind = view.getUint8(at) & 15;
  const version = view.getUint8(at) >> 4;
  const bits = view.getUint16(at + 1, true);
  const size = view.getUint32(at + 4, true);
  const body = at + 8;
  const simple = (plain: boolean, end: number): Parsed => ({ plain, members: [], end });
  const nameEnd = (from: number): number => {
    let end = from;
    while (view.getUint8(end) !== 0) end++;
    return version < 3 ? from + Math.ceil((end + 1 - from) / 8) * 8 : end + 1;
  };
  switch (kind) {
    case 0:
    case 4:
      return simple(view.getUint16(body, true) === 0 && view.getUint16(body + 2, true) === size * 8, body + 4);
    case 1: {
      const fields = [view.getUint16(body, true), view.getUint16(body + 2, true)];
      for (let i = 4; i < 8; i++) fields.push(view.getUint8(body + i));
      fields.push(view.getUint32(body + 8, true), view.getUint8(at + 2));
      const implied = ((bits >> 4) & 3) === 2 && (bits & 64) === 0;
      return simple(implied && fields.join() === IEEE[size], body + 12);
    }
    case 2:
      return simple(true, body + 2);
    case 3:
    case 7:
      return simple(true, body);
    case 5:
      return simple(true, body + (bits & 255));
    case 6: {
      const members: TypeForm[] = [];
      let next = body;
      if (bits > MAX_MEMBERS) return undefined;
      for (let i = 0; i < bits; i++) {
        const offsetBytes = version < 3 ? 4 : size < 2 ** 8 ? 1 : size < 2 ** 16 ? 2 : size < 2 ** 24 ? 3 : 4;
        const own = nameEnd(next) + offsetBytes + (version === 1 ? 28 : 0);
        const member = parse(view, own, depth + 1);
        if (member === undefined) return undefined;
        members.push(member);
        next = member.end;
      }
      return { plain: true, members, end: next };
    }
    case 8: {
      const base = parse(view, body, depth + 1);
      if (base === undefined) return undefined;
      let next = base.end;
      for (let i = 0; i < bits; i++) next = nameEnd(next);
      return simple(base.plain, next + bits * view.getUint32(body + 4, true));
    }
    case 9: {
      const base = parse(view, body, depth + 1);
      return base && simple(true, base.end);
    }
    case 10: {
      const dimensions = view.getUint8(body);
      const base = parse(view, version < 3 ? body + 4 + 8 * dimensions : body + 1 + 4 * dimensions, depth + 1);
      return base && { ...base, members: base.members };
    }
    default:
      return undefined;
  }
}
