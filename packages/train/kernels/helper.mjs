// The threads of the kernels: chunks of one job are taken one by one from a shared ticket by the
// main thread and by helper threads. Which thread runs a chunk does not change its result.
import { isMainThread, workerData } from 'node:worker_threads';

/** Words of the control array. The ticket is job (12 bits) | chunks (10 bits) | next chunk (10 bits). */
export const TICKET = 0;
export const DONE = 1;
export const KERNEL = 2;
export const ARGUMENTS = 3;
export const SCRATCH = 4;
export const FAILED = 5;
export const SLEEPING = 6;
export const CONTROL_WORDS = 16;
export const MAX_CHUNKS = 1023;
export const MAX_ARGUMENTS = 32;

/**
 * Runs chunks of the posted job until none is left.
 *
 * @param {{control: Int32Array, values: Float64Array, kernels: readonly ((...values: number[]) => void)[]}} shared
 *   `values`: scratch address and bytes a thread, then the arguments of chunk after chunk
 * @param {number} thread 0 for the main thread
 * @returns {number} the ticket when nothing was left
 */
export function takeChunks({ control, values, kernels }, thread) {
  for (;;) {
    const ticket = Atomics.load(control, TICKET);
    const chunk = ticket & MAX_CHUNKS;
    const chunks = (ticket >>> 10) & MAX_CHUNKS;
    if (chunk >= chunks) return ticket;
    if (Atomics.compareExchange(control, TICKET, ticket, ticket + 1) !== ticket) continue;
    const count = control[ARGUMENTS];
    const start = 2 + chunk * count;
    const given = values.subarray(start, start + count);
    try {
      if (control[SCRATCH]) kernels[control[KERNEL]](values[0] + thread * values[1], ...given);
      else kernels[control[KERNEL]](...given);
    } catch {
      Atomics.store(control, FAILED, 1);
    }
    if (Atomics.add(control, DONE, 1) + 1 === chunks) Atomics.notify(control, DONE);
  }
}

/** Loads of the ticket before a helper goes to sleep: about the time between two kernels. */
const SPINS = 50000;

if (!isMainThread && workerData?.jetsdkKernels) {
  const { module, memory, control, values, names, thread } = workerData.jetsdkKernels;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const shared = { control, values, kernels: names.map((name) => exports[name]) };
  for (;;) {
    const seen = takeChunks(shared, thread);
    let spins = 0;
    while (Atomics.load(control, TICKET) === seen)
      if (++spins > SPINS) {
        Atomics.add(control, SLEEPING, 1);
        Atomics.wait(control, TICKET, seen);
        Atomics.sub(control, SLEEPING, 1);
        spins = 0;
      }
  }
}
