/** @file Jets of a file of any format. */
import { requireList } from '../door.js';
import { concatSources } from '../source/concat.js';
import { sliceSource } from '../source/sliceSource.js';
import type { JetSource } from '../source/source.js';
import type { OpenJetsOptions } from './format.js';
import type { FileInput } from './host.js';
import { openAny } from './open.js';

/**
 * Opens the jets of an HDF5, `.npy`, `.npz`, ROOT or Parquet file, told apart by what is in it. All are read by slices,
 * but `.npz`, which are read whole. Of a file on a server only what is asked for is fetched, where the server answers with
 * ranges, else all of it. ROOT needs the package `jsroot`.
 *
 * @param input a path, an address (`https://…`, also as a `URL`) or a `File`; in a page a path is an address, and files
 *   are read by slices in a worker, elsewhere whole. In Node the calling thread waits for the server: it must not be the one that serves the file
 * @throws {JetError} FILE_NOT_FOUND; REMOTE; BAD_FILE if it is truncated, corrupt or of another format; BAD_DATASET if
 *   there are no jets in it; BAD_ARGUMENT for an option that the format does not have; UNSUPPORTED; LIMIT_EXCEEDED.
 *   `read` throws NOT_FINITE for NaN
 */
export async function openJets(input: FileInput, options: OpenJetsOptions = {}): Promise<JetSource> {
  const opened = await openAny(input, options);
  try {
    return sliceSource(await opened.jets(), () => opened.close(), options.padding);
  } catch (error) {
    opened.close();
    throw error;
  }
}

/**
 * Opens the jets of several files, one after the other, as `openJets` does each.
 *
 * @throws {JetError} as `openJets` and `concatSources`, naming the file that does not fit the first
 */
export async function openAllJets(inputs: readonly FileInput[], options: OpenJetsOptions = {}): Promise<JetSource> {
  requireList('openAllJets', inputs, 'a list of paths or files; openJets opens one');
  const sources: JetSource[] = [];
  try {
    for (const input of inputs) sources.push(await openJets(input, options));
    return sources.length === 1 ? sources[0] : await concatSources(sources);
  } catch (error) {
    for (const source of sources) source.close();
    throw error;
  }
}
