/** @file Which options go with which format of files. */
import { JetError } from '../errors.js';
import type { FileFormat } from './format.js';

/** Options that a format has; the others have none. */
const OPTIONS: Readonly<Partial<Record<FileFormat, readonly string[]>>> = {
  hdf5: ['dataset', 'classes'],
  root: ['dataset', 'layout'],
  parquet: ['layout'],
};

/**
 * Checks that options are of a format.
 *
 * @throws {JetError} BAD_ARGUMENT
 */
export function checkOptions(path: string, format: FileFormat, options: object): void {
  const unused = Object.entries(options).flatMap(([key, value]) =>
    value === undefined || OPTIONS[format]?.includes(key) ? [] : [key],
  );
  if (unused.length === 0) return;
  const of = Object.keys(OPTIONS).filter((one) => unused.every((key) => OPTIONS[one as FileFormat]?.includes(key)));
  throw new JetError(
    'BAD_ARGUMENT',
    `${path}: option ${unused.join(', ')} for a file of format ${format}; expected with ${of.join(' or ') || 'no format'} only`,
    { options: unused, format },
  );
}
