/** @file Writes jets in our compact HDF5 layout. */
import { JetError } from '../errors.js';
import { BESIDE, type JetImages, type Jets } from '../jets.js';
import type { Progress } from '../progress.js';
import { checkBeside } from '../source/checks.js';
import { memorySource } from '../source/memory.js';
import type { JetSource } from '../source/source.js';
import { turn } from '../turn.js';
import { writeFileAtomically } from './bytes/atomicFile.js';
import { binaryFile } from './bytes/nodeFile.js';
import { createH5, type H5NewDataset, type H5Writer } from './hdf5/write.js';

const CHUNK_BYTES = 2 ** 18;
const BLOCK_BYTES = 2 ** 24;

/** What goes into the file beside jets and labels. */
export interface WriteJetsOptions {
  /** (n,) 0 = background, 1 = signal; default: those of the source */
  readonly labels?: Uint8Array;
  /** (n,) names of the jets; default: those of the source */
  readonly ids?: readonly string[];
  /** @param progress counts jets */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Writes an HDF5 file with the dataset `constituents` (n, m, 4) or `images` (n, h, w, c) float32 and, where there are
 * any, `labels` (n) uint8, `charge` and `vertex` (n, m) int8 and `ids` (n) UTF-8; chunked, gzip level 6. A source is read in blocks.
 * The file appears whole or not at all.
 *
 * @throws {JetError} SHAPE_MISMATCH if there are not as many labels or ids as jets; FILE_NOT_FOUND, BAD_FILE or
 *   BAD_ARGUMENT if the file cannot be written; whatever the source throws
 */
export async function writeJets(
  path: string,
  jets: Jets | JetImages | JetSource,
  options: WriteJetsOptions = {},
): Promise<void> {
  const source = 'read' in jets ? jets : memorySource(jets);
  const allLabels = options.labels ?? (await source.labels());
  const ids = options.ids ?? (await source.ids?.());
  checkBeside(path, source.count, 'labels', allLabels?.length);
  checkBeside(path, source.count, 'ids', ids?.length);
  await writeFileAtomically(path, async (handle) => {
    const file = await createH5(binaryFile(handle.fd, path));
    try {
      await copyJets(source, file, options.onProgress);
      if (allLabels) file.append(column('labels', 'uint8', 1, source.count), source.count, allLabels);
      if (ids) {
        const { bytes, width } = encodeIds(path, ids);
        file.append(column('ids', 'string', width, source.count), source.count, bytes);
      }
    } finally {
      file.close();
    }
  });
}

function chunkRows(rowBytes: number, count: number): number {
  return Math.max(1, Math.min(count, Math.floor(CHUNK_BYTES / rowBytes)));
}

function column(name: string, type: 'uint8' | 'string', elementBytes: number, count: number): H5NewDataset {
  return { name, type, elementBytes, rowShape: [], chunkRows: chunkRows(elementBytes, count) };
}

async function copyJets(source: JetSource, file: H5Writer, onProgress: WriteJetsOptions['onProgress']): Promise<void> {
  const { kind, count, jetShape } = source;
  const rowBytes = jetShape.reduce((a, b) => a * b, 4);
  const rows = chunkRows(rowBytes, count);
  const block = rows * Math.max(1, Math.floor(BLOCK_BYTES / (rows * rowBytes)));
  const jets: H5NewDataset = { name: kind, type: 'float32', rowShape: jetShape, chunkRows: rows };
  for (let start = 0; start === 0 || start < count; start += block) {
    const stop = Math.min(count, start + block);
    const part = await source.read(start, stop);
    file.append(jets, stop - start, bytesOf(part.data));
    if (part.kind === 'constituents')
      for (const name of BESIDE) {
        const numbers = part[name];
        const dataset: H5NewDataset = { name, type: 'int8', rowShape: jetShape.slice(0, 1), chunkRows: rows };
        if (numbers) file.append(dataset, stop - start, bytesOf(numbers));
      }
    onProgress?.({ done: stop, total: count });
    await turn();
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function encodeIds(path: string, ids: readonly string[]): { bytes: Uint8Array; width: number } {
  const encoder = new TextEncoder();
  const encoded = ids.map((id) => encoder.encode(id));
  const width = encoded.reduce((most, { length }) => Math.max(most, length), 1);
  const bytes = new Uint8Array(width * ids.length);
  for (const [i, id] of encoded.entries()) {
    if (id.includes(0))
      throw new JetError('OUT_OF_RANGE', `${path}: id ${i} holds a zero character; remove it`, { index: i });
    bytes.set(id, i * width);
  }
  return { bytes, width };
}
