/** @file Order among promises. */

/** Runs tasks one at a time, in order; a task that fails does not fail the next one. */
export function serialQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  let unfinished = 0;
  const finish = (): void => {
    unfinished--;
  };
  return (task) => {
    const result = unfinished++ === 0 ? task() : tail.then(task);
    tail = result.then(finish, finish);
    return result;
  };
}

/** Makes a thing once, on first demand; a failure is forgotten, so that the next demand tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    if (made === undefined) {
      made = make();
      made.catch(() => {
        made = undefined;
      });
    }
    return made;
  };
}
