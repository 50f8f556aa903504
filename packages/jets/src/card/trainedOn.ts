/** @file Whether jets of a file took part in the training of a model. */
import { formatCount } from '../formatCount.js';
import type { CardTraining } from './card.js';

/** What jets of a file may have been in a training: jets to learn from, or jets that chose the epoch. */
export type Part = 'training' | 'validation' | undefined;

/** Hashes of the files of a training. */
const hashesOf = ({ datasetHash, files = [] }: CardTraining): readonly (string | undefined)[] => [
  datasetHash,
  ...files.map(({ hash }) => hash),
];

/** Whether a card says which files its network was trained on. */
export const knowsFiles = (training: CardTraining | undefined): training is CardTraining =>
  training !== undefined && hashesOf(training).some((hash) => hash !== undefined);

/**
 * What the jets of a file were in the training of a model.
 *
 * @param sha256 of the file, hexadecimal
 */
export function partOfFile(sha256: string, training: CardTraining | undefined): Part {
  if (!knowsFiles(training)) return undefined;
  if (hashesOf(training).includes(sha256)) return 'training';
  return training.validationHashes?.includes(sha256) ? 'validation' : undefined;
}

/** A sentence about jets of a file that took part in a training, without a full stop. */
export function partSentence(name: string, part: NonNullable<Part>, training: CardTraining): string {
  const { trainJets, validationJets, split } = training;
  const took = part === 'validation' ? 'chose the epoch in' : 'took part in';
  const counts =
    part === 'validation'
      ? formatCount(validationJets)
      : `${formatCount(trainJets)} to learn from${split === undefined ? '' : `, ${formatCount(validationJets)} to choose the epoch`}`;
  return `${name}: jets of this file ${took} the training of the model (${counts}); figures on it are too good`;
}
