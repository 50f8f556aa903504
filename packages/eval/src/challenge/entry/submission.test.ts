import { isJetError } from '@jetsdk/jets';
import { writeNpy } from '@jetsdk/jets/npy';
import { writeNpz } from '@jetsdk/jets/npz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../jets.testing.js';
import { rank } from '../board/ranking.js';
import { npy, utf8 } from '../challenge.testing.js';
import { namedJets, numberedJets } from './jetList.js';
import { checkSubmission, parseSubmission } from './submission.js';

const jets = numberedJets(4);
const scores = Float32Array.of(0.1, 0.9, 0.25, 0.5);

describe('parseSubmission', () => {
  it('reads group and network from the name', () => {
    const read = (name: string): string[] => {
      const { group, network } = parseSubmission(name, npy(scores), jets);
      return [group, network];
    };
    expect(read('higgs__cnn.npy')).toEqual(['higgs', 'cnn']);
    expect(read('team_1__a__b.NPY')).toEqual(['team_1', 'a__b']);
    expect(read('PFN_v0.npy')).toEqual(['PFN_v0', 'PFN_v0']);
    expect(codeOf(() => read('__cnn.npy'))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => read('higgs__.npy'))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => read('higgs__cnn.txt'))).toBe('UNSUPPORTED');
    expect(codeOf(() => read('higgs__cnn'))).toBe('UNSUPPORTED');
  });

  it('reads (n,), (n, 1) and the second column of a softmax (n, 2)', () => {
    const softmax = [...scores].flatMap((s) => [1 - s, s]);
    for (const bytes of [npy(scores), npy(scores, [4, 1]), npy(Float32Array.from(softmax), [4, 2])])
      expect(parseSubmission('g__n.npy', bytes, jets).scores).toEqual(scores);
  });

  it('keeps the precision of float64 and reads whole numbers and booleans', () => {
    const fine = Float64Array.of(0.1, 0.1 + 1e-12, 0, 1);
    expect(parseSubmission('g__n.npy', writeNpy({ dtype: 'float64', shape: [4], data: fine }), jets).scores).toEqual(
      fine,
    );
    const hard = Uint8Array.of(0, 1, 1, 0);
    for (const dtype of ['uint8', 'bool'] as const)
      expect([...parseSubmission('g__n.npy', writeNpy({ dtype, shape: [4], data: hard }), jets).scores]).toEqual([
        ...hard,
      ]);
    const wide = writeNpy({ dtype: 'int64', shape: [4], data: BigInt64Array.of(3n, -1n, 0n, 2n) });
    expect([...parseSubmission('g__n.npy', wide, jets).scores]).toEqual([3, -1, 0, 2]);
  });

  it('reads .npz by what is in it, whatever the ending', () => {
    const array = { dtype: 'float32', shape: [4], data: scores } as const;
    const archive = writeNpz(new Map([['arr_0', array]]));
    expect(parseSubmission('g__n.npz', archive, jets).scores).toEqual(scores);
    expect(parseSubmission('g__n.npy', archive, jets).scores).toEqual(scores);
    const two = writeNpz(
      new Map([
        ['scores', array],
        ['other', array],
      ]),
    );
    expect(parseSubmission('g__n.npz', two, jets).scores).toEqual(scores);
    const unclear = writeNpz(
      new Map([
        ['a', array],
        ['b', array],
      ]),
    );
    expect(codeOf(() => parseSubmission('g__n.npz', unclear, jets))).toBe('BAD_FILE');
  });

  it.each([
    ['transposed', [1, 4], 'transposed'],
    ['a transposed softmax', [2, 4], 'transposed'],
    ['three columns', [4, 3], 'one score a jet'],
    ['three dimensions', [4, 1, 1], 'one score a jet'],
    ['too few jets', [3], 'score every jet'],
    ['too many jets', [5], 'one score a jet'],
    ['a single number', [], 'score every jet'],
  ])('refuses %s with both shapes and a remedy', (_, shape, remedy) => {
    const bytes = npy(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
    const run = (): unknown => parseSubmission('g__n.npy', bytes, jets);
    expect(codeOf(run)).toBe('SHAPE_MISMATCH');
    expect(run).toThrow(`of shape (${shape.join(', ')}`);
    expect(run).toThrow('expected (4,)');
    expect(run).toThrow(remedy);
  });

  it('refuses two columns that are no softmax', () => {
    const bytes = npy(Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), [4, 2]);
    expect(codeOf(() => parseSubmission('g__n.npy', bytes, jets))).toBe('SHAPE_MISMATCH');
  });

  it('counts scores that are not finite and names the first row', () => {
    const bytes = npy(Float32Array.of(0.1, Number.NaN, Number.POSITIVE_INFINITY, 0));
    expect(codeOf(() => parseSubmission('g__n.npy', bytes, jets))).toBe('NOT_FINITE');
    expect(() => parseSubmission('g__n.npy', bytes, jets)).toThrow(
      '2 of 4 scores are NaN or infinite, the first in row 1',
    );
  });

  it('refuses every truncation, text arrays and pickles', () => {
    const whole = npy(scores);
    for (let length = 0; length < whole.length; length++)
      expect(codeOf(() => parseSubmission('g__n.npy', whole.subarray(0, length), jets))).toBe('BAD_FILE');
    const text = writeNpy({ dtype: 'string', shape: [4], data: ['a', 'b', 'c', 'd'] });
    expect(codeOf(() => parseSubmission('g__n.npy', text, jets))).toBe('UNSUPPORTED');
    const pickle = npy(scores);
    pickle.set(utf8("'|O' "), 20);
    expect(isJetError(caught(() => parseSubmission('g__n.npy', pickle, jets)))).toBe(true);
  });
});

describe('checkSubmission', () => {
  const list = namedJets(['a', 'b', 'c', 'd']);
  const labels = Uint8Array.of(1, 0, 1, 0);

  it('shows how the scores look, without labels', () => {
    expect(checkSubmission('g__n.npy', npy(Float32Array.of(0, 1, 1, 0)), list).flags).toEqual([
      { code: 'hard-decisions', evidence: '4 scores are either 0 or 1' },
    ]);
  });

  it('accepts exactly what rank can rank', () => {
    const names = fc.constantFrom('g__n.npy', 'g__n.npz', 'g__n.csv', 'n.npy', '__n.npy', 'g__n.txt', 'g__n', '.npy');
    const number = fc.oneof(fc.double(), fc.constantFrom(0, 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY));
    const array = fc
      .tuple(
        fc.constantFrom<number[]>([4], [4, 1], [1, 4], [4, 2], [2, 4], [3], [5], [4, 3], [0]),
        fc.array(number, { minLength: 12, maxLength: 12 }),
      )
      .map(([shape, values]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return writeNpy({ dtype: 'float64', shape, data: Float64Array.from(values.slice(0, size)) });
      });
    const csv = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', ''), fc.oneof(number.map(String), fc.string())), {
        maxLength: 6,
      })
      .map((rows) => utf8(['id,score', ...rows.map((row) => row.join(','))].join('\n')));
    const good = fc
      .array(number, { minLength: 4, maxLength: 4 })
      .map((values) => utf8(['id,score', ...values.map((value, i) => `${'abcd'[i]},${value}`)].join('\n')));
    const bytes = fc.oneof(array, csv, good, fc.uint8Array({ maxLength: 64 }));
    fc.assert(
      fc.property(names, bytes, (name, content) => {
        const checked = caught(() => checkSubmission(name, content, list));
        const parsed = caught(() => parseSubmission(name, content, list));
        if (isJetError(checked)) {
          expect(parsed).toEqual(checked);
          return;
        }
        const { flags: _, ...submission } = checked as ReturnType<typeof checkSubmission>;
        expect(parsed).toEqual(submission);
        expect(rank([submission], labels, { replicas: 5 }).leaderboard).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });
});

/** What a call returns, or the JetError it throws; any other error passes through. */
function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (isJetError(error)) return error;
    throw error;
  }
}
