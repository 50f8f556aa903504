/** @file Strict reading of history.json and of what a checkpoint tells of the epochs. */
import { type Check, finite, listOf, object, oneOf, optional, refuse, text, whole } from '@jetsdk/jets/json';
import type { EpochRecord, History } from '../fit/history.js';

const record: Check<EpochRecord> = object({
  epoch: whole(1),
  loss: finite,
  accuracy: finite,
  valLoss: finite,
  valAccuracy: finite,
  learningRate: finite,
  seconds: finite,
  waited: optional(finite),
});

/** Epochs 1, 2, … */
export const epochRecords: Check<readonly EpochRecord[]> = (value, at) => {
  const records = listOf(record)(value, at);
  for (const [i, { epoch }] of records.entries())
    if (epoch !== i + 1) refuse({ ...at, where: `${at.where}[${i}].epoch` }, epoch, String(i + 1));
  return records;
};

const fields = object({
  format: oneOf('jetsdk-history/1'),
  epochs: epochRecords,
  bestEpoch: whole(0),
  warnings: listOf(text),
});

/**
 * Checks the content of a `history.json`.
 *
 * @param value parsed JSON
 * @param where the file, for messages
 * @throws {JetError} BAD_FILE naming the key
 */
export function parseHistory(value: unknown, where: string): History {
  const history = fields(value, { where, code: 'BAD_FILE' });
  const { bestEpoch, epochs } = history;
  if (bestEpoch > epochs.length)
    refuse(
      { where: `${where}.bestEpoch`, code: 'BAD_FILE' },
      bestEpoch,
      `at most ${epochs.length}, the number of epochs`,
    );
  return history;
}
