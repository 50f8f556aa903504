/** @file Runs one kernel over many chunks, on the calling thread and on helper threads over the same memory. */
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { JetError } from '@jetsdk/jets';
import { kernelFile } from './module.js';

/** The protocol of `kernels/helper.mjs`. */
interface Protocol {
  readonly TICKET: number;
  readonly DONE: number;
  readonly KERNEL: number;
  readonly ARGUMENTS: number;
  readonly SCRATCH: number;
  readonly FAILED: number;
  readonly SLEEPING: number;
  readonly CONTROL_WORDS: number;
  readonly MAX_CHUNKS: number;
  readonly MAX_ARGUMENTS: number;
  takeChunks(shared: Shared, thread: number): number;
}

type Kernel = (...values: number[]) => void;

interface Shared {
  readonly control: Int32Array;
  readonly values: Float64Array;
  readonly kernels: readonly Kernel[];
}

/** Per-thread working memory on the heap. */
export interface Scratch {
  readonly address: number;
  readonly bytes: number;
}

export interface Pool {
  readonly threads: number;
  /** runs `kernel` once for each list of arguments; with `scratch`, the thread's own part comes first */
  run(kernel: string, chunks: readonly (readonly number[])[], scratch?: Scratch): void;
  close(): void;
}

const CHECK_EVERY_MS = 1000;
const STUCK_AFTER_MS = 600_000;
const SPINS = 5000;

/**
 * Starts the helper threads.
 *
 * @param memory shared if `threads` > 1
 * @param threads at least 1, the caller included
 */
export async function kernelPool(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
): Promise<Pool> {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
  const kernels = names.map((name) => exports[name] as Kernel);
  const indexOf = (kernel: string): number => {
    const index = names.indexOf(kernel);
    if (index < 0) throw new JetError('UNSUPPORTED', `kernel ${kernel}: not in the compiled kernels; rebuild them`);
    return index;
  };
  const runHere: Pool['run'] = (kernel, chunks, scratch) => {
    const call = kernels[indexOf(kernel)];
    for (const chunk of chunks) {
      if (scratch) call(scratch.address, ...chunk);
      else call(...chunk);
    }
  };
  if (threads === 1) return { threads, run: runHere, close() {} };

  const helper = kernelFile('helper.mjs');
  const protocol: Protocol = await import(pathToFileURL(helper).href);
  const { TICKET, DONE, MAX_CHUNKS, MAX_ARGUMENTS } = protocol;
  const control = new Int32Array(new SharedArrayBuffer(4 * protocol.CONTROL_WORDS));
  const values = new Float64Array(new SharedArrayBuffer(8 * (2 + MAX_CHUNKS * MAX_ARGUMENTS)));
  const shared: Shared = { control, values, kernels };
  const workers = Array.from({ length: threads - 1 }, (_, i) => {
    const settings = { module, memory, control, values, names, thread: i + 1 };
    // Flags of the process, e.g. --input-type, need not suit a thread.
    const worker = new Worker(helper, { workerData: { jetsdkKernels: settings }, execArgv: [] });
    worker.unref();
    return worker;
  });
  let job = 0;
  return {
    threads,
    run(kernel, chunks, scratch) {
      if (chunks.length < 2) {
        runHere(kernel, chunks, scratch);
        return;
      }
      if (chunks.length > MAX_CHUNKS)
        throw new JetError(
          'LIMIT_EXCEEDED',
          `kernel ${kernel}: ${chunks.length} chunks; expected at most ${MAX_CHUNKS}`,
        );
      control[protocol.KERNEL] = indexOf(kernel);
      control[protocol.SCRATCH] = scratch ? 1 : 0;
      control[protocol.ARGUMENTS] = chunks[0].length;
      control[protocol.FAILED] = 0;
      values[0] = scratch?.address ?? 0;
      values[1] = scratch?.bytes ?? 0;
      let at = 2;
      for (const chunk of chunks) for (const value of chunk) values[at++] = value;
      Atomics.store(control, DONE, 0);
      job = (job + 1) & 0xfff;
      Atomics.store(control, TICKET, (job << 20) | (chunks.length << 10));
      // Waking is a system call: helpers that still look at the ticket need none.
      if (Atomics.load(control, protocol.SLEEPING) > 0) Atomics.notify(control, TICKET);
      protocol.takeChunks(shared, 0);
      waitForAll(control, DONE, chunks.length, kernel);
      if (Atomics.load(control, protocol.FAILED) !== 0)
        throw new JetError(
          'DEVICE_UNAVAILABLE',
          `kernel ${kernel}: failed; this is a fault of the SDK: please report it`,
        );
    },
    close() {
      for (const worker of workers) void worker.terminate();
    },
  };
}

function waitForAll(control: Int32Array, word: number, chunks: number, kernel: string): void {
  for (let i = 0; i < SPINS; i++) if (Atomics.load(control, word) === chunks) return;
  for (let waited = 0; waited < STUCK_AFTER_MS; waited += CHECK_EVERY_MS) {
    const done = Atomics.load(control, word);
    if (done === chunks) return;
    if (Atomics.wait(control, word, done, CHECK_EVERY_MS) !== 'timed-out') waited -= CHECK_EVERY_MS;
  }
  throw new JetError(
    'DEVICE_UNAVAILABLE',
    `kernel ${kernel}: helper threads gave no answer for ${STUCK_AFTER_MS / 1000} s; train with one thread`,
  );
}
