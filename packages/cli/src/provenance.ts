/** @file What the training of a model has to do with the jets of a file, and where scores come from. */
import {
  type CardTraining,
  knowsFiles,
  type ModelCard,
  maySignal,
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
 * A sentence about jets whose signal is another than the one that a model finds; undefined where it may be the same.
 *
 * @param classes of the jets, background first
 */
export function signalText(
  path: string,
  classes: readonly string[] | undefined,
  model: Pick<ModelCard, 'name' | 'classes' | 'signalClass'> | undefined,
): string | undefined {
  const signal = classes?.[1];
  if (model === undefined || signal === undefined || classes?.length !== 2 || model.classes.length !== 2)
    return undefined;
  if (maySignal(model.signalClass, signal)) return undefined;
  return `${path}: its signal is ${signal}, ${model.name} was trained to find ${model.signalClass}; judge it by jets of its own classes`;
}
