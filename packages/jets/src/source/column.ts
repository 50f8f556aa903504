/** @file A column of the file that a source comes from. */
import { JetError } from '../errors.js';
import { quoted } from '../quoted.js';
import { checkBeside } from './checks.js';
import type { JetSource } from './source.js';

/**
 * One number per jet, from a column of the file.
 *
 * @returns (source.count,)
 * @throws {JetError} BAD_DATASET if the source has no such column; SHAPE_MISMATCH if it is not as long as the jets
 */
export async function columnOf(source: JetSource, name: string): Promise<Float64Array> {
  if (source.column === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${source.name}: no column ${quoted(name)}, it has jets alone; expected a table, or arrays beside the jets`,
      { column: name },
    );
  const values = await source.column(name);
  checkBeside(source.name, source.count, `numbers in column ${quoted(name)}`, values.length);
  return values;
}
