/** @file What dropped submissions are held against: a challenge folder with its secret part, or labels alone. */
import {
  announcedHash,
  type JetList,
  namedJets,
  numberedJets,
  parseIds,
  parseManifest,
  parseSecret,
  type Rules,
} from '@jetsdk/eval/challenge';
import { counted, JetError, sha256Hex } from '@jetsdk/jets';
import { readLabels } from '@jetsdk/jets/files';
import { labelsOf, readNpy } from '@jetsdk/jets/npy';
import { bytesOf, type Dropped, folderOf, nameOf } from './dropped.js';
import { isPassedOver } from './submissions.js';

export interface Truth {
  readonly labelsFile: string;
  /** (jets,) 0 = background, 1 = signal */
  readonly labels: Uint8Array;
  readonly jets: JetList;
  /** (jets,) 1 = public board, 0 = private board; undefined where there is one board */
  readonly marks: Uint8Array | undefined;
  readonly rules: Rules | undefined;
  /** of the challenge; undefined where there is none */
  readonly title?: string;
  /** that receipts are sealed with; undefined where there is no challenge */
  readonly key?: string;
  /** what is to be ranked */
  readonly submissions: readonly Dropped[];
}

/**
 * @throws {JetError} BAD_DATASET if there are no labels; BAD_FILE if a file was changed since the challenge was made
 */
export async function openTruth(files: readonly Dropped[]): Promise<Truth> {
  const manifest = files.find((file) => nameOf(file) === 'challenge.json');
  const secret = files.find((file) => nameOf(file) === 'secret.json');
  return manifest !== undefined && secret !== undefined
    ? openChallenge(files, manifest, secret)
    : openLabels(files, manifest);
}

async function openChallenge(files: readonly Dropped[], manifestFile: Dropped, secretFile: Dropped): Promise<Truth> {
  const manifest = parseManifest(manifestFile.path, await manifestFile.file.text());
  const { count } = manifest;
  const secret = parseSecret(secretFile.path, new TextDecoder().decode(await hashed(secretFile, manifest.commitment)));
  if (secret.announced !== announcedHash(manifest))
    throw new JetError(
      'BAD_FILE',
      `${manifestFile.path}: not what was announced: it was changed since the challenge was made; copy it again`,
    );
  const beside = (neighbour: Dropped, name: string): Dropped => {
    const path = folderOf(neighbour) + name;
    const found = files.find((file) => file.path === path);
    if (found !== undefined) return found;
    throw new JetError('FILE_NOT_FOUND', `${path}: no such file; the challenge is incomplete, copy it again`, { path });
  };
  const marksOf = async ({ file, sha256 }: typeof secret.labels): Promise<Uint8Array> => {
    const found = beside(secretFile, file);
    const { dtype, shape, data } = readNpy(await hashed(found, sha256), { name: found.path });
    if (dtype === 'uint8' && shape.length === 1 && shape[0] === count) return data;
    throw new JetError(
      'SHAPE_MISMATCH',
      `${found.path}: ${dtype} of shape (${shape.join(', ')}); expected uint8 of shape (${count},)`,
      { dtype, shape, expected: [count] },
    );
  };
  const idsFile = beside(manifestFile, manifest.ids.file);
  const ids = parseIds(idsFile.path, await hashed(idsFile, manifest.ids.sha256));
  if (ids.length !== count) throw unequal(idsFile, ids.length, count);
  const root = folderOf(manifestFile).replace(/public\/$/, '');
  const sent = files.filter((file) => folderOf(file) === `${root}submissions/`);
  const elsewhere = files.filter((file) => ![manifestFile, secretFile].some((own) => folderOf(own) === folderOf(file)));
  return {
    labelsFile: beside(secretFile, secret.labels.file).path,
    labels: await marksOf(secret.labels),
    jets: namedJets(ids),
    marks: manifest.publicFraction > 0 ? await marksOf(secret.board) : undefined,
    rules: manifest.rules,
    title: manifest.title,
    key: secret.receiptKey,
    submissions: (sent.length > 0 ? sent : elsewhere).filter((file) => !isPassedOver(file)),
  };
}

async function openLabels(files: readonly Dropped[], manifestFile: Dropped | undefined): Promise<Truth> {
  const find = (pattern: RegExp): Dropped | undefined => files.find((file) => pattern.test(nameOf(file)));
  const truth = find(/^labels\.(npy|npz|h5|hdf5)$/i);
  if (truth === undefined)
    throw new JetError(
      'BAD_DATASET',
      `leaderboard: no labels among ${files.length} files; expected labels.npy (or .npz, .h5) beside the submissions`,
      { files: files.length },
    );
  const labels = await readLabels(truth.file);
  const ids = find(/^ids\.(csv|txt|npy)$/i);
  const names = ids === undefined ? undefined : parseIds(ids.path, await bytesOf(ids));
  if (ids !== undefined && names?.length !== labels.length) throw unequal(ids, names?.length, labels.length);
  const board = find(/^board\.npy$/i);
  const others = [truth, ids, board, manifestFile];
  return {
    labelsFile: truth.path,
    labels,
    jets: names === undefined ? numberedJets(labels.length) : namedJets(names),
    marks: board === undefined ? undefined : labelsOf(readNpy(await bytesOf(board)), board.path),
    rules: manifestFile && parseManifest(manifestFile.path, await manifestFile.file.text()).rules,
    submissions: files.filter(
      (file) => !others.includes(file) && !isPassedOver(file) && !/(^|\/)(public|secret)\//.test(file.path),
    ),
  };
}

async function hashed(dropped: Dropped, sha256: string): Promise<Uint8Array> {
  const bytes = await bytesOf(dropped);
  const got = sha256Hex(bytes);
  if (got === sha256) return bytes;
  throw new JetError(
    'BAD_FILE',
    `${dropped.path}: SHA-256 ${got.slice(0, 12)}…; expected ${sha256.slice(0, 12)}…: it was changed since the challenge was made; copy it again`,
    { got, expected: sha256 },
  );
}

const unequal = ({ path }: Dropped, ids = 0, labels = 0): JetError =>
  new JetError('SHAPE_MISMATCH', `${path}: ${ids} ids for ${counted(labels, 'label')}; expected one of each a jet`, {
    ids,
    labels,
  });
