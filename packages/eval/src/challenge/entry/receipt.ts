/** @file The receipt that is left beside a submission: what was sent, and when, sealed with the organiser's key. */
import { canonicalJson, hmacSha256Hex, isJetError, sha256Hex } from '@jetsdk/jets';
import { type Check, object, oneOf, optional, parseJson, sha256, text } from '@jetsdk/jets/json';
import type { Rules } from '../rules.js';
import type { Flag } from './scoreFlags.js';

/** What `submit` leaves beside the file. */
export interface Receipt {
  readonly format: 'jetsdk-receipt/1';
  readonly file: string;
  readonly group: string;
  readonly network: string;
  /** of the file */
  readonly sha256: string;
  /** ISO 8601 */
  readonly submitted: string;
  /** HMAC-SHA256 of the rest with the organiser's key; absent where it was sent without the secret part */
  readonly seal?: string;
}

const receiptFields: Check<Receipt> = object({
  format: oneOf('jetsdk-receipt/1'),
  file: text,
  group: text,
  network: text,
  sha256,
  submitted: text,
  seal: optional(sha256),
});

export const RECEIPT_ENDING = '.receipt.json';

/** The receipt with its seal. @param key of the organiser; without one the receipt proves nothing */
export function sealed(receipt: Omit<Receipt, 'seal'>, key: string | undefined): Receipt {
  return key === undefined ? receipt : { ...receipt, seal: sealOf(receipt, key) };
}

function sealOf({ seal: _, ...receipt }: Receipt, key: string): string {
  return hmacSha256Hex(key, canonicalJson(receipt));
}

/** @throws {JetError} BAD_FILE */
export function receiptOf(file: string, json: string): Receipt {
  const where = `${file}${RECEIPT_ENDING}`;
  return receiptFields(parseJson(json, where), { where, code: 'BAD_FILE' });
}

/** Flags of a submission whose time and content nobody vouches for: it is ranked behind those that are vouched for. */
export const UNPROVEN: readonly Flag['code'][] = ['changed-after-receipt', 'no-receipt'];

/** When a file came, and what its receipt says against it. */
export interface Arrival {
  /** milliseconds since 1970 */
  readonly submitted: number;
  readonly flags: readonly Flag[];
}

/**
 * Holds a submission against its receipt.
 *
 * @param receipt text of the receipt; undefined where there is none
 * @param modified time of the file, milliseconds since 1970, which counts where no receipt does
 * @param key of the organiser; undefined where there is no challenge: then a receipt counts without a seal
 */
export function heldAgainstReceipt(
  file: string,
  bytes: Uint8Array,
  receipt: string | undefined,
  modified: number,
  key: string | undefined,
): Arrival {
  const doubtful = (code: Flag['code'], evidence: string): Arrival => ({
    submitted: modified,
    flags: [{ code, evidence }],
  });
  if (receipt === undefined) return doubtful('no-receipt', 'no receipt lies beside the file');
  let read: Receipt;
  try {
    read = receiptOf(file, receipt);
  } catch (error) {
    if (!isJetError(error)) throw error;
    return doubtful('no-receipt', `the receipt cannot be read: ${error.message}`);
  }
  const time = Date.parse(read.submitted);
  if (read.file !== file || Number.isNaN(time))
    return doubtful('no-receipt', 'the receipt is of another file, or has no time');
  if (key !== undefined && read.seal !== sealOf(read, key))
    return doubtful(
      'no-receipt',
      read.seal === undefined
        ? 'the receipt is not sealed: it was made without the secret part of the challenge'
        : 'the seal of the receipt is not that of the organiser: it was changed, or is of another challenge',
    );
  const hash = sha256Hex(bytes);
  if (read.sha256 !== hash)
    return doubtful(
      'changed-after-receipt',
      `SHA-256 ${hash.slice(0, 12)}…; the receipt of ${read.submitted} has ${read.sha256.slice(0, 12)}…`,
    );
  return { submitted: time, flags: [] };
}

/** When a submission came, as far as it is known. */
export interface Timed {
  readonly submitted?: number;
  readonly receipt?: boolean;
}

/** Whether receipts tell that the one came before the other: times of files can be set by whoever has them. */
export function cameBefore(a: Timed, b: Timed): boolean {
  if (a.receipt !== true || a.submitted === undefined) return false;
  return b.receipt !== true || b.submitted === undefined || a.submitted < b.submitted;
}

/** What the dates of a challenge say of a time of submission. */
export function dateFlags({ opens, deadline }: Rules, submitted: number | undefined): Flag[] {
  if (submitted === undefined) return [];
  const at = new Date(submitted).toISOString();
  if (deadline !== undefined && submitted > Date.parse(deadline))
    return [{ code: 'late', evidence: `submitted ${at}, the deadline was ${deadline}` }];
  if (opens !== undefined && submitted < Date.parse(opens))
    return [{ code: 'early', evidence: `submitted ${at}, the challenge opened ${opens}` }];
  return [];
}
