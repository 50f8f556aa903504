/** @file Every failure a user can act on is a `JetError`: a stable code, both numbers, a remedy. */

interface ErrorKind {
  /** of the command: 1 failed, 2 wrong usage or bad input */
  readonly exit: 1 | 2;
  /** what went wrong, in one sentence */
  readonly says: string;
}

/** Every code; messages may change, codes do not. `docs/errors.md` is made from this table. */
export const ERRORS = {
  SHAPE_MISMATCH: { exit: 2, says: 'Lengths or dimensions do not fit together.' },
  NOT_FINITE: { exit: 2, says: 'NaN or infinity stands where a finite number is needed.' },
  OUT_OF_RANGE: { exit: 2, says: 'A number lies outside the range that has a meaning.' },
  BAD_ARGUMENT: { exit: 2, says: 'An option, a flag or an argument is wrong.' },
  FILE_NOT_FOUND: { exit: 2, says: 'A file is not there, or may not be read.' },
  BAD_FILE: { exit: 2, says: 'A file is truncated, corrupt, hostile, or not what its name says.' },
  UNSUPPORTED: { exit: 2, says: 'A well-formed file, layer, key or data type is not supported.' },
  LIMIT_EXCEEDED: { exit: 2, says: 'Something is larger than the limit set against hostile input.' },
  BAD_DATASET: { exit: 2, says: 'The dataset lacks what the task needs: labels, a class, jets.' },
  DEGENERATE_METRIC: { exit: 2, says: 'A metric is not defined on these jets.' },
  BAD_MODEL: { exit: 2, says: 'A model is damaged, or cannot be used as asked.' },
  PARITY_FAILED: { exit: 1, says: 'Two runtimes disagree by more than the tolerance.' },
  DEVICE_UNAVAILABLE: { exit: 1, says: 'A device or library is not here, or does not start.' },
  TRAINING_DIVERGED: { exit: 1, says: 'The loss became NaN or infinite.' },
  CANCELLED: { exit: 1, says: "The caller's `AbortSignal` stopped it." },
  REMOTE: { exit: 1, says: 'A server answered with an error, or with something else than expected.' },
} as const satisfies Readonly<Record<string, ErrorKind>>;

/** Stable names of what went wrong. */
export type JetErrorCode = keyof typeof ERRORS;

/** The details that programs go by; others are for people. */
export interface KnownDetails {
  readonly DEGENERATE_METRIC: {
    /** what the background rejection exceeds, where no background jet passes */
    readonly lowerBound?: number;
    /** confidence level of `lowerBound` */
    readonly level?: number;
  };
  readonly DEVICE_UNAVAILABLE: {
    /** why each training backend that was tried did not start */
    readonly reasons?: readonly { readonly backend: string; readonly reason: string }[];
  };
}

/** The numbers of a message, for programs. */
export type ErrorDetails<C extends JetErrorCode> = C extends keyof KnownDetails
  ? Readonly<Record<string, unknown>> & KnownDetails[C]
  : Readonly<Record<string, unknown>>;

/**
 * The one error class of the SDK.
 *
 * Messages read `where: what, got X; expected Y; remedy`.
 */
export class JetError<C extends JetErrorCode = JetErrorCode> extends Error {
  override readonly name = 'JetError';
  readonly code: C;
  readonly details: ErrorDetails<C>;

  constructor(code: C, message: string, details?: ErrorDetails<C>, options?: { cause?: unknown }) {
    super(bounded(message), options);
    this.code = code;
    this.details = details ?? ({} as ErrorDetails<C>);
  }
}

/** Characters of a message; a longer one is cut in the middle, so that what was expected stays. */
const LONGEST = 2000;

function bounded(message: string): string {
  return message.length <= LONGEST ? message : `${message.slice(0, LONGEST / 2)}…${message.slice(1 - LONGEST / 2)}`;
}

/**
 * Checks by name, not by `instanceof`: two copies of this package may be loaded.
 *
 * @param code a `JetError` of this code; any without it
 */
export function isJetError<C extends JetErrorCode = JetErrorCode>(error: unknown, code?: C): error is JetError<C> {
  return (
    error instanceof Error &&
    error.name === 'JetError' &&
    'code' in error &&
    (code === undefined || error.code === code)
  );
}
