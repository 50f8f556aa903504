/**
 * @file Jets of a compressed HDF5 file, read by several threads: the thread that has opened the file tells the others
 * where the jets lie.
 */
import { isJetError } from '../../errors.js';
import type { JetImages, Jets } from '../../jets.js';
import type { PackedJets } from '../../source/packed.js';
import { jetsOf } from '../../source/sliceSource.js';
import { sizeOf } from '../../tensor.js';
import { inflate } from '../bytes/inflate.js';
import { openNodeFile } from '../bytes/nodeFile.js';
import { readPacked, unpackerWith } from './packed.js';
import { copyRuns } from './rowRuns.js';

export type { PackedJets } from '../../source/packed.js';

const unpackerFor = unpackerWith(inflate);

/**
 * Reads jets [start, stop) in any thread. Its numbers may be NaN or infinite: whoever uses them looks at every one and
 * then has the source read the jets, which says where.
 *
 * @param packed what `JetSource.share` gave in the thread that has opened the file
 * @param memory the numbers are written here if there is room: a thread that reads again and again needs no new memory
 * @returns undefined where the source itself has to be asked: the file is no longer the one that was opened, or a chunk
 *   is broken; it then reads the jets, or says what is wrong
 */
export function readPackedJets(
  packed: PackedJets,
  start: number,
  stop: number,
  memory?: Float32Array,
): Jets | JetImages | undefined {
  const { kind, jetShape, hasCharge, parts } = packed;
  const size = sizeOf(jetShape);
  const from = packed.first + start;
  const to = packed.first + stop;
  const length = (to - from) * size;
  const data = memory !== undefined && memory.length >= length ? memory.subarray(0, length) : new Float32Array(length);
  const charge = hasCharge ? new Int8Array(data.length / 4) : undefined;
  try {
    const file = openNodeFile(packed.path);
    try {
      if (file.place().identity !== packed.identity) return undefined;
      for (const { rows, numbers, charges } of parts) {
        const done = readPacked(file, unpackerFor, rows, from, to, (raw, row) => {
          copyRuns(raw, rows.rowBytes, numbers, data, row - from, size);
          if (charge) copyRuns(raw, rows.rowBytes, charges, charge, row - from, size / 4);
        });
        if (done < to) return undefined;
      }
    } finally {
      file.close();
    }
  } catch (error) {
    if (isJetError(error)) return undefined;
    throw error;
  }
  return jetsOf(kind, jetShape, data, charge && { charge });
}
