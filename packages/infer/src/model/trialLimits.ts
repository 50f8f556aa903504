/** @file What a model of a stranger may take while it is tried, in a process or in a worker. */
import { JetError } from '@jetsdk/jets';

/** Bytes, besides what the file itself takes. */
const MOST_MEMORY = 2 ** 30;
/** Copies of the weights that a runtime makes while it prepares them. */
const COPIES = 4;
/** To open it and to run it on jets, besides what the size of the file explains. */
const MOST_MS = 30_000;
/** Bytes a millisecond that are read and prepared at least. */
const LEAST_RATE = 20_000;

/** How a trial ends that the model does not pass. */
export interface TrialLimits {
  /** bytes */
  readonly mostMemory: number;
  readonly mostMs: number;
  tooLarge(): JetError;
  /** @param where it was tried, e.g. `a process of its own` */
  tooLong(where: string): JetError;
  notStarted(what: string, reason: string): JetError;
  stopped(): JetError;
}

/**
 * @param name of the model, for messages
 * @param bytes of its file
 * @param most milliseconds for a small file
 */
export function trialLimits(name: string, bytes: number, most = MOST_MS): TrialLimits {
  const mostMemory = MOST_MEMORY + COPIES * bytes;
  const mostMs = most + bytes / LEAST_RATE;
  const remedy = 'if you trust the file, give its sha256, and it is not tried';
  return {
    mostMemory,
    mostMs,
    tooLarge: () =>
      new JetError(
        'LIMIT_EXCEEDED',
        `${name}: takes more than ${mostMemory} bytes to open it or to run it on a jet; expected at most so many; ${remedy}`,
      ),
    tooLong: (where) =>
      new JetError(
        'LIMIT_EXCEEDED',
        `${name}: neither opened nor run on a jet within ${Math.round(mostMs / 1000)} s, in ${where}; expected less time; ${remedy}`,
      ),
    notStarted: (what, reason) =>
      new JetError(
        'DEVICE_UNAVAILABLE',
        `${name}: the ${what} that tries the model did not start (${reason}); ${remedy}`,
      ),
    stopped: () => new JetError('CANCELLED', `${name}: stopped by the caller`),
  };
}
