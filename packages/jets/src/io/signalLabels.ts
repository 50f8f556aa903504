/** @file Labels of which one value is signal: numbers, names, or the columns of one-hot labels. */
import { LABEL_NAMES, labelsOfName, labelsOfSignal } from '../source/perJet.js';
import { noColumn, type OpenColumns, pickColumn } from './columns.js';

/**
 * The labels of a file, where one value of them is signal and all others are background.
 *
 * @param column of the labels; without it `labels`, `label`, …
 * @returns (n,) 0 = background, 1 = signal
 * @throws {JetError} BAD_DATASET if there is no such column, or no such label in it
 */
export async function signalLabels(opened: OpenColumns, signal: string | number, column?: string): Promise<Uint8Array> {
  const found = await pickColumn(opened, column, LABEL_NAMES);
  if (found === undefined) throw noColumn(opened.name, LABEL_NAMES[0], [], [...(await opened.columns()).keys()]);
  const name = found.name === '' ? opened.name : `${opened.name}: ${found.name}`;
  const { type, texts, read } = found.column;
  return isText(type) && texts
    ? labelsOfName(await texts(), String(signal), name)
    : labelsOfSignal(await read(), String(signal), name);
}

const isText = (type: string): boolean => ['text', 'string', 'bytes'].includes(type);
