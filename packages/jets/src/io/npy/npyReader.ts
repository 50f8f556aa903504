/** @file Jets from `.npy` files, read from disk by slices. */
import { JetError } from '../../errors.js';
import { jetShapeOf, kindOfShape } from '../../source/jetShape.js';
import type { SliceReader } from '../../source/sliceSource.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { copyNumbers, isNumberType } from '../bytes/numbers.js';
import { readAll } from '../bytes/readAll.js';
import { arrayReader } from './arrayReader.js';
import { NPY_HEADER_BYTES, type NpyHeader, parseNpyHeader } from './header.js';
import { checkBytes, checkedCount, readNpy } from './npy.js';
import { type NpyElement, npyElement } from './types.js';

const BLOCK_BYTES = 2 ** 24;

/** A header that fits its file. */
export interface CheckedHeader extends NpyHeader {
  readonly element: NpyElement;
  readonly count: number;
}

/** The header of an open file, checked against its size. */
export function readNpyHeader(file: BinaryFile): CheckedHeader {
  const start = new Uint8Array(Math.min(NPY_HEADER_BYTES, file.size));
  file.read(start, 0, start.length, 0);
  const header = parseNpyHeader(start, file.name);
  const element = npyElement(header.descr, file.name);
  const count = checkedCount(header.shape, Number.MAX_SAFE_INTEGER, file.name);
  checkBytes(file.size - header.dataOffset, count, element.bytes, header.shape, file.name);
  return { ...header, element, count };
}

/**
 * Jets of a `.npy` file; rows are read from disk when they are asked for (a column-major file is read whole).
 *
 * @throws {JetError} as `readNpy`; BAD_DATASET if the shape is not that of jets; UNSUPPORTED for strings and booleans
 */
export function npyReader(file: BinaryFile, header: CheckedHeader): SliceReader {
  const { shape, element, fortranOrder, dataOffset, count } = header;
  const kind = kindOfShape(shape, file.name);
  const { dtype } = element;
  if (!isNumberType(dtype))
    throw new JetError(
      'UNSUPPORTED',
      `${file.name}: elements of type ${dtype}; expected numbers; save with astype(numpy.float32)`,
      {
        dtype,
      },
    );
  if (fortranOrder || (element.bigEndian && element.bytes > 1)) {
    return arrayReader(readNpy(readAll(file), { name: file.name }), file.name);
  }
  const jetShape = jetShapeOf(kind, shape, file.name);
  const size = count === 0 ? 0 : count / shape[0];
  return {
    name: file.name,
    kind,
    count: shape[0],
    jetShape,
    fill(start, stop, out) {
      const step = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, size * element.bytes)));
      const block = new Uint8Array(Math.min(step, stop - start) * size * element.bytes);
      for (let first = start; first < stop; first += step) {
        const numbers = Math.min(step, stop - first) * size;
        const bytes = numbers * element.bytes;
        const got = file.read(block, 0, bytes, dataOffset + first * size * element.bytes);
        if (got !== bytes)
          throw new JetError(
            'BAD_FILE',
            `${file.name}: got ${got} bytes of jet ${first}; expected ${bytes}; the file changed while it was read`,
            {
              bytes: got,
              expected: bytes,
            },
          );
        copyNumbers(dtype, block.buffer, 0, out, (first - start) * size, numbers);
      }
    },
  };
}
