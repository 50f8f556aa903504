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
}

/** What was thrown, as plain data. */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  const trace = stack === undefined ? {} : { stack };
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
export function reviveError({ code, message, details = {}, stack }: PlainError): Error {
  const error = code === undefined ? new Error(message) : new JetError(code, message, details);
  if (stack !== undefined) error.stack = stack;
  return error;
}
