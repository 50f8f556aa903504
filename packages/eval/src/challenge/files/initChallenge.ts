/** @file Making a challenge of labelled jets. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { chmod, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  anonymousSource,
  hmacSha256Hex,
  JetError,
  type JetSource,
  random,
  SDK_VERSION,
  takeSource,
} from '@jetsdk/jets';
import { fileHash, makeFolder, writeFileAtomically, writeJets } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import {
  announcedHash,
  type ChallengeManifest,
  type ChallengeSecret,
  type HashedFile,
  planChallenge,
} from '../manifest.js';
import { completeRules, type Rules } from '../rules.js';
import { MANIFEST_FILE, PUBLIC_FOLDER, SECRET_FILE, SECRET_FOLDER, SUBMISSIONS_FOLDER } from './challengeFolder.js';
import { challengeReadme, EXAMPLE_ENTRY } from './challengeReadme.js';
import { isAlive } from './folderLock.js';

export interface InitOptions {
  /** default: the name of the folder */
  readonly name?: string;
  /** for people; default: the name */
  readonly title?: string;
  /** any text, kept in the secret part; default: 128 random bits. A short one can be guessed, and the shuffle undone. */
  readonly seed?: string;
  /** share of each class on the public board, in [0, 1); default 0.3 */
  readonly publicFraction?: number;
  readonly rules?: Partial<Rules>;
}

const PUBLIC_FRACTION = 0.3;
const ONLY_OWNER = 0o700;
/** Bytes of jets put in order at a time: the dataset is read once for each such block. */
const BLOCK_BYTES = 2 ** 29;

/**
 * Makes a challenge folder: `public/` with the jets in shuffled order under new ids, the
 * rules, a README and an example entry, `secret/` with labels,
 * boards and seed, which other users of the machine cannot read, `submissions/` empty. The folder appears whole or not at all.
 *
 * @param folder new, or empty
 * @param source with labels; not closed
 * @throws {JetError} BAD_ARGUMENT if the folder is not empty; BAD_DATASET if there are no labels or too few jets of a
 *   class; as `completeRules`
 */
export async function initChallenge(
  folder: string,
  source: JetSource,
  options: InitOptions = {},
): Promise<ChallengeManifest> {
  const {
    name = basename(resolve(folder)),
    title = name,
    seed = randomBytes(16).toString('hex'),
    publicFraction = PUBLIC_FRACTION,
  } = options;
  const rules = completeRules(options.rules);
  const found = existsSync(folder) ? readdirSync(folder).length : 0;
  if (found > 0)
    throw new JetError('BAD_ARGUMENT', `${folder}: ${found} entries in it; expected a new or an empty folder`, {
      folder,
      entries: found,
    });
  const labels = await source.labels();
  if (labels === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${source.name}: ${source.count} jets, 0 labels; a challenge needs labelled jets`,
      {
        jets: source.count,
        labels: 0,
      },
    );
  const plan = planChallenge(labels, seed, publicFraction);

  await makeFolder(dirname(resolve(folder)));
  const place = dirname(resolve(folder));
  await removeLeftOvers(place, basename(resolve(folder)));
  const work = join(place, `.${basename(resolve(folder))}.${process.pid}.${randomBytes(6).toString('hex')}.part`);
  const removeNow = (): void => rmSync(work, { recursive: true, force: true });
  process.once('exit', removeNow);
  try {
    for (const part of [PUBLIC_FOLDER, SECRET_FOLDER, SUBMISSIONS_FOLDER]) await makeFolder(join(work, part));
    await chmod(join(work, SECRET_FOLDER), ONLY_OWNER);
    const write = async (part: string, file: string, content: Uint8Array | string): Promise<HashedFile> => {
      await writeFileAtomically(join(work, part, file), content);
      return { file, sha256: await fileHash(join(work, part, file)) };
    };
    const labelsFile = await write(SECRET_FOLDER, 'labels.npy', marks(plan.labels));
    const boardFile = await write(SECRET_FOLDER, 'board.npy', marks(plan.board));
    const jetsFile = join(work, PUBLIC_FOLDER, 'jets.h5');
    const shuffled = takeSource(source, plan.order, { blockBytes: BLOCK_BYTES });
    await writeJets(jetsFile, anonymousSource(shuffled, plan.ids));
    const told: Omit<ChallengeManifest, 'commitment'> = {
      format: 'jetsdk-challenge/1',
      name,
      title,
      count: source.count,
      kind: source.kind,
      jetShape: source.jetShape,
      jets: { file: 'jets.h5', sha256: await fileHash(jetsFile) },
      ids: await write(PUBLIC_FOLDER, 'ids.csv', `id\n${plan.ids.join('\n')}\n`),
      rules,
      publicFraction,
      sdkVersion: SDK_VERSION,
    };
    const secret: ChallengeSecret = {
      format: 'jetsdk-challenge-secret/1',
      seed,
      source: source.name,
      receiptKey: hmacSha256Hex(options.seed ?? randomBytes(32).toString('hex'), 'receipts'),
      announced: announcedHash(told),
      labels: labelsFile,
      board: boardFile,
    };
    const { sha256: commitment } = await write(SECRET_FOLDER, SECRET_FILE, json(secret));
    const manifest: ChallengeManifest = { ...told, commitment };
    await write(PUBLIC_FOLDER, MANIFEST_FILE, json(manifest));
    await write(PUBLIC_FOLDER, 'README.md', challengeReadme(manifest));
    const { uniform } = random(1);
    const guess = Float32Array.from({ length: source.count }, () => uniform());
    await write(PUBLIC_FOLDER, EXAMPLE_ENTRY, writeNpy({ dtype: 'float32', shape: [source.count], data: guess }));
    if (existsSync(folder)) await rmdir(folder);
    await rename(work, folder);
    return manifest;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')))
      throw error;
    throw new JetError('BAD_ARGUMENT', `${folder}: another process made it meanwhile; expected a new folder`, {
      folder,
    });
  } finally {
    process.off('exit', removeNow);
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes what processes of this machine that are gone left of the same challenge: labels may be in it. */
async function removeLeftOvers(place: string, name: string): Promise<void> {
  for (const file of readdirSync(place)) {
    const rest = file.startsWith(`.${name}.`) ? /^(\d+)\.[0-9a-f]{12}\.part$/.exec(file.slice(name.length + 2)) : null;
    if (rest !== null && !isAlive(Number(rest[1]))) await rm(join(place, file), { recursive: true, force: true });
  }
}

const marks = (data: Uint8Array): Uint8Array => writeNpy({ dtype: 'uint8', shape: [data.length], data });
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
