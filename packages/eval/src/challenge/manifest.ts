/** @file What a challenge folder says about itself: the part for everybody and the part for the organiser. */
import { canonicalJson, JetError, quoted, randomFromState, sha256Hex } from '@jetsdk/jets';
import {
  type Check,
  finite,
  isObject,
  listOf,
  object,
  oneOf,
  optional,
  parseJson,
  positive,
  satisfies,
  sha256,
  suchThat,
  text,
  whole,
} from '@jetsdk/jets/json';
import type { Rules } from './rules.js';

/** A file of the challenge and the SHA-256 of its bytes, hexadecimal. */
export interface HashedFile {
  readonly file: string;
  readonly sha256: string;
}

/** `public/challenge.json`: all that a participant needs, and nothing of the labels. */
export interface ChallengeManifest {
  readonly format: 'jetsdk-challenge/1';
  readonly name: string;
  /** for people; default: the name */
  readonly title: string;
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
  /** seals receipts: 256 random bits, hexadecimal */
  readonly receiptKey: string;
  /** `announcedHash` of the manifest */
  readonly announced: string;
  /** uint8 0 = background, 1 = signal, in the order of the jets */
  readonly labels: HashedFile;
  /** uint8 1 = public board, 0 = private board */
  readonly board: HashedFile;
}

/** SHA-256 of what participants were told: the manifest but its commitment. */
export function announcedHash({
  commitment: _,
  ...told
}: Omit<ChallengeManifest, 'commitment'> & { readonly commitment?: string }): string {
  return sha256Hex(canonicalJson(told));
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
 * @throws {JetError} OUT_OF_RANGE for the fraction; BAD_DATASET for other labels, or if a board would lack one of the classes
 */
export function planChallenge(labels: Uint8Array, seed: string, publicFraction: number): ChallengePlan {
  if (!(publicFraction >= 0 && publicFraction < 1))
    throw new JetError('OUT_OF_RANGE', `challenge: public fraction ${publicFraction}; expected from 0 to below 1`);
  const other = labels.findIndex((label) => label > 1);
  if (other >= 0)
    throw new JetError(
      'BAD_DATASET',
      `challenge: label ${other} is ${labels[other]}; expected 0 (background) or 1 (signal) for every jet`,
      { index: other, label: labels[other] },
    );
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

/** A file beside the manifest: never a path that leads elsewhere. */
const hashedFile: Check<HashedFile> = object(
  {
    file: satisfies(
      'the name of a file without folders',
      (value): value is string => typeof value === 'string' && /^[\w-][\w.-]{0,199}$/.test(value),
    ),
    sha256,
  },
  'dropped',
);

const time = suchThat(text, 'a time as 2027-01-31T18:00:00.000Z', (value) => !Number.isNaN(Date.parse(value)));

const RULES: Check<Rules> = object(
  {
    metric: oneOf('auc', 'rejection'),
    signalEfficiency: suchThat(positive, 'at most 1', (value) => value <= 1),
    limitPerGroup: whole(1),
    ties: oneOf('earlier-submission'),
    perDay: optional(whole(1)),
    opens: optional(time),
    deadline: optional(time),
  },
  'dropped',
);

const MANIFEST: Check<ChallengeManifest> = object(
  {
    format: oneOf('jetsdk-challenge/1'),
    name: text,
    title: text,
    count: whole(1),
    kind: oneOf('constituents', 'images'),
    jetShape: listOf(whole(1)),
    jets: hashedFile,
    ids: hashedFile,
    rules: RULES,
    publicFraction: suchThat(finite, 'from 0 to below 1', (value) => value >= 0 && value < 1),
    commitment: sha256,
    sdkVersion: text,
  },
  'dropped',
);

const SECRET: Check<ChallengeSecret> = object(
  {
    format: oneOf('jetsdk-challenge-secret/1'),
    seed: text,
    source: text,
    receiptKey: sha256,
    announced: sha256,
    labels: hashedFile,
    board: hashedFile,
  },
  'dropped',
);

/**
 * Reads `challenge.json`.
 *
 * @param where name for messages
 * @throws {JetError} BAD_FILE if it is no JSON, or naming the key that is missing or wrong; UNSUPPORTED for another
 *   format
 */
export function parseManifest(where: string, json: string): ChallengeManifest {
  return parse(where, json, 'jetsdk-challenge/1', MANIFEST);
}

/**
 * Reads `secret.json`.
 *
 * @throws {JetError} as `parseManifest`
 */
export function parseSecret(where: string, json: string): ChallengeSecret {
  return parse(where, json, 'jetsdk-challenge-secret/1', SECRET);
}

function parse<T>(where: string, json: string, format: string, check: Check<T>): T {
  const value = parseJson(json, where);
  if (isObject(value) && value['format'] !== format)
    throw new JetError('UNSUPPORTED', `${where}: format ${quoted(value['format'])}; expected ${quoted(format)}`);
  return check(value, { where, code: 'BAD_FILE' });
}
