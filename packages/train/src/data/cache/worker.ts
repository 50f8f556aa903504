/** @file The inside of the thread that reads batches while the step before them is computed. */
import { parentPort, workerData } from 'node:worker_threads';
import { plainError } from '@jetsdk/jets';
import { changed } from '../inputs.js';
import { type RecordFile, type RecordReader, recordReader } from './recordReader.js';
import type { Answer, Question } from './rowThread.js';

const port = parentPort!;
const file = workerData as RecordFile;
let read: RecordReader | undefined;

port.on('message', ({ call, rows, change, memory }: Question) => {
  try {
    read ??= recordReader(file);
    const batch = changed(read(rows, memory), file.shape, change);
    port.postMessage({ call, batch } satisfies Answer, [batch.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ call, error: plainError(error) } satisfies Answer);
  }
});
