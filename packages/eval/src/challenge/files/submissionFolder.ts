/** @file A folder of submissions: read file by file, and added to one at a time. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isJetError, JetError, sha256Hex } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { object, parseJson, text } from '@jetsdk/jets/json';
import type { Entry } from '../board/measuredEntry.js';
import type { Rejected } from '../board/submissionOrder.js';
import { entryName, groupKey, SUBMISSION_ENDINGS } from '../entry/entryName.js';
import type { JetList } from '../entry/jetList.js';
import { type CheckedSubmission, checkSubmission, parseSubmission } from '../entry/submission.js';
import type { Rules } from '../rules.js';

/** What `submit` leaves beside the file. */
export interface Receipt {
  readonly format: 'jetsdk-receipt/1';
  readonly file: string;
  readonly group: string;
  readonly network: string;
  readonly sha256: string;
  /** ISO 8601 */
  readonly submitted: string;
}

const RECEIPT_ENDING = '.receipt.json';

/**
 * Reads a submission from disk.
 *
 * @throws {JetError} FILE_NOT_FOUND; LIMIT_EXCEEDED if it is far larger than scores of these jets can be; BAD_FILE if it
 *   is no file
 */
export function readSubmissionBytes(path: string, jets: JetList): Uint8Array {
  const found = statSync(path, { throwIfNoEntry: false });
  const file = basename(path);
  if (found === undefined) throw new JetError('FILE_NOT_FOUND', `${path}: no such file; check the path`, { path });
  if (!found.isFile()) throw new JetError('BAD_FILE', `${file}: no file; expected <group>__<network>.npy`, { path });
  const limit = 1024 * jets.count + 1_048_576;
  if (found.size > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${file}: ${found.size} bytes; expected at most ${limit} for scores of ${jets.count} jets; send the scores alone`,
      { bytes: found.size, limit },
    );
  return readFileSync(path);
}

/** The submissions of a folder that can be ranked, and the files that cannot. */
export interface SubmissionFolder {
  readonly entries: readonly Entry[];
  readonly rejected: readonly Rejected[];
}

/**
 * Reads all submissions of a folder. The time of a submission is that of its receipt, or else that of the file.
 * Hidden files and receipts are passed over; every other file is an entry or rejected with its reason.
 *
 * @param notSubmissions paths that may lie in the folder but are none, such as the labels
 * @throws {JetError} FILE_NOT_FOUND if there is no such folder
 */
export function readSubmissions(
  folder: string,
  jets: JetList,
  notSubmissions: readonly string[] = [],
): SubmissionFolder {
  const others = new Set(notSubmissions.map(identity));
  const entries: Entry[] = [];
  const rejected: Rejected[] = [];
  for (const file of listFolder(folder)) {
    const path = join(folder, file);
    if (others.has(identity(path))) continue;
    try {
      const bytes = readSubmissionBytes(path, jets);
      const submission = parseSubmission(file, bytes, jets);
      entries.push({ ...submission, submitted: receiptTime(path, bytes) ?? Math.floor(statSync(path).mtimeMs) });
    } catch (error) {
      if (!isJetError(error)) throw error;
      rejected.push({ file, reason: error.message });
    }
  }
  return { entries, rejected };
}

/**
 * Checks a file and puts it into the folder of submissions under `<group>__<network>` with a receipt.
 *
 * @param path the scores
 * @param folder made where it is missing
 * @param options.as `<group>__<network>`; default: the name of the file
 * @param options.now for the receipt
 * @returns what was sent, and the receipt
 * @throws {JetError} as `checkSubmission`; BAD_ARGUMENT if it was submitted already or the group is at its limit
 */
export async function submit(
  path: string,
  folder: string,
  jets: JetList,
  rules: Rules,
  options: { readonly as?: string; readonly now?: Date } = {},
): Promise<CheckedSubmission & { readonly receipt: Receipt }> {
  const { as, now = new Date() } = options;
  const file = as === undefined ? basename(path) : `${as}${endingOf(path)}`;
  if (file !== basename(file) || file.startsWith('.'))
    throw new JetError(
      'BAD_ARGUMENT',
      `submit: name ${JSON.stringify(file)}; expected <group>__<network> without folders`,
      {
        file,
      },
    );
  const bytes = readSubmissionBytes(path, jets);
  const submission = checkSubmission(file, bytes, jets);
  mkdirSync(folder, { recursive: true });
  const same = listFolder(folder).filter((other) => groupOf(other) === groupKey(submission.group));
  if (same.includes(file))
    throw new JetError('BAD_ARGUMENT', `submit: ${file} was submitted already; give the network another name`, {
      file,
    });
  if (same.length >= rules.limitPerGroup)
    throw new JetError(
      'BAD_ARGUMENT',
      `submit: group ${submission.group} has ${same.length} submissions; expected fewer than ${rules.limitPerGroup}; ask the organiser to remove one`,
      { group: submission.group, submissions: same.length, limit: rules.limitPerGroup },
    );
  const receipt: Receipt = {
    format: 'jetsdk-receipt/1',
    file,
    group: submission.group,
    network: submission.network,
    sha256: sha256Hex(bytes),
    submitted: now.toISOString(),
  };
  await writeFileAtomically(join(folder, file), bytes);
  await writeFileAtomically(join(folder, file + RECEIPT_ENDING), `${JSON.stringify(receipt, null, 2)}\n`);
  return { ...submission, receipt };
}

function listFolder(folder: string): string[] {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory())
    throw new JetError('FILE_NOT_FOUND', `${folder}: no such folder; expected one with submissions`, { path: folder });
  return readdirSync(folder)
    .filter((file) => !file.startsWith('.') && !file.endsWith(RECEIPT_ENDING))
    .sort();
}

/** What makes two paths the same file. */
function identity(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? path : `${found.dev}:${found.ino}`;
}

function endingOf(path: string): string {
  return SUBMISSION_ENDINGS.find((ending) => path.toLowerCase().endsWith(ending)) ?? '';
}

function groupOf(file: string): string | undefined {
  try {
    return groupKey(entryName(file).group);
  } catch (error) {
    if (isJetError(error)) return undefined;
    throw error;
  }
}

/** What is read of a receipt. */
const RECEIPT = object({ sha256: text, submitted: text }, 'dropped');

/** The time in the receipt of exactly these bytes. */
function receiptTime(path: string, bytes: Uint8Array): number | undefined {
  const receipt = path + RECEIPT_ENDING;
  if (statSync(receipt, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const at = { where: basename(receipt), code: 'BAD_FILE' } as const;
  const value = RECEIPT(parseJson(readFileSync(receipt, 'utf8'), at.where), at);
  const time = Date.parse(value.submitted);
  return value.sha256 === sha256Hex(bytes) && Number.isFinite(time) ? time : undefined;
}
