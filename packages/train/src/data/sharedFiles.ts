/** @file Files that are given twice: jets that are learned from are not to judge what was learned. */
import { JetError } from '@jetsdk/jets';

/** A file, and what its bytes are. */
export interface HashedFile {
  readonly name: string;
  /** SHA-256, hexadecimal */
  readonly hash: string;
}

/** What a training reads. */
export interface FilesOfParts {
  readonly data: readonly HashedFile[];
  readonly validation?: readonly HashedFile[];
  readonly test?: readonly HashedFile[];
}

/**
 * Files with the same bytes in several parts of a training, whatever they are called.
 *
 * @returns a warning for each pair of parts
 * @throws {JetError} BAD_ARGUMENT if one part has the same file twice: split at random, its jets would be in all parts
 */
export function sharedFiles({ data, validation = [], test = [] }: FilesOfParts): string[] {
  for (const files of [data, validation, test]) {
    const [one, other] = firstPair(files, files) ?? [];
    if (one !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `train: ${one.name === other?.name ? `${one.name} is given twice` : `${one.name} and ${other?.name} are the same file`}; expected each once; leave one out`,
        { files: [one.name, other?.name] },
      );
  }
  const told = (files: readonly HashedFile[], others: readonly HashedFile[], which: string, then: string): string[] => {
    const [one, other] = firstPair(files, others) ?? [];
    return one === undefined
      ? []
      : [`${one.name} is ${which}${one.name === other?.name ? '' : `, as ${other?.name}`}: ${then}`];
  };
  return [
    ...told(validation, data, 'learned from', 'the epoch is chosen by jets that the network has seen'),
    ...told(test, data, 'learned from', 'it is measured on jets that it has seen'),
    ...told(test, validation, 'what chooses the epoch', 'it is measured on jets that it was chosen by'),
  ];
}

/** Two files with the same bytes, one of each list; of a list beside itself two places of it. */
function firstPair(files: readonly HashedFile[], others: readonly HashedFile[]): [HashedFile, HashedFile] | undefined {
  for (const one of files)
    for (const other of others) if (one !== other && one.hash === other.hash) return [one, other];
  return undefined;
}
