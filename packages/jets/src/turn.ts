/** @file A pause between two pieces of work. */

/** Lets timers, signals and progress bars have their turn: long work that never waits for anything would keep them out. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve);
  });
}
