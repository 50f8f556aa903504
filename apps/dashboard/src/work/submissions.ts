/** @file The submissions among dropped files, read as `jetsdk challenge rank` reads a folder. */
import { type JetList, parseSubmission, type Rejected, type rank } from '@jetsdk/eval/challenge';
import { isJetError, JetError, sha256Hex } from '@jetsdk/jets';
import { object, parseJson, text } from '@jetsdk/jets/json';
import { bytesOf, type Dropped, nameOf } from './dropped.js';

type Entry = Parameters<typeof rank>[0][number];

const RECEIPT_ENDING = '.receipt.json';

/** Hidden files and receipts are passed over; every other file is an entry, or rejected with its reason. */
export const isPassedOver = ({ path }: Dropped): boolean => /(^|\/)\./.test(path) || path.endsWith(RECEIPT_ENDING);

/**
 * @param all where the receipts are
 */
export async function readEntries(
  submissions: readonly Dropped[],
  all: readonly Dropped[],
  jets: JetList,
): Promise<{ entries: Entry[]; rejected: Rejected[] }> {
  const entries: Entry[] = [];
  const rejected: Rejected[] = [];
  for (const dropped of submissions) {
    const file = nameOf(dropped);
    try {
      const bytes = await readBounded(dropped, jets);
      const submission = parseSubmission(file, bytes, jets);
      const receipt = all.find(({ path }) => path === dropped.path + RECEIPT_ENDING);
      const sent = receipt === undefined ? undefined : await receiptTime(receipt, bytes);
      entries.push({ ...submission, submitted: sent ?? dropped.file.lastModified });
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

/** What is read of a receipt. */
const RECEIPT = object({ sha256: text, submitted: text }, 'dropped');

/** The time in the receipt of exactly these bytes. */
async function receiptTime(receipt: Dropped, bytes: Uint8Array): Promise<number | undefined> {
  const at = { where: nameOf(receipt), code: 'BAD_FILE' } as const;
  const value = RECEIPT(parseJson(await receipt.file.text(), at.where), at);
  const time = Date.parse(value.submitted);
  return value.sha256 === sha256Hex(bytes) && Number.isFinite(time) ? time : undefined;
}
