/** @file The thread that fetches while another waits. */
import { parentPort, workerData } from 'node:worker_threads';
import { FAILED, type RangeMemory, type RangeRequest, STATE } from './nodeRanges.js';
import { fetchAgain } from './rangeFile.js';

const { state, bytes, etag } = workerData as RangeMemory;

function answer(status: number, body: Uint8Array): void {
  bytes.set(body.subarray(0, bytes.length));
  state[STATE.status] = status;
  state[STATE.length] = Math.min(body.length, bytes.length);
  Atomics.store(state, STATE.ready, 1);
  Atomics.notify(state, STATE.ready);
}

parentPort!.on('message', async ({ url, start, end }: RangeRequest) => {
  etag.fill(0);
  try {
    const response = await fetchAgain(url, { headers: { range: `bytes=${start}-${end - 1}` } });
    if (response.status !== 206) {
      // a server that sends all of it is not waited for
      await response.body?.cancel();
      answer(response.status, new Uint8Array(0));
      return;
    }
    etag.set(new TextEncoder().encode(response.headers.get('etag') ?? '').subarray(0, etag.length));
    answer(206, new Uint8Array(await response.arrayBuffer()));
  } catch (error) {
    const { cause } = error as Error;
    answer(FAILED, new TextEncoder().encode(String((cause instanceof Error ? cause : (error as Error)).message)));
  }
});
