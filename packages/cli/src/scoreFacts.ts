/** @file Facts beside scores, written and read. */
import { existsSync } from 'node:fs';
import { JetError } from '@jetsdk/jets';
import { fileHash, readTextFile, writeFileAtomically } from '@jetsdk/jets/files';
import { type Check, count, listOf, object, oneOf, optional, parseJson, sha256, text } from '@jetsdk/jets/json';
import { factsPath, type ScoreFacts } from './provenance.js';

const FACTS: Check<ScoreFacts> = object({
  format: oneOf('jetsdk-scores/1'),
  scores: sha256,
  model: text,
  files: listOf(text, 1),
  jets: count,
  classes: optional(listOf(text)),
  rows: optional(listOf(count)),
  warning: optional(text),
});

/** Writes them beside the scores. */
export async function writeFacts(path: string, facts: Omit<ScoreFacts, 'format' | 'scores'>): Promise<void> {
  const whole: ScoreFacts = { ...facts, format: 'jetsdk-scores/1', scores: await fileHash(path) };
  await writeFileAtomically(factsPath(path), `${JSON.stringify(whole)}\n`);
}

/**
 * What is known of scores.
 *
 * @returns undefined where nothing is beside them, or what is there is of other scores
 * @throws {JetError} BAD_FILE if it is damaged
 */
export async function readFacts(path: string): Promise<ScoreFacts | undefined> {
  const beside = factsPath(path);
  if (!existsSync(beside)) return undefined;
  const facts = FACTS(parseJson(readTextFile(beside), beside), { where: beside, code: 'BAD_FILE' });
  return facts.scores === (await fileHash(path)) ? facts : undefined;
}

/** Facts of several files of scores that are evaluated together. */
export interface SharedFacts {
  /** numbers of the jets that were scored, where it was not all */
  readonly rows: readonly number[] | undefined;
  /** in the files that these are of */
  readonly jets: number;
  /** of the columns, where all tell the same */
  readonly classes: readonly string[] | undefined;
  /** one for each file of scores whose jets took part in the training of its model */
  readonly warnings: readonly { readonly scores: string; readonly message: string }[];
}

/**
 * What is known of all of them.
 *
 * @throws {JetError} BAD_ARGUMENT if they are known to be of different jets
 */
export async function sharedFacts(paths: readonly string[]): Promise<SharedFacts> {
  const all = await Promise.all(paths.map(async (path) => ({ path, facts: await readFacts(path) })));
  const [first] = all;
  const rows = first?.facts?.rows;
  for (const { path, facts } of all)
    if (facts?.rows?.join() !== rows?.join())
      throw new JetError(
        'BAD_ARGUMENT',
        `eval: ${first?.path} and ${path} are scores of different jets: ${countOf(first?.facts)} and ${countOf(facts)}; expected the same; score the same part, or use jetsdk compare`,
      );
  const warnings = all.flatMap(({ path, facts }) =>
    facts?.warning === undefined ? [] : [{ scores: path, message: facts.warning }],
  );
  const [classes, ...others] = all.map(({ facts }) => facts?.classes);
  const same = others.every((names) => names?.join('\0') === classes?.join('\0'));
  return { rows, jets: first?.facts?.jets ?? 0, classes: same ? classes : undefined, warnings };
}

const countOf = (facts: ScoreFacts | undefined): string =>
  facts?.rows === undefined ? 'all' : `${facts.rows.length} of ${facts.jets}`;

/** Numbers of the jets that were scored, out of those of all jets; as they are where there are as many as scores. */
export function ofScored<T extends ArrayLike<number>>(values: T, { rows, jets }: SharedFacts): T {
  if (rows === undefined || values.length !== jets) return values;
  const Kind = values.constructor as new (count: number) => T & { [index: number]: number };
  const chosen = new Kind(rows.length);
  rows.forEach((row, i) => {
    chosen[i] = values[row];
  });
  return chosen;
}
