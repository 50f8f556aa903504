/** @file One signal for "stopped by the caller" and "too late". */

export interface Deadline {
  readonly signal: AbortSignal;
  /** whether the time is over */
  readonly passed: boolean;
  /** Lets go of the timer and of the caller's signal. */
  end(): void;
}

/** @param caller may outlive many deadlines, so nothing of this one stays on it */
export function deadline(ms: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, ms);
  const stop = (): void => controller.abort(caller?.reason);
  if (caller?.aborted) stop();
  else caller?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    get passed() {
      return passed;
    },
    end() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', stop);
    },
  };
}
