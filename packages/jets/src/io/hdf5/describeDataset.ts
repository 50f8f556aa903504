import type { Metadata } from 'h5wasm';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { H5Dataset, H5Field, H5Scalar } from './dataset.js';
import { typeForm } from './datatype.js';
import { filterName } from './filters.js';
import { CLASSES, type H5Library } from './library.js';
import { EXTERNAL_FILES, headerMessages } from './objectHeader.js';

function scalarType(type: Metadata): H5Scalar {
  const bits = type.size * 8;
  const base = type.type === CLASSES.enumeration ? type.enum_type?.type : type.type;
  if (base === CLASSES.string && !type.vlen) return 'string';
  if (base === CLASSES.bitfield && (bits === 8 || bits === 16 || bits === 32 || bits === 64)) return `uint${bits}`;
  if (base === CLASSES.integer && (bits === 8 || bits === 16 || bits === 32 || bits === 64))
    return type.signed ? `int${bits}` : `uint${bits}`;
  if (base === CLASSES.float && (bits === 16 || bits === 32 || bits === 64)) return `float${bits}`;
  return 'other';
}

function elementOf(type: Metadata): Metadata {
  return type.type === CLASSES.array && type.array_type ? type.array_type : type;
}

/** Whether a field holds numbers of several bytes in this order. */
function isOrdered(field: Metadata, littleEndian: boolean): boolean {
  const { type, size, littleEndian: order } = elementOf(field);
  return (type <= CLASSES.float || type === CLASSES.bitfield) && size > 1 && order === littleEndian;
}

/** Where the header of an object lies. */
export function addressOf(h5: H5Library, id: bigint, path: string): number {
  const reference = h5.create_object_reference(id, path);
  return Number(new DataView(Uint8Array.from(reference).buffer).getBigUint64(0, true));
}

/** What the file says of a dataset. */
export function describeDataset(h5: H5Library, id: bigint, file: BinaryFile, path: string): H5Dataset {
  const metadata = h5.get_dataset_metadata(id, path);
  const address = addressOf(h5, id, path);
  const form = typeForm(file, address);
  const compound = metadata.type === CLASSES.compound;
  const members = metadata.compound_type?.members ?? [];
  // The library brings a record into little-endian order only if all of its numbers have the same order.
  const bigEndian = (compound ? members : [metadata]).some((number) => isOrdered(number, false));
  const mixed = bigEndian && members.some((member) => isOrdered(member, true));
  const fields = members.map(
    (member, i): H5Field => ({
      name: member.name,
      type:
        (mixed && isOrdered(member, false)) || form?.members[i]?.plain !== true
          ? 'other'
          : scalarType(elementOf(member)),
      offset: member.offset,
      length: member.type === CLASSES.array ? (member.array_type?.total_size ?? 0) : undefined,
    }),
  );
  const elsewhere = metadata.virtual_sources
    ? 'a virtual dataset, made of others'
    : headerMessages(file, address)?.some(({ type }) => type === EXTERNAL_FILES)
      ? 'stored in other files'
      : undefined;
  return {
    path,
    shape: metadata.shape ?? [],
    type: compound ? 'compound' : form?.plain === true ? scalarType(metadata) : 'other',
    fields,
    elementBytes: metadata.size,
    ...(metadata.chunks ? { chunks: metadata.chunks } : {}),
    bigEndian,
    filters: h5.get_dataset_filters(id, path).map(filterName),
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}
