/** @file A thread that ends its process when that takes too much memory, or when nobody waits for it any more. */
import { parentPort, workerData } from 'node:worker_threads';

/** In this time a process touches some ten megabytes more. */
const EVERY_MS = 5;

const { mostMemory, parent } = workerData as { readonly mostMemory: number; readonly parent: number };

setInterval(() => {
  // what opens a model may not come back to its event loop for as long as it likes
  if (process.memoryUsage.rss() > mostMemory || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, EVERY_MS);
parentPort!.postMessage('watching');
