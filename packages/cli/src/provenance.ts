/** @file What the training of a model has to do with the jets of a file, and where scores come from. */
import { basename } from 'node:path';
import {
  type CardTraining,
  JetError,
  type JetSource,
  knowsFiles,
  type ModelCard,
  type Part,
  partOfFile,
  partSentence,
} from '@jetsdk/jets';
import { fileHash } from '@jetsdk/jets/files';

/** Beside the scores: where they come from. */
export interface ScoreFacts {
  readonly format: 'jetsdk-scores/1';
  /** SHA-256 of the file of scores, hexadecimal: facts of other scores say nothing of these */
  readonly scores: string;
  readonly model: string;
  /** files whose jets were scored, in this order */
  readonly files: readonly string[];
  /** in these files */
  readonly jets: number;
  /** of the columns, where there is one for each class */
  readonly classes?: readonly string[];
  /** numbers of the jets that were scored, where it was not all of them */
  readonly rows?: readonly number[];
  /** what the jets have to do with the training of the model, where they took part in it */
  readonly warning?: string;
}

/** Where the facts about a file of scores are. */
export const factsPath = (scores: string): string => `${scores}.json`;

/** What the jets of a file were in the training of a model. */
export async function partOf(path: string, training: CardTraining | undefined): Promise<Part> {
  return knowsFiles(training) ? partOfFile(await fileHash(path), training) : undefined;
}

/** A sentence about jets of a file that took part in the training of a model; undefined where none did. */
export async function partText(path: string, card: ModelCard | undefined): Promise<string | undefined> {
  const training = card?.training;
  const part = await partOf(path, training);
  if (part === undefined || training === undefined) return undefined;
  const { split, drawSeed } = training;
  const hasApart = part === 'training' && (split !== undefined || drawSeed !== undefined);
  const remedy = hasApart ? 'judge it by other jets, or score with --part test' : 'judge it by other jets';
  return `${partSentence(path, part, training)}; ${remedy}`;
}

/**
 * The jets of a file that took no part in the training of a model.
 *
 * @returns undefined for all of them
 * @throws {JetError} BAD_ARGUMENT if there are none
 */
export async function rowsApart(
  path: string,
  source: JetSource,
  training: CardTraining | undefined,
): Promise<Uint32Array | undefined> {
  if (!knowsFiles(training)) return undefined;
  const sha256 = await fileHash(path);
  const part = partOfFile(sha256, training);
  if (part === undefined) return undefined;
  const { unusedJets } = await import('@jetsdk/train');
  const { files, rows: taken, split, drawSeed } = training;
  const byNumber = split === undefined ? drawSeed !== undefined : !('column' in split);
  if (part === 'training' && files !== undefined && (taken !== undefined || byNumber))
    throw new JetError(
      'BAD_ARGUMENT',
      `${path}: its jets were split or drawn together with those of ${files.length - 1} other files; expected a file that was split by itself, or by a column; name another file`,
      { path },
    );
  const choseEpoch = training.validationHashes?.includes(sha256) ?? false;
  const rows = choseEpoch ? new Uint32Array(0) : await unusedJets(source, training);
  if (rows.length === 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `${path}: none of its ${source.count} jets is known to have been apart from the training of ${training.network}; expected jets that were; name another file`,
      { path },
    );
  return rows;
}

/**
 * The jets of a file that were set apart in the training of a model on it.
 *
 * @throws {JetError} BAD_ARGUMENT if the model was not trained on the file, or does not say so
 */
export async function testRows(path: string, source: JetSource, card: ModelCard | undefined): Promise<Uint32Array> {
  const rows = await rowsApart(path, source, card?.training);
  if (rows !== undefined) return rows;
  const { dataset } = card?.training ?? {};
  throw new JetError(
    'BAD_ARGUMENT',
    !knowsFiles(card?.training)
      ? `${path}: the model does not say what it was trained on; expected a card with the hash of the file; leave --part out`
      : `${path}: the model was trained on another file, ${basename(dataset ?? '')}; expected that one; leave --part out, all jets here are apart`,
    { path },
  );
}
