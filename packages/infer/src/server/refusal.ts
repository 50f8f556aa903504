/** @file Errors as the protocol answers them. */
import { isJetError, JetError, type JetErrorCode } from '@jetsdk/jets';

/** An error that is answered with that HTTP status. */
export function refusal(status: number, code: JetErrorCode, message: string): JetError {
  return new JetError(code, message, { status });
}

const STATUSES: Partial<Record<JetErrorCode, number>> = {
  SHAPE_MISMATCH: 400,
  NOT_FINITE: 400,
  OUT_OF_RANGE: 400,
  BAD_ARGUMENT: 400,
  BAD_DATASET: 400,
  UNSUPPORTED: 400,
  LIMIT_EXCEEDED: 413,
};

/** Seconds after which a client may try again. */
const RETRY_AFTER = '1';

/** @returns undefined for failures of the server, about which strangers are told nothing */
export function statusOf(error: unknown): number | undefined {
  if (!isJetError(error)) return undefined;
  const { status } = error.details;
  return typeof status === 'number' ? status : STATUSES[error.code];
}

/** The protocol's error object; `code` is an addition of ours that other clients ignore. */
export function errorResponse(error: unknown): Response {
  const status = statusOf(error);
  const body =
    status === undefined || !isJetError(error)
      ? { error: 'the server failed; its log says more' }
      : { error: error.message, code: error.code };
  return Response.json(body, {
    status: status ?? 500,
    headers: status === 503 ? { 'retry-after': RETRY_AFTER } : {},
  });
}
