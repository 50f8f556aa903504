/** @file The submissions among dropped files, read as `jetsdk challenge rank` reads a folder. */
import {
  heldAgainstReceipt,
  type JetList,
  parseSubmission,
  RECEIPT_ENDING,
  type Rejected,
  type rank,
} from '@jetsdk/eval/challenge';
import { isJetError, JetError } from '@jetsdk/jets';
import { bytesOf, type Dropped, nameOf } from './dropped.js';

type Entry = Parameters<typeof rank>[0][number];

/** Hidden files and receipts are passed over; every other file is an entry, or rejected with its reason. */
export const isPassedOver = ({ path }: Dropped): boolean => /(^|\/)\./.test(path) || path.endsWith(RECEIPT_ENDING);

/**
 * @param all where the receipts are
 * @param key that receipts must be sealed with; undefined where there is no challenge
 */
export async function readEntries(
  submissions: readonly Dropped[],
  all: readonly Dropped[],
  jets: JetList,
  key: string | undefined,
): Promise<{ entries: Entry[]; rejected: Rejected[] }> {
  const receipts = all.filter(({ path }) => path.endsWith(RECEIPT_ENDING));
  const asked = key !== undefined || receipts.length > 0;
  const entries: Entry[] = [];
  const rejected: Rejected[] = [];
  for (const dropped of submissions) {
    const file = nameOf(dropped);
    try {
      const bytes = await readBounded(dropped, jets);
      const submission = parseSubmission(file, bytes, jets);
      const receipt = await receipts.find(({ path }) => path === dropped.path + RECEIPT_ENDING)?.file.text();
      const { submitted, flags } = heldAgainstReceipt(file, bytes, receipt, dropped.file.lastModified, key);
      entries.push({ ...submission, submitted, ...(asked && flags.length > 0 && { flags }) });
    } catch (error) {
      if (!isJetError(error)) throw error;
      rejected.push({ file, reason: error.message });
    }
  }
  return { entries, rejected };
}

async function readBounded(dropped: Dropped, jets: JetList): Promise<Uint8Array> {
  const limit = 1024 * jets.count + 2 ** 20;
  const { size } = dropped.file;
  if (size > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${nameOf(dropped)}: ${size} bytes; expected at most ${limit} for scores of ${jets.count} jets; send the scores alone`,
      { bytes: size, limit },
    );
  return bytesOf(dropped);
}
