/** @file Errors as plain data, for messages between threads: what is thrown there is thrown here. */
import { isJetError, JetError, type JetErrorCode } from './errors.js';

/** An error that can be cloned. */
export interface PlainError {
  /** absent where it was no `JetError` */
  readonly code?: JetErrorCode;
  readonly message: string;
  /** of a `JetError`; what cannot be cloned is left out */
  readonly details?: Readonly<Record<string, unknown>>;
  /** where it was thrown */
  readonly stack?: string;
  readonly cause?: PlainError;
}

/** What was thrown, as plain data. */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack, cause } = error;
  const trace = {
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && { cause: plainError(cause) }),
  };
  if (!isJetError(error)) return { message, ...trace };
  const details = Object.fromEntries(Object.entries(error.details).filter(([, value]) => isCloneable(value)));
  return { code: error.code, message, details, ...trace };
}

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** The error again, with the stack of the thread that threw it. */
export function reviveError({ code, message, details = {}, stack, cause }: PlainError): Error {
  const reason = cause === undefined ? undefined : { cause: reviveError(cause) };
  const error = code === undefined ? new Error(message, reason) : new JetError(code, message, details, reason);
  if (stack !== undefined) error.stack = stack;
  return error;
}
