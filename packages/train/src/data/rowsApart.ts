/** @file The jets of a file that a model may be judged by. */
import { basename } from 'node:path';
import { type CardTraining, JetError, type JetSource, knowsFiles, type ModelCard, partOfFile } from '@jetsdk/jets';
import { fileHash } from '@jetsdk/jets/files';
import { unusedJets } from './unusedJets.js';

/**
 * The jets of a file that took no part in the training of a model, by the hash of the file, whatever it is called.
 *
 * @param path where the file is
 * @param source all its jets
 * @param training what the card of the model says
 * @returns their numbers in the file, rising; undefined for all of them, and where the card does not know its files
 * @throws {JetError} BAD_ARGUMENT if there are none; as `unusedJets`
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

/** The jets of a file that several models may be judged by together. */
export interface SharedRows {
  /** numbers in the file, rising, of the jets that took part in none of the trainings; undefined for all of them */
  readonly rows: Uint32Array | undefined;
  /** jets of the file that each training had; undefined where it had none, or does not know its files */
  readonly taken: readonly (number | undefined)[];
}

/**
 * The jets of a file that took no part in any of some trainings.
 *
 * @param path where the file is
 * @param source all its jets
 * @param trainings what the cards of the models say
 * @throws {JetError} BAD_ARGUMENT if there are none; as `rowsApart`
 */
export async function rowsApartFromAll(
  path: string,
  source: JetSource,
  trainings: readonly (CardTraining | undefined)[],
): Promise<SharedRows> {
  const each: (Uint32Array | undefined)[] = [];
  for (const training of trainings) each.push(await rowsApart(path, source, training));
  const taken = each.map((rows) => rows && source.count - rows.length);
  const [first, ...others] = each.filter((rows) => rows !== undefined);
  if (first === undefined) return { rows: undefined, taken };
  const rows = others.map((own) => new Set(own)).reduce((left, own) => left.filter((row) => own.has(row)), first);
  if (rows.length === 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `${path}: each of its ${source.count} jets took part in the training of one of the models; expected jets that did not; name another file, or train all with the same seed`,
      { path },
    );
  return { rows, taken };
}

/**
 * The jets of a file that were set apart in the training of a model on it.
 *
 * @returns their numbers in the file, rising
 * @throws {JetError} BAD_ARGUMENT if the model was not trained on the file, or does not say so; as `rowsApart`
 */
export async function testRows(
  path: string,
  source: JetSource,
  card: Pick<ModelCard, 'training'> | undefined,
): Promise<Uint32Array> {
  const rows = await rowsApart(path, source, card?.training);
  if (rows !== undefined) return rows;
  const { dataset } = card?.training ?? {};
  throw new JetError(
    'BAD_ARGUMENT',
    !knowsFiles(card?.training)
      ? `${path}: the model does not say what it was trained on; expected a card with the hash of the file; leave the option part out`
      : `${path}: the model was trained on another file, ${basename(dataset ?? '')}; expected that one; leave the option part out, all jets here are apart`,
    { path },
  );
}
