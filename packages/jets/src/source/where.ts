/** @file The jets of a source that a column picks. */

import { counted } from '../counted.js';
import { requireMembers } from '../door.js';
import { JetError } from '../errors.js';
import { quoted } from '../quoted.js';
import { requireSource } from './checks.js';
import { columnOf } from './column.js';
import type { JetSource } from './source.js';
import { takeSource } from './take.js';

/** A column of the file that tells which jets to take. */
export interface Where {
  readonly column: string;
  readonly equals: number;
}

/**
 * Numbers of the jets whose row of a column has a value.
 *
 * @param name of the jets, for messages
 * @param values (jets,) the column
 * @throws {JetError} BAD_DATASET if no jet has the value
 */
export function rowsWhere(name: string, values: ArrayLike<number>, { column, equals }: Where): Uint32Array {
  let count = 0;
  for (let jet = 0; jet < values.length; jet++) if (values[jet] === equals) count++;
  if (count === 0)
    throw new JetError(
      'BAD_DATASET',
      `${name}: column ${quoted(column)} is ${equals} for 0 of ${counted(values.length, 'jet')}; it has ${[...new Set(Array.from(values))].slice(0, 8).join(', ')}`,
      { column, equals },
    );
  const jets = new Uint32Array(count);
  for (let jet = 0, at = 0; jet < values.length; jet++) if (values[jet] === equals) jets[at++] = jet;
  return jets;
}

/**
 * The jets whose row of a column has a value, as a source; closing it closes the whole.
 *
 * @throws {JetError} BAD_DATASET if there is no such column, or no jet with the value
 */
export async function whereSource(source: JetSource, where: Where): Promise<JetSource> {
  requireSource('whereSource', source);
  requireMembers(
    'whereSource',
    where,
    ['column', 'equals'],
    '{ column, equals }, such as { column: "labels", equals: 1 }',
  );
  return takeSource(source, rowsWhere(source.name, await columnOf(source, where.column), where));
}
