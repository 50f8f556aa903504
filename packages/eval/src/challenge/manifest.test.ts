import { describe, expect, it } from 'vitest';
import { codeOf } from '../jets.testing.js';
import { toyLabels } from './challenge.testing.js';
import { type ChallengeManifest, parseManifest, parseSecret, planChallenge } from './manifest.js';
import { completeRules, DEFAULT_RULES } from './rules.js';

const hash = 'ab'.repeat(32);
const manifest: ChallengeManifest = {
  format: 'jetsdk-challenge/1',
  name: 'tops',
  title: 'Top quarks',
  count: 3,
  kind: 'images',
  jetShape: [30, 30, 1],
  jets: { file: 'jets.h5', sha256: hash },
  ids: { file: 'ids.csv', sha256: hash },
  rules: DEFAULT_RULES,
  publicFraction: 0.3,
  commitment: hash,
  sdkVersion: '0.1.0',
};

describe('planChallenge', () => {
  const labels = toyLabels(500);

  it('shuffles by the seed, every jet once, and keeps each label with its jet', () => {
    const plan = planChallenge(labels, 'a seed', 0.3);
    expect([...plan.order].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    expect([...plan.labels]).toEqual(Array.from(plan.order, (row) => labels[row]));
    expect(planChallenge(labels, 'a seed', 0.3)).toEqual(plan);
    expect([...planChallenge(labels, 'another', 0.3).order]).not.toEqual([...plan.order]);
  });

  it('gives ids that are the same for every seed', () => {
    expect(planChallenge(labels, 'a', 0.3).ids).toEqual(planChallenge(labels, 'b', 0).ids);
    expect(planChallenge(labels, 'a', 0.3).ids.slice(0, 2)).toEqual(['jet_000', 'jet_001']);
  });

  it('puts the same share of both classes on the public board', () => {
    const { board, labels: shuffled } = planChallenge(labels, 'a', 0.3);
    for (const label of [0, 1]) {
      const of = [...shuffled.keys()].filter((jet) => shuffled[jet] === label);
      expect(of.filter((jet) => board[jet] === 1)).toHaveLength(Math.round(0.3 * of.length));
    }
    expect(planChallenge(labels, 'a', 0).board.every((mark) => mark === 0)).toBe(true);
  });

  it('refuses boards without jets of a class, and fractions that are none', () => {
    expect(codeOf(() => planChallenge(Uint8Array.of(1, 0, 0, 0, 0), 'a', 0))).toBe('BAD_DATASET');
    expect(codeOf(() => planChallenge(Uint8Array.of(1, 1, 1, 0, 0, 0), 'a', 0.3))).toBe('BAD_DATASET');
    for (const fraction of [-0.1, 1, Number.NaN])
      expect(codeOf(() => planChallenge(labels, 'a', fraction))).toBe('OUT_OF_RANGE');
  });
});

describe('parseManifest', () => {
  it('reads what it describes', () => {
    expect(parseManifest('challenge.json', JSON.stringify(manifest))).toEqual(manifest);
  });

  it('names the key and what is there, in a short message, and refuses any depth', () => {
    const parse = (text: string) => () => parseManifest('challenge.json', text);
    expect(parse(JSON.stringify({ ...manifest, count: 1.5 }))).toThrow(
      'challenge.json.count: got 1.5; expected a whole number of at least 1',
    );
    expect(parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toThrow(/^challenge.json: nested more than 64/);
    expect(parse(JSON.stringify({ ...manifest, format: 'x'.repeat(50_000) }))).toThrow(/^.{1,300}$/);
  });

  it('keeps dates and daily limits, as times in UTC', () => {
    const rules = completeRules({ perDay: 2, opens: '2027-01-01', deadline: '2027-02-01' });
    expect(rules).toMatchObject({ perDay: 2, opens: '2027-01-01T00:00:00.000Z', deadline: '2027-02-01T23:59:59.999Z' });
    expect(parseManifest('challenge.json', JSON.stringify({ ...manifest, rules })).rules).toEqual(rules);
    expect(codeOf(() => completeRules({ perDay: 0 }))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => completeRules({ deadline: 'soon' }))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => completeRules({ opens: '2027-02-02', deadline: '2027-02-01' }))).toBe('BAD_ARGUMENT');
  });

  it('refuses other formats, missing and wrong keys, and files elsewhere', () => {
    const parse = (change: Record<string, unknown>): unknown =>
      codeOf(() => parseManifest('challenge.json', JSON.stringify({ ...manifest, ...change })));
    expect(codeOf(() => parseManifest('challenge.json', '{'))).toBe('BAD_FILE');
    expect(codeOf(() => parseManifest('challenge.json', '[]'))).toBe('BAD_FILE');
    expect(codeOf(() => parseManifest('challenge.json', 'null'))).toBe('BAD_FILE');
    expect(parse({ format: 'jetsdk-challenge/2' })).toBe('UNSUPPORTED');
    for (const key of Object.keys(manifest).slice(1)) expect(parse({ [key]: undefined })).toBe('BAD_FILE');
    for (const file of ['../secret/labels.npy', '/etc/passwd', 'a\\b', ''])
      expect(parse({ ids: { file, sha256: hash } })).toBe('BAD_FILE');
    expect(parse({ rules: { ...DEFAULT_RULES, metric: 'luck' } })).toBe('BAD_FILE');
    expect(parse({ rules: { ...DEFAULT_RULES, signalEfficiency: '0.3' } })).toBe('BAD_FILE');
    expect(parse({ commitment: 'ab' })).toBe('BAD_FILE');
  });
});

describe('parseSecret', () => {
  it('reads what it describes and nothing less', () => {
    const secret = {
      format: 'jetsdk-challenge-secret/1',
      seed: 's',
      source: 'jets.h5',
      receiptKey: hash,
      announced: hash,
      labels: { file: 'labels.npy', sha256: hash },
      board: { file: 'board.npy', sha256: hash },
    };
    expect(parseSecret('secret.json', JSON.stringify(secret))).toEqual(secret);
    expect(codeOf(() => parseSecret('secret.json', JSON.stringify({ ...secret, labels: undefined })))).toBe('BAD_FILE');
  });
});
