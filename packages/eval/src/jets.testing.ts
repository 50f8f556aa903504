/** @file Random labelled jets with many ties, and slow twins of the metrics. */
import fc from 'fast-check';

export interface ScoredJets {
  readonly labels: number[];
  readonly scores: number[];
  readonly weights: number[];
}

/** Both classes present; scores from a few values, float32 or float64 at large; weights with zeros but not only. */
export function scoredJets(minimum = 2): fc.Arbitrary<ScoredJets> {
  const score = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(-0, 0, 0.5, 1, Number.MIN_VALUE, 1e-45, -1e-45),
    fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e6), max: Math.fround(1e6) }),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  );
  const jet = fc.record({ score, weight: fc.constantFrom(0, 0.25, 1, 2, 3.5) });
  const jets = fc.array(jet, { minLength: minimum, maxLength: 30 });
  return fc
    .tuple(jets, jets, fc.infiniteStream(fc.nat()))
    .map(([signal, background, keys]) => {
      const all = [
        ...signal.map((j) => ({ ...j, label: 1, key: keys.next().value })),
        ...background.map((j) => ({ ...j, label: 0, key: keys.next().value })),
      ].sort((a, b) => a.key - b.key);
      return { labels: all.map((j) => j.label), scores: all.map((j) => j.score), weights: all.map((j) => j.weight) };
    })
    .filter(({ labels, weights }) => [0, 1].every((c) => weights.some((w, i) => w > 0 && labels[i] === c)));
}

/** Mann–Whitney by comparing every pair. */
export function slowAuc(labels: number[], scores: number[], weights: number[] = labels.map(() => 1)): number {
  let won = 0;
  let pairs = 0;
  for (let s = 0; s < labels.length; s++) {
    for (let b = 0; b < labels.length; b++) {
      if (labels[s] !== 1 || labels[b] !== 0) continue;
      const weight = weights[s] * weights[b];
      pairs += weight;
      if (scores[s] > scores[b]) won += weight;
      else if (scores[s] === scores[b]) won += weight / 2;
    }
  }
  return won / pairs;
}

/** The (ε_S, ε_B) of every distinct score by counting all jets anew, with (0, 0) in front. */
export function slowRoc(
  labels: number[],
  scores: number[],
  weights: number[] = labels.map(() => 1),
): { threshold: number; s: number; b: number }[] {
  const distinct = [...new Set(scores.map((x) => x + 0))].sort((a, b) => b - a);
  const sum = (label: number, from: number): number =>
    weights.reduce((total, w, i) => total + (labels[i] === label && scores[i] >= from ? w : 0), 0);
  const all = Number.NEGATIVE_INFINITY;
  return [
    { threshold: Number.POSITIVE_INFINITY, s: 0, b: 0 },
    ...distinct.map((threshold) => ({
      threshold,
      s: sum(1, threshold) / sum(1, all),
      b: sum(0, threshold) / sum(0, all),
    })),
  ];
}

/** Repeats each jet as often as its whole-numbered weight says. */
export function repeated<T>(values: readonly T[], times: readonly number[]): T[] {
  return values.flatMap((value, i) => Array.from({ length: times[i] }, () => value));
}

/** The code of the JetError that a call throws. */
export function codeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'nothing thrown';
}
