/** @file The jets of a source that a column picks. */
import { JetError } from '../errors.js';
import { quoted } from '../quoted.js';
import { columnOf } from './column.js';
import type { JetSource } from './source.js';
import { takeSource } from './take.js';

/** A column of the file that tells which jets to take. */
export interface Where {
  readonly column: string;
  readonly equals: number;
}

/**
 * The jets whose row of a column has a value, as a source; closing it closes the whole.
 *
 * @throws {JetError} BAD_DATASET if there is no such column, or no jet with the value
 */
export async function whereSource(source: JetSource, { column, equals }: Where): Promise<JetSource> {
  const values = await columnOf(source, column);
  const jets: number[] = [];
  for (let jet = 0; jet < values.length; jet++) if (values[jet] === equals) jets.push(jet);
  if (jets.length === 0)
    throw new JetError(
      'BAD_DATASET',
      `${source.name}: column ${quoted(column)} is ${equals} for 0 of ${values.length} jets; it has ${[...new Set(values)].slice(0, 8).join(', ')}`,
      { column, equals },
    );
  return takeSource(source, Uint32Array.from(jets));
}
