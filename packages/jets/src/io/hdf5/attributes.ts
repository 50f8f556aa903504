/** @file Attributes of groups and datasets. */
import { CLASSES, type H5Library } from './library.js';

export function readAttribute(h5: H5Library, id: bigint, path: string, name: string): string | undefined {
  if (!h5.get_attribute_names(id, path).includes(name)) return undefined;
  const { type, vlen, size, total_size: count } = h5.get_attribute_metadata(id, path, name);
  if (type !== CLASSES.string || vlen || count !== 1) return undefined;
  const pointer = h5._malloc(size);
  try {
    h5.get_attribute_data(id, path, name, BigInt(pointer));
    const bytes = h5.HEAPU8.subarray(pointer, pointer + size);
    const end = bytes.indexOf(0);
    return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
  } finally {
    h5._free(pointer);
  }
}

/** Bytes of all texts of an attribute. */
const MAX_TEXT_BYTES = 2 ** 28;

export function readTexts(h5: H5Library, id: bigint, path: string, name: string): string[] | undefined {
  if (!h5.get_attribute_names(id, path).includes(name)) return undefined;
  const { type, vlen, size, total_size: count } = h5.get_attribute_metadata(id, path, name);
  // an empty list is written as one of numbers
  if (count === 0) return [];
  if (type !== CLASSES.string || size * count > MAX_TEXT_BYTES) return undefined;
  const pointer = h5._malloc(size * count);
  try {
    h5.get_attribute_data(id, path, name, BigInt(pointer));
    const addresses = new DataView(h5.HEAPU8.buffer);
    const decoder = new TextDecoder();
    const texts = Array.from({ length: count }, (_, i) => {
      const start = vlen ? addresses.getUint32(pointer + i * size, true) : pointer + i * size;
      const bytes = h5.HEAPU8.subarray(start, vlen ? undefined : start + size);
      const end = bytes.indexOf(0);
      return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
    });
    if (vlen) h5.reclaim_vlen_memory(id, path, name, BigInt(pointer));
    return texts;
  } finally {
    h5._free(pointer);
  }
}
