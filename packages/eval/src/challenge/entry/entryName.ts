/** @file Who sent a file: the group and the network, read from its name. */
import { JetError, quoted } from '@jetsdk/jets';

/** The endings a submission may have; what lies inside is told by its first bytes. */
export const SUBMISSION_ENDINGS = ['.npy', '.npz', '.csv'] as const;

/** Group and network of a submission. */
export interface EntryName {
  readonly group: string;
  readonly network: string;
}

/**
 * Reads `<group>__<network>.npy` (or `.npz`, `.csv`). A name without `__` is its own group and network.
 *
 * @param file without folders
 * @throws {JetError} UNSUPPORTED for another ending; BAD_ARGUMENT if group or network is empty
 */
export function entryName(file: string): EntryName {
  const ending = SUBMISSION_ENDINGS.find((known) => file.toLowerCase().endsWith(known));
  if (ending === undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${file}: ending ${/\.[^.]*$/.exec(file)?.[0] ?? '(none)'}; expected ${SUBMISSION_ENDINGS.join(', ')}; save the scores with numpy.save as <group>__<network>.npy`,
      { file },
    );
  const stem = file.slice(0, -ending.length);
  const cut = stem.indexOf('__');
  const group = (cut < 0 ? stem : stem.slice(0, cut)).trim();
  const network = (cut < 0 ? stem : stem.slice(cut + 2)).trim();
  if (groupKey(group) === '' || groupKey(network) === '')
    throw new JetError(
      'BAD_ARGUMENT',
      `${file}: group ${quoted(group)}, network ${quoted(network)}; expected both in <group>__<network>${ending}; rename the file`,
      { file, group, network },
    );
  return { group, network };
}

/** Has no ink, though it counts as a sign: the empty pattern of Braille, and a head of a note that is not drawn. */
const NO_INK = '\u2800\u{1d159}';
const UNSEEN = new RegExp(`[${NO_INK}\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}]`, 'gu');

/** What groups are compared by: the same group whatever its case, its spaces and characters that cannot be seen. */
export function groupKey(group: string): string {
  // capitals first: they make one of ß and ss, of σ and ς
  return group.normalize('NFKC').replace(UNSEEN, '').toUpperCase().toLowerCase().normalize('NFKC');
}
