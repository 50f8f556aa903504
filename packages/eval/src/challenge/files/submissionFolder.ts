/** @file A folder of submissions: read file by file, and added to one at a time. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isJetError, JetError, quoted, sha256Hex } from '@jetsdk/jets';
import { makeFolder, writeFileAtomically } from '@jetsdk/jets/files';
import type { Entry } from '../board/measuredEntry.js';
import { dayOf, type Rejected } from '../board/submissionOrder.js';
import { entryName, groupKey, SUBMISSION_ENDINGS } from '../entry/entryName.js';
import type { JetList } from '../entry/jetList.js';
import { dateFlags, heldAgainstReceipt, RECEIPT_ENDING, type Receipt, receiptOf, sealed } from '../entry/receipt.js';
import { type CheckedSubmission, checkSubmission, parseSubmission } from '../entry/submission.js';
import type { Rules } from '../rules.js';
import { withFolderLock } from './folderLock.js';

/** Neither follows a link nor waits for the other end of a pipe; Windows has neither. */
const STRAIGHT = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a submission from disk.
 *
 * @throws {JetError} FILE_NOT_FOUND; LIMIT_EXCEEDED if it is far larger than scores of these jets can be; BAD_FILE if it
 *   is a link, a folder or a device, or cannot be read
 */
export function readSubmissionBytes(path: string, jets: JetList): Uint8Array {
  const file = basename(path);
  try {
    if (!lstatSync(path).isFile()) throw irregular(file);
    const opened = openSync(path, STRAIGHT);
    try {
      // it may be another one by now
      const found = fstatSync(opened);
      if (!found.isFile()) throw irregular(file);
      const limit = 1024 * jets.count + 1_048_576;
      if (found.size > limit)
        throw new JetError(
          'LIMIT_EXCEEDED',
          `${file}: ${found.size} bytes; expected at most ${limit} for scores of ${jets.count} jets; send the scores alone`,
          { bytes: found.size, limit },
        );
      return readFileSync(opened);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw new JetError('FILE_NOT_FOUND', `${path}: no such file; check the path`, { path }, { cause: error });
    throw new JetError('BAD_FILE', `${file}: cannot be read (${error.message})`, { path }, { cause: error });
  }
}

const irregular = (file: string): JetError =>
  new JetError('BAD_FILE', `${file}: a link, a folder or a device; expected a regular file; send the scores`, { file });

/** The submissions of a folder that can be ranked, and the files that cannot. */
export interface SubmissionFolder {
  readonly entries: readonly Entry[];
  readonly rejected: readonly Rejected[];
}

/**
 * Reads all submissions of a folder, each held against its receipt. Hidden files and receipts are passed over; every other
 * file is an entry or rejected with its reason: links are no submissions.
 *
 * @param options.key that receipts must be sealed with; without one, as where there is no challenge, a receipt counts by
 *   itself, and is missed only where another file of the folder has one
 * @param options.notSubmissions paths that may lie in the folder but are none, such as the labels
 * @param options.secret paths of files of which no copy is a submission
 * @throws {JetError} FILE_NOT_FOUND if there is no such folder
 */
export function readSubmissions(
  folder: string,
  jets: JetList,
  options: {
    readonly key?: string;
    readonly notSubmissions?: readonly string[];
    readonly secret?: readonly string[];
  } = {},
): SubmissionFolder {
  const secrets = new Set((options.secret ?? []).map((path) => sha256Hex(readFileSync(path))));
  const others = new Set((options.notSubmissions ?? []).map(identity));
  const entries: Entry[] = [];
  const rejected: Rejected[] = [];
  const files = listFolder(folder);
  const receipts = new Map(files.map((file) => [file, readReceipt(join(folder, file))]));
  const asked = options.key !== undefined || [...receipts.values()].some((receipt) => receipt !== undefined);
  for (const file of files) {
    const path = join(folder, file);
    if (others.has(identity(path))) {
      if (options.key !== undefined) rejected.push({ file, reason: `${file}: a file of the challenge itself` });
      continue;
    }
    try {
      const bytes = readSubmissionBytes(path, jets);
      if (secrets.has(sha256Hex(bytes)))
        throw new JetError('BAD_FILE', `${file}: a copy of what the organiser keeps; send the scores`);
      const submission = parseSubmission(file, bytes, jets);
      const modified = Math.floor(lstatSync(path).mtimeMs);
      const { submitted, flags } = heldAgainstReceipt(file, bytes, receipts.get(file), modified, options.key);
      const receipt = flags.length === 0;
      entries.push({ ...submission, submitted, receipt, ...(asked && !receipt && { flags }) });
    } catch (error) {
      if (!isJetError(error)) throw error;
      rejected.push({ file, reason: error.message });
    }
  }
  return { entries, rejected };
}

/**
 * Checks a file and puts it into the folder of submissions under `<group>__<network>` with a receipt. What was interrupted
 * at any moment is finished by sending the same file again; sending again what has its receipt changes nothing.
 *
 * @param path the scores
 * @param folder made where it is missing
 * @param options.as `<group>__<network>`; default: the name of the file
 * @param options.key of the organiser, seals the receipt
 * @param options.now for the receipt
 * @returns what was sent, and the receipt
 * @throws {JetError} as `checkSubmission`; BAD_ARGUMENT if it was submitted already, before the opening, or if the group is
 *   at a limit
 */
export async function submit(
  path: string,
  folder: string,
  jets: JetList,
  rules: Rules,
  options: { readonly as?: string; readonly key?: string; readonly now?: Date } = {},
): Promise<CheckedSubmission & { readonly receipt: Receipt }> {
  const { as, key, now = new Date() } = options;
  const file = as === undefined ? basename(path) : `${as}${endingOf(path)}`;
  if (file !== basename(file) || file.startsWith('.'))
    throw new JetError('BAD_ARGUMENT', `submit: name ${quoted(file)}; expected <group>__<network> without folders`, {
      file,
    });
  const bytes = readSubmissionBytes(path, jets);
  const checked = checkSubmission(file, bytes, jets);
  const submission = { ...checked, flags: [...checked.flags, ...dateFlags(rules, now.getTime())] };
  if (submission.flags.some(({ code }) => code === 'early'))
    throw new JetError('BAD_ARGUMENT', `submit: the challenge opens ${rules.opens}; expected to wait until then`, {
      opens: rules.opens,
    });
  await makeFolder(folder);
  return withFolderLock(folder, async () => {
    const hash = sha256Hex(bytes);
    const same = listFolder(folder).filter((other) => other !== file && groupOf(other) === groupKey(checked.group));
    if (listFolder(folder).includes(file)) {
      const text = readReceipt(join(folder, file));
      if (sha256Hex(readSubmissionBytes(join(folder, file), jets)) !== hash)
        throw new JetError(
          'BAD_ARGUMENT',
          `submit: ${file} was submitted already, with other scores; give the network another name`,
          { file },
        );
      const receipt = text === undefined ? undefined : receiptOf(file, text);
      if (receipt?.sha256 === hash) return { ...checked, receipt };
    }
    requireRoom(folder, checked.group, same, rules, now);
    const receipt = sealed(
      {
        format: 'jetsdk-receipt/1',
        file,
        group: checked.group,
        network: checked.network,
        sha256: hash,
        submitted: now.toISOString(),
      },
      key,
    );
    await writeFileAtomically(join(folder, file), bytes);
    await writeFileAtomically(join(folder, file + RECEIPT_ENDING), `${JSON.stringify(receipt, null, 2)}\n`);
    return { ...submission, receipt };
  });
}

/** @throws {JetError} BAD_ARGUMENT if the group has as many other files as it may, in all or today */
function requireRoom(folder: string, group: string, others: readonly string[], rules: Rules, now: Date): void {
  const { limitPerGroup, perDay } = rules;
  if (others.length >= limitPerGroup)
    throw new JetError(
      'BAD_ARGUMENT',
      `submit: group ${group} has ${others.length} submissions; expected fewer than ${limitPerGroup}; ask the organiser to remove one`,
      { group, submissions: others.length, limit: limitPerGroup },
    );
  if (perDay === undefined) return;
  const day = dayOf(now.getTime());
  const today = others.filter((other) => (readReceipt(join(folder, other)) ?? '').includes(`"submitted": "${day}T`));
  if (today.length >= perDay)
    throw new JetError(
      'BAD_ARGUMENT',
      `submit: group ${group} has ${today.length} submissions of ${day}; expected fewer than ${perDay} per day; come back tomorrow (UTC)`,
      { group, submissions: today.length, perDay },
    );
}

function listFolder(folder: string): string[] {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory())
    throw new JetError('FILE_NOT_FOUND', `${folder}: no such folder; expected one with submissions`, { path: folder });
  const files = readdirSync(folder);
  // what `jetsdk score` writes beside scores is no submission
  const isBeside = (file: string): boolean => file.endsWith('.json') && files.includes(file.slice(0, -'.json'.length));
  return files.filter((file) => !file.startsWith('.') && !file.endsWith(RECEIPT_ENDING) && !isBeside(file)).sort();
}

/** What makes two paths the same file; links are not followed. */
function identity(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? path : `${found.dev}:${found.ino}`;
}

const MAX_RECEIPT = 65_536;

/** The text of the receipt of a file; none where it is a link or no receipt's size. */
function readReceipt(path: string): string | undefined {
  const receipt = path + RECEIPT_ENDING;
  const found = lstatSync(receipt, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size <= MAX_RECEIPT ? readFileSync(receipt, 'utf8') : undefined;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
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
