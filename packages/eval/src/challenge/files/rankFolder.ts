/** @file Ranking the submissions of a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JetError } from '@jetsdk/jets';
import { openJets, readLabels } from '@jetsdk/jets/files';
import { type PublicBoard, publicBoard } from '../board/publicBoard.js';
import { type Leaderboard, type RankOptions, rank } from '../board/ranking.js';
import { parseIds } from '../entry/jetIds.js';
import { type JetList, namedJets, numberedJets } from '../entry/jetList.js';
import { completeRules, type Rules } from '../rules.js';
import { openChallenge, openSecret, requireJets, SECRET_FOLDER } from './challengeFolder.js';
import { readSubmissions, type SubmissionFolder } from './submissionFolder.js';

/** What the submissions are held against. */
export type Truth =
  /** an organiser's challenge folder */
  | { readonly challenge: string }
  /**
   * labels of any file that has some, in a column where they are not found by its name; ids where CSV submissions name
   * the jets otherwise than by row number
   */
  | { readonly labels: string; readonly labelColumn?: string; readonly ids?: string };

/** The jets that count: all, or one board of a challenge. */
export type BoardName = 'all' | 'public' | 'private';

export interface RankFolderOptions extends Omit<RankOptions, 'board'> {
  /** default: `private` where the challenge has two boards, otherwise `all` */
  readonly board?: BoardName;
}

/** Truth and submissions, read from disk. */
interface Judged extends SubmissionFolder {
  readonly labels: Uint8Array;
  /** (jets,) 1 = public board, 0 = private board */
  readonly boards: Uint8Array | undefined;
  readonly rules: Rules;
  readonly title?: string;
}

/**
 * Ranks all files of a folder. Files that cannot be read are rejected with their reason, never ranked.
 *
 * @param folder of submissions named `<group>__<network>.npy`, `.npz` or `.csv`
 * @throws {JetError} FILE_NOT_FOUND, BAD_FILE for what is not there or broken in the challenge; BAD_ARGUMENT for a board
 *   that it does not have; as `rank`
 */
export async function rankFolder(
  folder: string,
  truth: Truth,
  options: RankFolderOptions = {},
): Promise<Leaderboard & { readonly board: BoardName }> {
  const { board: asked, rules, ...rest } = options;
  const judged = await judge(folder, truth, rules);
  const board = asked ?? (judged.boards === undefined ? 'all' : 'private');
  const marks = board === 'all' ? undefined : marksOf(judged.boards, board);
  const { entries, labels } = judged;
  const ranked = rank(entries, labels, {
    ...rest,
    rules: judged.rules,
    ...(judged.title === undefined ? {} : { title: judged.title }),
    ...(marks === undefined ? {} : { board: marks }),
  });
  return { ...ranked, board, rejected: byName([...judged.rejected, ...ranked.rejected]) };
}

/**
 * The public board of a folder of submissions, guarded by the Ladder.
 *
 * @param challenge an organiser's challenge folder
 * @param step η of the Ladder, in units of AUC
 * @throws {JetError} as `rankFolder`
 */
export async function publicBoardOfFolder(folder: string, challenge: string, step: number): Promise<PublicBoard> {
  const { entries, labels, boards, rules, rejected } = await judge(folder, { challenge }, undefined);
  const shown = publicBoard(entries, labels, marksOf(boards, 'public'), { ...rules, step });
  return { ...shown, rejected: byName([...rejected, ...shown.rejected]) };
}

async function judge(folder: string, truth: Truth, rules: Partial<Rules> | undefined): Promise<Judged> {
  if ('challenge' in truth) {
    const open = openChallenge(truth.challenge);
    const { labels, board, secret } = openSecret(truth.challenge, open);
    await requireJets(open);
    const filesOf = (of: string): string[] => readdirSync(of).map((file) => join(of, file));
    const secrets = filesOf(join(truth.challenge, SECRET_FOLDER));
    const notSubmissions = [...filesOf(open.folder), ...secrets];
    return {
      ...readSubmissions(folder, open.jets, { key: secret.receiptKey, notSubmissions, secret: secrets }),
      title: open.manifest.title,
      labels,
      boards: open.manifest.publicFraction > 0 ? board : undefined,
      rules: completeRules({ ...open.manifest.rules, ...rules }),
    };
  }
  const labels = await readLabels(truth.labels, truth.labelColumn === undefined ? {} : { column: truth.labelColumn });
  const jets = await jetsOf(labels.length, truth.ids);
  const notSubmissions = [truth.labels, ...(truth.ids === undefined ? [] : [truth.ids])];
  return {
    ...readSubmissions(folder, jets, { notSubmissions }),
    labels,
    boards: undefined,
    rules: completeRules(rules),
  };
}

async function jetsOf(count: number, idsFile: string | undefined): Promise<JetList> {
  if (idsFile === undefined) return numberedJets(count);
  const ids = await readIds(idsFile);
  if (ids.length !== count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${idsFile}: ${ids.length} ids for ${count} labels; expected one of each a jet`,
      {
        ids: ids.length,
        labels: count,
      },
    );
  return namedJets(ids);
}

const HDF5_MAGIC = '\x89HDF\r\n\x1a\n';

async function readIds(path: string): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new JetError('FILE_NOT_FOUND', `${path}: cannot read the ids; check the path`, { path }, { cause });
  }
  if (bytes.subarray(0, 8).toString('latin1') !== HDF5_MAGIC) return parseIds(path, bytes);
  const source = await openJets(path);
  try {
    const ids = await source.ids?.();
    if (ids === undefined)
      throw new JetError('BAD_DATASET', `${path}: ${source.count} jets, 0 ids; expected a dataset ids`, { path });
    return ids;
  } finally {
    source.close();
  }
}

function marksOf(boards: Uint8Array | undefined, board: 'public' | 'private'): Uint8Array {
  if (boards === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `board ${board}: there is 1 board; expected a challenge made with a public fraction above 0; leave the option out`,
      { board },
    );
  return board === 'public' ? boards : boards.map((mark) => 1 - mark);
}

function byName<T extends { readonly file: string }>(list: T[]): T[] {
  return list.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}
