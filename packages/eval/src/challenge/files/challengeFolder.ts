/** @file A challenge folder on disk: `public/` to hand out, `secret/` to keep, `submissions/` to fill. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JetError, sha256Hex } from '@jetsdk/jets';
import { fileHash, readTextFile } from '@jetsdk/jets/files';
import { readNpy } from '@jetsdk/jets/npy';
import { parseIds } from '../entry/jetIds.js';
import { type JetList, namedJets } from '../entry/jetList.js';
import {
  announcedHash,
  type ChallengeManifest,
  type ChallengeSecret,
  type HashedFile,
  parseManifest,
  parseSecret,
} from '../manifest.js';

export const PUBLIC_FOLDER = 'public';
export const SECRET_FOLDER = 'secret';
export const SUBMISSIONS_FOLDER = 'submissions';
export const MANIFEST_FILE = 'challenge.json';
export const SECRET_FILE = 'secret.json';

/** What a participant has. */
export interface PublicChallenge {
  readonly folder: string;
  readonly manifest: ChallengeManifest;
  readonly jets: JetList;
}

/** What the organiser has besides. */
export interface SecretChallenge {
  readonly secret: ChallengeSecret;
  /** (jets,) 0 = background, 1 = signal */
  readonly labels: Uint8Array;
  /** (jets,) 1 = public board, 0 = private board */
  readonly board: Uint8Array;
}

/**
 * Opens the public part of a challenge, in its own folder or in that of the organiser; the jets themselves are not read.
 *
 * @throws {JetError} FILE_NOT_FOUND if it is no challenge; BAD_FILE if a file was changed since the challenge was made
 */
export function openChallenge(path: string): PublicChallenge {
  const folder = existsSync(join(path, MANIFEST_FILE)) ? path : join(path, PUBLIC_FOLDER);
  const file = join(folder, MANIFEST_FILE);
  if (!existsSync(file))
    throw new JetError(
      'FILE_NOT_FOUND',
      `${path}: no ${MANIFEST_FILE} in it; expected a folder that challenge init made`,
      {
        path,
      },
    );
  const manifest = parseManifest(file, readTextFile(file));
  const ids = parseIds(join(folder, manifest.ids.file), readHashed(folder, manifest.ids));
  if (ids.length !== manifest.count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${folder}: ${ids.length} ids; expected ${manifest.count} as ${MANIFEST_FILE} says`,
      {
        ids: ids.length,
        expected: manifest.count,
      },
    );
  return { folder, manifest, jets: namedJets(ids) };
}

/**
 * Opens the organiser's part.
 *
 * @throws {JetError} FILE_NOT_FOUND if only the public part is there; BAD_FILE if it is not the one that the public part
 *   was made with
 */
export function openSecret(path: string, { manifest }: PublicChallenge): SecretChallenge {
  const folder = join(path, SECRET_FOLDER);
  const file = join(folder, SECRET_FILE);
  if (!existsSync(file))
    throw new JetError(
      'FILE_NOT_FOUND',
      `${path}: no ${SECRET_FOLDER}/${SECRET_FILE} in it; only the organiser, who has the secret part, can rank`,
      { path },
    );
  const secret = parseSecret(
    file,
    readHashed(folder, { file: SECRET_FILE, sha256: manifest.commitment }).toString('utf8'),
  );
  if (secret.announced !== announcedHash(manifest))
    throw new JetError(
      'BAD_FILE',
      `${path}: ${MANIFEST_FILE} is not what was announced: rules, dates or names were changed since the challenge was made; copy it again`,
      { announced: secret.announced },
    );
  return {
    secret,
    labels: readMarks(folder, secret.labels, manifest),
    board: readMarks(folder, secret.board, manifest),
  };
}

/**
 * The key of the organiser, where the secret part is there; a participant has none.
 *
 * @throws {JetError} as `openSecret`
 */
export function receiptKey(path: string, open: PublicChallenge): string | undefined {
  return existsSync(join(path, SECRET_FOLDER, SECRET_FILE)) ? openSecret(path, open).secret.receiptKey : undefined;
}

/** @throws {JetError} FILE_NOT_FOUND, or BAD_FILE if the jets were changed since the challenge was made */
export async function requireJets({ folder, manifest }: PublicChallenge): Promise<void> {
  const path = join(folder, manifest.jets.file);
  const got = await fileHash(path);
  if (got !== manifest.jets.sha256) throw changed(path, got, manifest.jets.sha256);
}

function changed(path: string, got: string, expected: string): JetError {
  return new JetError(
    'BAD_FILE',
    `${path}: SHA-256 ${got.slice(0, 12)}…; expected ${expected.slice(0, 12)}…: it was changed since the challenge was made; copy it again`,
    { path, got, expected },
  );
}

function readMarks(folder: string, file: HashedFile, { count }: ChallengeManifest): Uint8Array {
  const { dtype, data, shape } = readNpy(readHashed(folder, file), { name: join(folder, file.file) });
  if (dtype !== 'uint8' || shape.length !== 1 || shape[0] !== count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${join(folder, file.file)}: ${dtype} of shape (${shape.join(', ')}); expected uint8 of shape (${count},)`,
      { dtype, shape, expected: [count] },
    );
  return data;
}

function readHashed(folder: string, { file, sha256 }: HashedFile): Buffer {
  const path = join(folder, file);
  if (!existsSync(path))
    throw new JetError('FILE_NOT_FOUND', `${path}: no such file; the challenge is incomplete, copy it again`, { path });
  const bytes = readFileSync(path);
  const got = sha256Hex(bytes);
  if (got !== sha256) throw changed(path, got, sha256);
  return bytes;
}
