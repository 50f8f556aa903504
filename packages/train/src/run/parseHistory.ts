/** @file Strict reading of history.json and of what a checkpoint tells of the epochs. */
import { type Check, finite, listOf, object, oneOf, optional, refuse, text, whole } from '@jetsdk/jets/json';
import type { EpochLosses, EpochRecord, History } from '../fit/history.js';

const LOSSES = {
  epoch: whole(1),
  loss: finite,
  valLoss: finite,
  learningRate: finite,
  seconds: finite,
  waited: optional(finite),
};

/** Epochs 1, 2, … */
const numbered =
  <R extends EpochLosses>(record: Check<R>): Check<readonly R[]> =>
  (value, at) => {
    const records = listOf(record)(value, at);
    for (const [i, { epoch }] of records.entries())
      if (epoch !== i + 1) refuse({ ...at, where: `${at.where}[${i}].epoch` }, epoch, String(i + 1));
    return records;
  };

/** Epochs of a classifier. */
export const epochRecords: Check<readonly EpochRecord[]> = numbered(
  object({ ...LOSSES, accuracy: finite, valAccuracy: finite }),
);

/** Epochs of a regressor. */
export const epochLosses: Check<readonly EpochLosses[]> = numbered(object(LOSSES));

/**
 * Checks the content of a `history.json`.
 *
 * @param value parsed JSON
 * @param where the file, for messages
 * @throws {JetError} BAD_FILE naming the key
 */
export const parseHistory = (value: unknown, where: string): History => historyOf(epochRecords, value, where);

/** As `parseHistory`, of a regressor. @throws {JetError} BAD_FILE naming the key */
export const parseLossHistory = (value: unknown, where: string): History<EpochLosses> =>
  historyOf(epochLosses, value, where);

function historyOf<R extends EpochLosses>(epochs: Check<readonly R[]>, value: unknown, where: string): History<R> {
  const history = object({
    format: oneOf('jetsdk-history/1'),
    epochs,
    bestEpoch: whole(0),
    warnings: listOf(text),
  })(value, { where, code: 'BAD_FILE' });
  const { bestEpoch } = history;
  if (bestEpoch > history.epochs.length)
    refuse(
      { where: `${where}.bestEpoch`, code: 'BAD_FILE' },
      bestEpoch,
      `at most ${history.epochs.length}, the number of epochs`,
    );
  return history;
}
