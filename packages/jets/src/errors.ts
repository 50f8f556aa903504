/** @file Every failure a user can act on is a `JetError`: a stable code, both numbers, a remedy. */

/** Stable names of what went wrong; messages may change, codes do not. */
export type JetErrorCode =
  /** lengths or dimensions that do not fit together */
  | 'SHAPE_MISMATCH'
  /** NaN or infinity where a finite number is needed */
  | 'NOT_FINITE'
  /** a number outside the range that has a meaning */
  | 'OUT_OF_RANGE'
  /** a wrong option, flag or argument */
  | 'BAD_ARGUMENT'
  | 'FILE_NOT_FOUND'
  /** a file that is truncated, corrupt, hostile, or not what its name says */
  | 'BAD_FILE'
  /** a well-formed file, layer, key or data type that is not supported */
  | 'UNSUPPORTED'
  /** larger than the limit set against hostile input */
  | 'LIMIT_EXCEEDED'
  /** the dataset lacks what the task needs (labels, a class, jets) */
  | 'BAD_DATASET'
  /** a metric that is not defined on these jets */
  | 'DEGENERATE_METRIC'
  /** an ONNX model that cannot be used as asked */
  | 'BAD_MODEL'
  /** two runtimes disagree by more than the tolerance */
  | 'PARITY_FAILED'
  /** a device or library that is not here */
  | 'DEVICE_UNAVAILABLE'
  /** the loss became NaN or infinite */
  | 'TRAINING_DIVERGED'
  /** stopped by the caller's `AbortSignal` */
  | 'CANCELLED'
  /** a server answered with an error or with something else than expected */
  | 'REMOTE';

/**
 * The one error class of the SDK.
 *
 * Messages read `where: what, got X; expected Y; remedy`.
 */
export class JetError extends Error {
  override readonly name = 'JetError';
  readonly code: JetErrorCode;
  /** the numbers of the message, for programs */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: JetErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Checks by name, not by `instanceof`: two copies of this package may be loaded. */
export function isJetError(error: unknown): error is JetError {
  return error instanceof Error && error.name === 'JetError' && 'code' in error;
}
