/** @file What a challenge folder says about itself: the part for everybody and the part for the organiser. */
import { isJetError, JetError, randomFromState, sha256Hex } from '@jetsdk/jets';
import { completeRules, type Rules } from './rules.js';

/** A file of the challenge and the SHA-256 of its bytes, hexadecimal. */
export interface HashedFile {
  readonly file: string;
  readonly sha256: string;
}

/** `public/challenge.json`: all that a participant needs, and nothing of the labels. */
export interface ChallengeManifest {
  readonly format: 'jetsdk-challenge/1';
  readonly name: string;
  /** number of jets to score */
  readonly count: number;
  readonly kind: 'constituents' | 'images';
  /** of one jet */
  readonly jetShape: readonly number[];
  /** the jets, unlabelled, with their ids */
  readonly jets: HashedFile;
  /** one column `id`, in the order of the jets */
  readonly ids: HashedFile;
  readonly rules: Rules;
  /** share of the jets on the public board */
  readonly publicFraction: number;
  /** SHA-256 of `secret.json`, which holds those of the labels: the organiser cannot change them unseen */
  readonly commitment: string;
  readonly sdkVersion: string;
}

/** `secret/secret.json`. */
export interface ChallengeSecret {
  readonly format: 'jetsdk-challenge-secret/1';
  /** what the order of the jets was shuffled by; who knows it and the dataset knows the labels */
  readonly seed: string;
  readonly source: string;
  /** uint8 0 = background, 1 = signal, in the order of the jets */
  readonly labels: HashedFile;
  /** uint8 1 = public board, 0 = private board */
  readonly board: HashedFile;
}

/** A challenge before it is written. */
export interface ChallengePlan {
  /** jet i of the challenge is row `order[i]` of the dataset */
  readonly order: Uint32Array;
  /** running numbers in the shuffled order: they tell nothing */
  readonly ids: readonly string[];
  /** (jets,) in the shuffled order */
  readonly labels: Uint8Array;
  /** (jets,) 1 = public board, 0 = private board */
  readonly board: Uint8Array;
}

/**
 * Shuffles labelled jets and parts them, class by class, into a public and a private board.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param seed any text; a long random one, since who guesses it can undo the shuffle
 * @param publicFraction of each class, in [0, 1); 0: no public board
 * @throws {JetError} OUT_OF_RANGE for the fraction; BAD_DATASET if a board would lack one of the classes
 */
export function planChallenge(labels: Uint8Array, seed: string, publicFraction: number): ChallengePlan {
  if (!(publicFraction >= 0 && publicFraction < 1))
    throw new JetError('OUT_OF_RANGE', `challenge: public fraction ${publicFraction}; expected from 0 to below 1`);
  const stream = randomFromState(stateOf(seed));
  const count = labels.length;
  const order = stream.shuffle(Uint32Array.from({ length: count }, (_, i) => i));
  const shuffled = Uint8Array.from(order, (row) => labels[row]);
  const board = new Uint8Array(count);
  for (const label of [0, 1]) {
    const members = stream.shuffle(Uint32Array.from(order.keys()).filter((jet) => shuffled[jet] === label));
    const open = Math.round(publicFraction * members.length);
    const enough = members.length - open >= 2 && (publicFraction === 0 || open >= 2);
    if (!enough)
      throw new JetError(
        'BAD_DATASET',
        `challenge: ${members.length} ${label === 1 ? 'signal' : 'background'} jets, ${open} of them public; expected at least 2 on each board; use more jets or another public fraction`,
        { jets: members.length, public: open },
      );
    for (const jet of members.subarray(0, open)) board[jet] = 1;
  }
  const digits = String(count - 1).length;
  const ids = Array.from({ length: count }, (_, i) => `jet_${String(i).padStart(digits, '0')}`);
  return { order, ids, labels: shuffled, board };
}

function stateOf(seed: string): readonly [number, number, number, number] {
  const hash = sha256Hex(seed);
  const word = (i: number): number => Number.parseInt(hash.slice(8 * i, 8 * i + 8), 16);
  return [word(0), word(1), word(2), word(3)];
}

/**
 * Reads `challenge.json`.
 *
 * @param where name for messages
 * @throws {JetError} BAD_FILE if it is no JSON or lacks something; UNSUPPORTED for another format
 */
export function parseManifest(where: string, text: string): ChallengeManifest {
  const read = reader(where, parseObject(where, text, 'jetsdk-challenge/1'));
  return {
    format: 'jetsdk-challenge/1',
    name: read('name', asString),
    count: read('count', asPositiveInteger),
    kind: read('kind', (value) => (value === 'constituents' || value === 'images' ? value : undefined)),
    jetShape: read('jetShape', (value) => (Array.isArray(value) && value.every(asPositiveInteger) ? value : undefined)),
    jets: read('jets', asHashedFile),
    ids: read('ids', asHashedFile),
    rules: read('rules', asRules),
    publicFraction: read('publicFraction', (value) =>
      typeof value === 'number' && value >= 0 && value < 1 ? value : undefined,
    ),
    commitment: read('commitment', asSha256),
    sdkVersion: read('sdkVersion', asString),
  };
}

/**
 * Reads `secret.json`.
 *
 * @throws {JetError} as `parseManifest`
 */
export function parseSecret(where: string, text: string): ChallengeSecret {
  const read = reader(where, parseObject(where, text, 'jetsdk-challenge-secret/1'));
  return {
    format: 'jetsdk-challenge-secret/1',
    seed: read('seed', asString),
    source: read('source', asString),
    labels: read('labels', asHashedFile),
    board: read('board', asHashedFile),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(where: string, text: string, format: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new JetError('BAD_FILE', `${where}: not JSON; expected a file that challenge init wrote`, {}, { cause });
  }
  if (!isObject(value)) throw new JetError('BAD_FILE', `${where}: no JSON object; expected one of format ${format}`);
  if (value.format !== format)
    throw new JetError('UNSUPPORTED', `${where}: format ${JSON.stringify(value.format)}; expected "${format}"`);
  return value;
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function reader(where: string, object: Fields): <T>(key: string, check: (value: unknown) => T | undefined) => T {
  return (key, check) => {
    const value = check(object[key]);
    if (value === undefined)
      throw new JetError(
        'BAD_FILE',
        `${where}: key ${key} is missing or wrong; expected a file that challenge init wrote`,
        {
          key,
        },
      );
    return value;
  };
}

const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const asSha256 = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
const asPositiveInteger = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

/** A file beside the manifest: never a path that leads elsewhere. */
function asHashedFile(value: unknown): HashedFile | undefined {
  if (!isObject(value) || typeof value.file !== 'string' || !/^[\w-][\w.-]*$/.test(value.file)) return undefined;
  const hash = asSha256(value.sha256);
  return hash === undefined ? undefined : { file: value.file, sha256: hash };
}

function asRules(value: unknown): Rules | undefined {
  try {
    return isObject(value) ? completeRules(value) : undefined;
  } catch (error) {
    if (isJetError(error)) return undefined;
    throw error;
  }
}
